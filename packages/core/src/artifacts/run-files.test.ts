import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRunDir } from './read-run.js';

const root = mkdtempSync(join(tmpdir(), 'satsim-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const MANIFEST = {
  manifest: 1,
  runId: 'x',
  name: 'n',
  tags: [],
  command: ['satsim', 'run'],
  pid: 2 ** 30,
  processStart: null,
  outcome: 'completed',
  reason: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  seed: 1,
  mode: 'offline',
  t0: '2026-01-01T00:00:00.000Z',
  t1: '2026-01-01T00:01:00.000Z',
  dtMs: 1000,
  tickCount: 60,
  ticks: 60,
  traceSha256: null,
  traceRecorded: true,
  scenario: { file: 'f', sha256: 'a' },
  inputs: [{ path: '/e', sha256: 'b', copy: 'manifests/elements/b-e' }],
  source: 'geomrf',
  recording: null,
  lanes: ['flow'],
  statisticalLanes: [],
  exporters: [],
  components: [{ name: '@satsim/core', version: '1.0.0', gitSha: null }],
  provenance: {},
  engine: null,
  host: { platform: 'linux', release: '6', arch: 'x64', node: '24', cpus: 2, cpuModel: 'm', memoryBytes: 1 },
};

let made = 0;
async function read(manifest: object) {
  const dir = join(root, String((made += 1)));
  mkdirSync(join(dir, 'manifests'), { recursive: true });
  writeFileSync(join(dir, 'manifests/run.json'), JSON.stringify(manifest));
  return readRunDir(dir);
}

test.each(Object.keys(MANIFEST))('a manifest whose field %s has another type is not taken for one', async (field) => {
  const { manifest, problems } = await read({ ...MANIFEST, [field]: typeof MANIFEST[field as keyof typeof MANIFEST] === 'object' ? 7 : { a: 7 } });
  expect(manifest).toBeNull();
  expect(problems.join()).toContain(`run.json is not what satsim writes there: ${field}`);
});

test.each(['components', 'inputs', 'command', 'host'] as const)('of a manifest whose key %s is damaged readers get what has nothing in it', async (field) => {
  const { [field]: _, ...rest } = MANIFEST;
  const { manifest } = await read(rest);
  expect(manifest).toMatchObject(rest);
  expect(manifest![field]).toEqual(field === 'host' ? expect.objectContaining({ platform: 'unknown', cpus: 0 }) : []);
});

test.each(['inputs', 'components'] as const)('what is in %s is looked at as well', async (field) => {
  const { manifest } = await read({ ...MANIFEST, [field]: [{}] });
  expect(manifest).toBeNull();
});

test('a sound manifest is given as it is', async () => {
  expect((await read(MANIFEST)).manifest).toEqual(MANIFEST);
});
