import type { RunListing } from '@satsim/core/records';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds, parseParam } from './param.js';
import { matches, momentOf } from './run-filter.js';
import type { RunFilter } from './run-filter.js';

const RUN: RunListing = {
  runId: '20260102T000000Z-iridium-0001',
  runDir: '/runs/20260102T000000Z-iridium-0001',
  status: 'completed',
  name: 'iridium.v2',
  tags: ['a', 'b'],
  startedAt: '2026-01-02T00:00:00.500Z',
  endedAt: null,
  ticks: 1,
  reason: null,
  problems: [],
};
const at = (text: string): number => Date.parse(text);

const cases: readonly (readonly [RunFilter, boolean])[] = [
  [{}, true],
  [{ name: 'iridium.v2' }, true],
  [{ name: 'iridium?v2' }, true],
  [{ name: 'iri*' }, true],
  [{ name: 'iri' }, false],
  [{ name: 'iridium_v2' }, false],
  [{ name: 'iridium.*2' }, true],
  [{ name: '*[a-z]*' }, false],
  [{ tags: ['a'] }, true],
  [{ tags: ['a', 'b'] }, true],
  [{ tags: ['a', 'c'] }, false],
  [{ exceptTags: ['c'] }, true],
  [{ exceptTags: ['c', 'b'] }, false],
  [{ statuses: ['failed', 'completed'] }, true],
  [{ statuses: ['failed'] }, false],
  [{ sinceMs: at('2026-01-02T00:00:00.500Z') }, true],
  [{ sinceMs: at('2026-01-02T00:00:00.501Z') }, false],
  [{ untilMs: at('2026-01-02T00:00:00.501Z') }, true],
  [{ untilMs: at('2026-01-02T00:00:00.500Z') }, false],
];
test.each(cases)('%j: %j', (filter, expected) => expect(matches(RUN, filter)).toBe(expected));

test('a run whose manifest cannot be read began when its id says; one without is in no span', () => {
  const filter = { sinceMs: at('2026-01-02T00:00:00Z'), untilMs: at('2026-01-02T00:00:01Z') };
  expect(matches({ ...RUN, startedAt: null }, filter)).toBe(true);
  expect(matches({ ...RUN, startedAt: null, runId: 'mine' }, filter)).toBe(false);
});

const NOW = at('2026-03-01T00:00:00Z');
test.each([
  ['2026-02-01', at('2026-02-01T00:00:00Z')],
  ['2026-02-01T10:15Z', at('2026-02-01T10:15:00Z')],
  ['7d', NOW - 7 * 86_400_000],
  ['90s', NOW - 90_000],
])('%s is a moment', (text, expected) => expect(momentOf('--since', text, NOW)).toBe(expected));
test.each(['yesterday', '2026-13-01', '2026-02-01 10:15', '', '7'])('%j is none', (text) =>
  expect(() => momentOf('--since', text, NOW)).toThrow(/--since .* is neither a time nor a duration/),
);

const SCENARIO = {
  seed: 7,
  name: 'x',
  time: { t0: '2026-11-20T00:00:00Z' },
  links: { gsl: { min_elevation_deg: 25 } },
  lanes: ['flow'],
  a: { b: null, c: true, d: '7' },
};
test.each([
  ['seed=7', true],
  ['seed = 7', true],
  ['seed=7.0', true],
  ['seed!=7', false],
  ['seed!=8', true],
  ['seed<8', true],
  ['seed<7', false],
  ['seed<=7', true],
  ['seed>7', false],
  ['seed>=7', true],
  ['name=x', true],
  ['name="x"', true],
  ['name<5', false],
  ['time.t0<2026-12-01', true],
  ['time.t0>2026-12-01', false],
  ['links.gsl.min_elevation_deg=25', true],
  ['lanes[0]=flow', true],
  ['lanes[1]!=flow', false],
  ['lanes=["flow"]', true],
  ['a.b=null', true],
  ['a.c=true', true],
  ['a.d=7', true],
  ['nothing.there=1', false],
  ['nothing.there!=1', false],
  ['seed.deeper=1', false],
])('%s: %j', (text, expected) => expect(holds(SCENARIO, parseParam(text))).toBe(expected));
test.each(['seed', '=7', 'a..b=1', '[0]=1', 'a[x]=1', ''])('%j is no condition', (text) =>
  expect(() => parseParam(text)).toThrow(/is no condition on a field/),
);

test('whatever is typed is a condition or a matter of usage, and a condition can be asked of anything', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(fc.string(), fc.constantFrom('=', '<', '>='), fc.string()).map((parts) => parts.join('')),
      ),
      fc.jsonValue(),
      (text, scenario) => {
        try {
          expect(typeof holds(scenario, parseParam(text))).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ code: 'USAGE' });
        }
      },
    ),
  );
});

test('a field that is there equals its own value, and nothing else', () => {
  const key = fc.stringMatching(/^[a-z][a-z_]{0,8}$/);
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (path, value) => {
      const scenario = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
      expect(holds(scenario, parseParam(`${path.join('.')}=${JSON.stringify(value)}`))).toBe(true);
      expect(holds(scenario, parseParam(`${path.join('.')}!=${JSON.stringify(value)}`))).toBe(false);
      expect(holds(scenario, parseParam(`${path.join('.')}=${JSON.stringify([value])}`))).toBe(false);
    }),
  );
});
