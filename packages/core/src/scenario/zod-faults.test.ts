import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatFault, formatPath } from '../errors.js';
import { loadText, VALID } from './load-files.test-helper.js';
import { zodFindings } from './zod-faults.js';

const HEAD = 'name: x\ntime: { t0: "2026-11-20T00:00:00Z", duration: 10m }\n';
const explained = async (text: string): Promise<string[]> => (await loadText(text)).faults.map((fault) => formatFault({ ...fault, file: null }));

describe('what the schema finds, in words', () => {
  it('speaks of the union option that was meant, at its nested path', async () => {
    expect(
      await explained(
        `${HEAD}constellation:\n  - walker: { name: A, planes: x, per_plane: 1, altitude_km: 500, inclination_deg: 53, "per-plane": 1 }\n  - elements: {}\n  - walkers: {}\n  - 7\n  - {}\n`,
      ),
    ).toEqual([
      'constellation[0].walker.per-plane: unknown key `per-plane` (did you mean `per_plane`?)',
      'constellation[0].walker.planes: expected a number, found the text "x"',
      'constellation[1].elements.file: is missing',
      'constellation[2].walkers: unknown key `walkers` (did you mean `walker`?)',
      'constellation[3]: expected a map with `walker`; or with `elements`; found 7',
      'constellation[4]: expected a map with `walker`; or with `elements`; found an empty map',
    ]);
  });

  it.each([
    ['{ id: a }', ['ground[0].lat: is missing', 'ground[0].lon: is missing']],
    ['{ id: a, lat: 1, lon: 2, latt: 1 }', ['ground[0].latt: unknown key `latt` (did you mean `lat`?)']],
    ['{ id: a, lat: "1", lon: 2 }', ['ground[0].lat: expected a number, found the text "1" (take away the quotes)']],
    ['{ id: 7, lat: 1, lon: 2 }', ['ground[0].id: expected text, found 7 (put it in quotes)']],
    ['{ id: a, waypoints: [{ at: 5, lat: 1, lon: 2 }] }', ['ground[0].waypoints[0].at: a duration is a number and a unit: 100ms, 1s, 10m, 6h, 1d; found 5']],
    ['{ id: a, lat: , lon: [1] }', ['ground[0].lat: expected a number, found nothing', 'ground[0].lon: expected a number, found a list of 1 item']],
    ['{ csv: { file: x, columns: { id: 0, lat: 1 } } }', ['ground[0].csv.columns.lon: is missing']],
    ['{ cities: { top: 0 } }', ['ground[0].cities.top: must be more than 0, found 0']],
    ['{ cities: { top: 2, rol: x } }', ['ground[0].cities.rol: unknown key `rol` (did you mean `role`?)']],
    ['{ id: a, waypoints: [{ at: 0s, lat: 1 }] }', ['ground[0].waypoints[0].lon: is missing']],
    ['{ id: a, lat: 1, lon: 2, role: satelite }', ['ground[0].role: expected `ground_station` or `user_terminal`, found the text "satelite"']],
  ])('ground: [%s]', async (item, expected) => {
    expect(await explained(`${HEAD}ground: [ ${item} ]\n`)).toEqual(expected);
  });

  it('points a missing key at the map around it', async () => {
    const { faults } = await loadText(
      `# comment\nname: x\ntime:\n  duration: 10m\nground:\n  - id: a\n    lat: 1\nterminals:\n  user_terminal:\n    antenna: 3\n`,
    );
    expect(faults.map(({ line, path }) => [line, ...path])).toEqual([
      [3, 'time', 't0'],
      [6, 'ground', 0, 'lon'],
      [10, 'terminals', 'user_terminal', 'antenna'],
    ]);
  });

  it('lists the known keys when none is near', async () => {
    expect(await explained(`${VALID}links: { foo: 1 }\n`)).toEqual([
      'links.foo: unknown key `foo` (known here: isl, gsl, adaptation, thresholds, terrestrial)',
    ]);
  });

  it.each([
    ['links: { isl: { max_range_km: 0 } }', 'links.isl.max_range_km: must be more than 0, found 0'],
    ['links: { isl: { pairs: [[a]] } }', 'links.isl.pairs[0]: must have at least 2 items, found a list of 1 item'],
    ['links: { isl: { pairs: [[a, b, c]] } }', 'links.isl.pairs[0]: must have at most 2 items, found a list of 3 items'],
    ['links: { isl: { seam: "yes" } }', 'links.isl.seam: expected true or false, found the text "yes"'],
    ['paths: { artifacts_root: "" }', 'paths.artifacts_root: must not be empty'],
    ['lanes: flow', 'lanes: expected a list, found the text "flow"'],
    ['exporters: [csv]', 'exporters: expected a map, found a list of 1 item'],
    ['seed: 1e300', 'seed: must be at most 9007199254740991, found 1e+300'],
  ])('%s', async (line, expected) => {
    expect(await explained(`${VALID}${line}\n`)).toEqual([expected]);
  });
});

