import { expect, test } from 'vitest';
import { DifferingFields } from './differing.js';

function differingFields(values: readonly unknown[]) {
  const differing = new DifferingFields();
  for (const value of values) differing.add(value);
  return differing.result();
}

test('only what is not the same everywhere, by its path', () => {
  const base = { name: 'x', time: { dt: '1s' }, traffic: [{ id: 'a', rate_mbps: 1 }], lanes: ['flow', 'ns3'], faults: [] };
  expect(
    differingFields([
      base,
      { ...base, time: { dt: '2s' }, traffic: [{ id: 'a', rate_mbps: 2 }, { id: 'b' }], lanes: ['flow'] },
      { ...base, execution: { strict: true } },
    ]),
  ).toEqual([
    { path: 'time.dt', values: ['1s', '2s', '1s'] },
    { path: 'traffic[0].rate_mbps', values: [1, 2, 1] },
    { path: 'lanes', values: ['["flow","ns3"]', '["flow"]', '["flow","ns3"]'] },
    { path: 'traffic[1].id', values: [null, 'b', null] },
    { path: 'execution.strict', values: [null, null, true] },
  ]);
  expect(differingFields([base, structuredClone(base)])).toEqual([]);
  expect(differingFields([base])).toEqual([]);
});
