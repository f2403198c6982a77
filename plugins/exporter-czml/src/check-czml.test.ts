import { expect, test } from 'vitest';
import { faultsOf, type Json } from './check-czml.test-helper.js';

const SPAN = '2026-11-20T00:00:00.000Z/2026-11-20T00:01:00.000Z';
const sound = (): readonly Json[] => [
  { id: 'document', version: '1.0', clock: { interval: SPAN } },
  { id: 'a', position: { epoch: '2026-11-20T00:00:00.000Z', cartesian: [0, 1, 2, 3, 60, 1, 2, 3] } },
  { id: 'b', position: { cartesian: [1, 2, 3] }, point: { color: { rgba: [1, 2, 3, 4] } } },
  { id: 'c', polyline: { positions: { references: ['a#position', 'b#position'] }, show: [{ interval: SPAN, boolean: true }] } },
];

test('a sound document has no fault', () => expect(faultsOf(sound())).toEqual([]));

test.each<[string, (packets: any) => void, string]>([
  ['no document packet', (p) => (p[0].id = 'x'), 'not the document'],
  ['an id twice', (p) => (p[2].id = 'a'), 'same id'],
  ['a local time', (p) => (p[3].polyline.show[0].interval = SPAN.replaceAll('Z', '')), 'no ISO 8601 interval'],
  ['an interval after the clock', (p) => (p[3].polyline.show[0].interval = '2026-11-20T00:00:00.000Z/2026-11-20T00:02:00.000Z'), 'outside of the clock'],
  ['overlapping intervals', (p) => p[3].polyline.show.push({ interval: SPAN, boolean: false }), 'overlap'],
  ['a reference to nothing', (p) => (p[3].polyline.positions.references[0] = 'z#position'), 'nothing is at z#position'],
  ['five numbers', (p) => p[1].position.cartesian.push(1), '4 numbers'],
  ['times that fall', (p) => (p[1].position.cartesian[4] = 0), 'do not rise'],
  ['not a number', (p) => (p[2].position.cartesian[0] = NaN), 'not a number'],
  ['a colour by share', (p) => (p[2].point.color.rgba[0] = 0.5), 'not a colour'],
])('%s is found', (_, spoil, fault) => {
  const packets = sound();
  spoil(packets);
  expect(faultsOf(packets).join()).toContain(fault);
});
