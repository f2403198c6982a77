import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineLane, type LaneDefinition } from '../contract/plugin.js';
import { scenarioSchema } from '../contract/scenario.js';
import { laneRemarks } from './plan-remarks.js';

const scenario = scenarioSchema.parse({
  name: 's',
  time: { t0: '2026-11-20T00:00:00Z', duration: '1m' },
  traffic: [
    { id: 'p', from: 'a', to: 'b', dscp: 46 },
    { id: 'u', from: 'a', to: 'b', kind: 'udp', pattern: 'poisson', dscp: 0 },
    { id: 'v', from: 'a', to: 'b', kind: 'udp', pattern: 'constant', dscp: 10 },
  ],
  assertions: [
    { flow: 'p', quantity: 'availability', op: '>', value: 0, lane: 'new' },
    { flow: 'p', quantity: 'availability', op: '>', value: 0, lane: 'other' },
  ],
});
const lane = (name: string, remarks?: LaneDefinition['remarks']) => ({
  name,
  packageName: `@test/${name}`,
  config: { depth: 3 },
  definition: defineLane({ name, config: z.unknown(), create: () => null as never, ...(remarks && { remarks }) }),
});
const locate = () => ({ file: 'x.yaml', line: 7, column: 1 });
const OTHER = 'assertions[1].lane: other is not a lane of this run: the assertion will not hold';

test('a lane says what it cannot do: faults with file and line, equal warnings in one', () => {
  const told = laneRemarks(
    scenario,
    [
      lane('new', ({ traffic }, config) => [
        ...traffic.map((_, index) => ({ level: 'warning' as const, path: ['traffic', index, 'dscp'], message: 'has no effect' })),
        { level: 'fault', path: ['traffic', 1, 'pattern'], message: `depth ${(config as { depth: number }).depth} can't do it`, hint: 'constant' },
      ]),
    ],
    locate,
  );
  expect(told).toEqual({
    faults: [{ message: "in lane new: depth 3 can't do it", path: ['traffic', 1, 'pattern'], file: 'x.yaml', line: 7, hint: 'constant' }],
    warnings: ['traffic[0].dscp, traffic[1].dscp, traffic[2].dscp in lane new: has no effect', OTHER],
  });
});

test('of a lane that says nothing, keys newer than itself are told as such where they ask for something', () => {
  expect(laneRemarks(scenario, [lane('new')], locate)).toEqual({
    faults: [],
    warnings: ['traffic[0].dscp, traffic[1].pattern, traffic[2].dscp in lane new: may have no effect: the lane does not say that it knows it', OTHER],
  });
});

test('a lane whose remarks fail is a defect of its plugin', () => {
  const broken = lane('new', () => {
    throw new Error('no');
  });
  expect(() => laneRemarks(scenario, [broken], locate)).toThrow('plugin @test/new: its remarks on the scenario fail: no');
});
