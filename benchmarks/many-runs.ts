import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of runs that never ran, a minute apart, as large as those of a small scenario; all that lists of runs look at. */
export function manyRuns(count: number): { readonly root: string; readonly newest: string; readonly remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'satsim-many-runs-'));
  let newest = '';
  for (let i = 0; i < count; i += 1) {
    const startedAt = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString();
    newest = `${startedAt.replace(/\.\d+/, '').replace(/[-:]/g, '')}-many-${(i % 65_536).toString(16).padStart(4, '0')}`;
    mkdirSync(join(root, newest, 'manifests'), { recursive: true });
    const write = (path: string, value: unknown): void => writeFileSync(join(root, newest, path), `${JSON.stringify(value, null, 2)}\n`);
    write('manifests/run.json', manifest(newest, startedAt, i));
    write('manifests/scenario.normalized.json', { name: 'many', seed: i, links: { gsl: { min_elevation_deg: i % 40 } } });
    write('summary.json', {
      runId: newest,
      outcome: 'completed',
      ticks: 600,
      traceSha256: 'f'.repeat(64),
      lanes: [],
      exporters: [],
      flows: [],
      assertions: [],
    });
  }
  return { root, newest, remove: () => rmSync(root, { recursive: true, force: true }) };
}

function manifest(runId: string, startedAt: string, seed: number): unknown {
  const time = { t0: '2026-11-20T00:00:00.000Z', t1: '2026-11-20T00:10:00.000Z', dtMs: 1000, tickCount: 600, ticks: 600 };
  return {
    manifest: 1,
    runId,
    name: 'many',
    tags: ['bench'],
    command: ['satsim', 'run', 'many.satsim.yaml'],
    pid: 1,
    processStart: '1',
    outcome: 'completed',
    reason: null,
    startedAt,
    endedAt: startedAt,
    seed,
    mode: 'offline',
    ...time,
    traceSha256: 'f'.repeat(64),
    traceRecorded: true,
    scenario: { file: '/many.satsim.yaml', sha256: 'f'.repeat(64) },
    inputs: [],
    source: 'geomrf',
    lanes: ['flow'],
    statisticalLanes: [],
    exporters: ['jsonl'],
    components: [{ name: '@satsim/core', version: '1.0.0', gitSha: null }],
    engine: { engineVersion: '1.0.0', engineGitSha: null, schemaVersion: '1.0', specSha256: 'f'.repeat(64), scenarioRef: 'many' },
    host: { platform: 'linux', release: '6.1', arch: 'x64', node: '24.0.0', cpus: 2, cpuModel: 'none', memoryBytes: 8_000_000_000 },
  };
}
