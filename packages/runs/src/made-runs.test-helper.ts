import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Greater than any process id that Linux or macOS gives. */
export const GONE_PID = 2 ** 30;

export interface MadeRun {
  readonly id: string;
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** `null`: none. */
  readonly summary?: Readonly<Record<string, unknown>> | null;
  readonly scenario?: Readonly<Record<string, unknown>>;
}

/** A folder of runs that never ran. */
export function runsFolder() {
  const root = mkdtempSync(join(tmpdir(), 'satsim-runs-'));
  const dirOf = (id: string): string => join(root, id);
  return {
    root,
    dirOf,
    add({ id, manifest = {}, summary = {}, scenario = { name: 'iridium', seed: 1 } }: MadeRun): string {
      const dir = dirOf(id);
      mkdirSync(join(dir, 'manifests'), { recursive: true });
      mkdirSync(join(dir, 'logs'), { recursive: true });
      writeFileSync(join(dir, 'manifests/run.json'), JSON.stringify({ ...MANIFEST, runId: id, startedAt: startOf(id), ...manifest }));
      writeFileSync(join(dir, 'manifests/scenario.normalized.json'), JSON.stringify(scenario));
      if (summary !== null) writeFileSync(join(dir, 'summary.json'), JSON.stringify({ ...SUMMARY, runId: id, ...summary }));
      return dir;
    },
    /** Nothing of it seems to have been touched lately. */
    age(id: string): void {
      const then = new Date('2026-01-01T00:00:00Z');
      for (const path of ['', 'manifests', 'logs', 'manifests/run.json', 'manifests/scenario.normalized.json']) utimesSync(join(dirOf(id), path), then, then);
    },
    remove: (): void => rmSync(root, { recursive: true, force: true }),
  };
}

/** `0007` → an id of minute 7 of 2026. */
export function idAt(minute: number, name = 'iridium'): string {
  const stamp = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
  return `${stamp}-${name}-${minute.toString(16).padStart(4, '0')}`;
}

function startOf(id: string): string {
  return id.replace(/^(....)(..)(..)T(..)(..)(..)Z.*$/, '$1-$2-$3T$4:$5:$6.000Z');
}

const MANIFEST = {
  manifest: 1,
  name: 'iridium',
  tags: [],
  pid: GONE_PID,
  processStart: '1',
  outcome: 'completed',
  reason: null,
  endedAt: '2026-01-01T01:00:00.000Z',
  seed: 1,
  mode: 'offline',
  t0: '2026-11-20T00:00:00.000Z',
  t1: '2026-11-20T00:01:00.000Z',
  dtMs: 1000,
  ticks: 60,
  traceSha256: null,
  scenario: { file: '/scenario.satsim.yaml' },
  lanes: ['flow'],
  exporters: ['jsonl'],
  engine: null,
};
const SUMMARY = { outcome: 'completed', ticks: 60, traceSha256: null, lanes: [], exporters: [], flows: [], assertions: [] };
