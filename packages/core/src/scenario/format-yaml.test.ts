import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scenario, type ScenarioInputDocument, scenarioSchema } from '../contract/scenario.js';
import { formatScenarioYaml } from './format-yaml.js';
import { loadScenario } from './load.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'satsim-yaml-'));
});
afterAll(() => rm(folder, { recursive: true }));

const scenario = (document: Partial<ScenarioInputDocument>): Scenario =>
  scenarioSchema.parse({ name: 'x', time: { t0: '2026-11-20T00:00:00Z', t1: '2026-11-20T00:10:00Z' }, ground: [{ id: 'a', lat: 0, lon: 0 }], ...document });

const FULL = scenario({
  seed: 3,
  time: { t0: '2026-11-20T00:00:00Z', t1: '2026-11-20T00:10:00Z', dt: '100ms', mode: 'realtime' },
  execution: { lane_mode: 'parallel', queue_limit: 4 },
  constellation: [
    { walker: { name: 'yes', planes: 6, per_plane: 11, altitude_km: 780, inclination_deg: 86.4, pattern: 'star' } },
    { elements: { file: '${HOME}/a b: #1.tle', select: { name: '*', catalog: [5] }, limit: 3 } },
  ],
  ground: [
    { id: '1e3', lat: 1, lon: 2, alt_m: 0, role: 'user_terminal' },
    { csv: { file: 'b.csv', columns: { id: 0, lat: 1, lon: 2 }, role: 'ground_station' } },
    { cities: { top: 3 } },
  ],
  terminals: { user_terminal: { antennas: 2 }, '1e3': {} },
  links: {
    isl: { pattern: 'explicit', pairs: Array.from({ length: 40 }, (_, index) => [`yes-1-${index + 1}`, `yes-2-${index + 1}`] as [string, string]) },
    gsl: {},
  },
  traffic: [{ id: 'null', from: '1e3', to: 'yes-1-1', kind: 'tcp' }],
  exporters: {},
  flow: { anything: [1, { deep: '${X}' }] },
});

test('says only what is not a default, short things on one line, in the order of the format', () => {
  const text = formatScenarioYaml(scenario({ traffic: [{ id: 'f', from: 'a', to: 'b', kind: 'udp', rate_mbps: 1 }] }), 'One line.\n\nAnother one.');
  expect(text).toBe(`# One line.
#
# Another one.

name: x
time: { t0: 2026-11-20T00:00:00Z, t1: 2026-11-20T00:10:00Z }
ground: [ { id: a, lat: 0, lon: 0 } ]
traffic: [ { id: f, from: a, to: b, kind: udp, rate_mbps: 1 } ]
`);
});

test('a list that is too long for a line has a line for each item', () => {
  expect(formatScenarioYaml(FULL)).toContain('\n    pairs:\n      - [ yes-1-1, yes-2-1 ]\n      - [ yes-1-2, yes-2-2 ]\n');
});

test.each([
  ['almost nothing', scenario({})],
  ['everything', FULL],
])('loads to the same scenario, whatever the environment: %s', async (_, given) => {
  const file = join(folder, 'x.satsim.yaml');
  await writeFile(file, formatScenarioYaml(given, 'A comment: { x }'));
  const { scenario: loaded, faults } = await loadScenario(file, { laneNames: ['flow'], env: { HOME: '/root', X: '1' } });
  expect(faults).toEqual([]);
  expect(loaded).toEqual(given);
});