describe('what schemas of plugins find', () => {
  const depth = z.int().min(1);
  const schema = z
    .strictObject({
      switch: z.union([z.boolean(), z.array(z.string())]).default(false),
      which: z.union([z.enum(['none', 'all']), z.array(z.string())]).optional(),
      nothing: z.strictObject({ depth }).nullable().default(null),
      wrapped: z.strictObject({ depth }).readonly().prefault({ depth: 1 }),
      changed: z
        .strictObject({ depth })
        .transform(({ depth }) => depth)
        .optional(),
      prepared: z.preprocess((given) => (given === 7 ? { depth: 7 } : given), z.strictObject({ depth })).optional(),
      shape: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('a'), depth }), z.strictObject({ kind: z.literal('b') })]).optional(),
      needed: z.string().optional(),
    })
    .superRefine(({ which, needed }, context) => {
      if (which === 'all' && needed === undefined) context.addIssue({ code: 'custom', path: ['needed'], message: '`all` needs it' });
    });
  const found = (value: unknown): string[] =>
    zodFindings(schema, value, schema.safeParse(value).error?.issues ?? []).map(
      ({ path, message, hint }) => `${formatPath(path)}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
    );

  it.each([
    [{ switch: 5 }, ['switch: expected true or false; or a list; found 5']],
    [{ switch: { a: 1 } }, ['switch: expected true or false; or a list; found a map']],
    [{ switch: [5] }, ['switch[0]: expected text, found 5 (put it in quotes)']],
    [{ which: 'al' }, ['which: expected `none` or `all`, found the text "al" (did you mean `all`?)']],
    [{ nothing: { dept: 1, depth: 1 } }, ['nothing.dept: unknown key `dept` (did you mean `depth`?)']],
    [{ wrapped: { dept: 1, depth: 1 } }, ['wrapped.dept: unknown key `dept` (did you mean `depth`?)']],
    [{ changed: { dept: 1, depth: 1 } }, ['changed.dept: unknown key `dept` (did you mean `depth`?)']],
    [{ prepared: { dept: 1, depth: 1 } }, ['prepared.dept: unknown key `dept` (did you mean `depth`?)']],
    [{ shape: { kind: 'a', dept: 1, depth: 0 } }, ['shape.depth: must be at least 1, found 0', 'shape.dept: unknown key `dept` (did you mean `depth`?)']],
    [{ which: 'all' }, ['needed: `all` needs it']],
  ])('%j', (value, expected) => {
    expect(found(value)).toEqual(expected);
  });

  it('whatever is written: each finding has words, and a place that begins in what was written or is missing there', () => {
    const key = fc.constantFrom('switch', 'which', 'nothing', 'wrapped', 'changed', 'prepared', 'shape', 'needed', 'other');
    const value = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('depth', 'kind', 'x'), fc.jsonValue()));
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (given) => {
        const issues = schema.safeParse(given).error?.issues ?? [];
        const findings = zodFindings(schema, given, issues);
        expect(findings.length > 0).toBe(issues.length > 0);
        for (const { path, message } of findings) {
          expect(message).toMatch(/\S/);
          expect([...Object.keys(given), 'needed']).toContain(path[0]);
        }
      }),
    );
  });

  it('a value that tells the options apart and is of none of them', () => {
    expect(found({ shape: { kind: 'c' } })).toEqual([expect.stringMatching(/^shape\.kind: .*; found the text "c"$/)]);
  });
});
