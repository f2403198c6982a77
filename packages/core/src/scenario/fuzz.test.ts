import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFault } from '../errors.js';
import { loadFiles, VALID } from './load-files.test-helper.js';

const SEEDS = [
  VALID,
  `${VALID}include: [b.yaml]\nlinks: &l { isl: { pattern: explicit, pairs: [[a, b]] } }\nmininet: *l\nterminals: { x: { eirp_dbw: \${A:-3} } }\nassertions: [{ flow: os-sg, quantity: availability, op: ">", value: 0 }]\n`,
];
const SNIPPETS = [
  '{',
  '}',
  '[',
  ']',
  ': ',
  '- ',
  '\n',
  '\t',
  '  ',
  '&a ',
  '*a',
  '"',
  "'",
  '|',
  '>',
  '?',
  '!',
  '%YAML 1.1\n---\n',
  '.nan',
  '-1',
  'null',
  '${',
  '}',
  '__proto__',
  'toString',
  'constructor',
  '0x',
  '1e999',
  '#',
  '<<: ',
  '\0',
  '\u{1f6f0}',
  '[[]]',
  '{}',
];
const OPTIONS = { numRuns: 200 };

/** Cuts a piece out of a valid scenario and puts something else in, a few times. */
const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.record({ at: fc.nat(2000), cut: fc.nat(12), put: fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ maxLength: 6 })) }), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([seed, edits]) => edits.reduce((text, { at, cut, put }) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut), seed));

async function loadsSomehow(files: Readonly<Record<string, string | Uint8Array>>, set: readonly string[] = []): Promise<void> {
  const loaded = await loadFiles(files, { set, env: { A: '7' } });
  expect(loaded.scenario !== null || loaded.faults.length > 0).toBe(true);
  for (const fault of loaded.faults) {
    expect(formatFault(fault)).not.toMatch(/Invalid input|undefined|\[object/);
    expect(fault.file).not.toBeNull();
    if (fault.line !== null) expect(fault.line).toBeGreaterThan(0);
  }
  loaded.locate(['traffic', 0, 'id']);
}

describe('whatever the file holds, it loads to a scenario or to faults', () => {
  it('bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), (bytes) => loadsSomehow({ x: bytes })),
      OPTIONS,
    ));
  it('text', () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), (text) => loadsSomehow({ x: text })),
      OPTIONS,
    ));
  it('pieces of YAML', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...SNIPPETS, 'name', 'time', 'a'), { maxLength: 60 }), (parts) => loadsSomehow({ x: parts.join('') })),
      OPTIONS,
    ));
  it('a damaged scenario, and a damaged include', () =>
    fc.assert(
      fc.asyncProperty(mutated, mutated, (main, included) => loadsSomehow({ x: main, 'b.yaml': included })),
      OPTIONS,
    ));
  it('any JSON', () =>
    fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 5 }), (text) => loadsSomehow({ x: text })),
      OPTIONS,
    ));
  it('any JSON in place of a section', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          'name',
          'time',
          'ground',
          'constellation',
          'links',
          'traffic',
          'geomrf',
          'execution',
          'ground[0]',
          'constellation[0].walker',
          'traffic[0].stop',
        ),
        fc.json({ maxDepth: 3 }),
        (key, value) => loadsSomehow({ x: VALID }, [`${key}=${value}`]),
      ),
      OPTIONS,
    ));
  it('any --set', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.constantFrom('time', 'ground[0]', 'a.b[1]'), fc.string()).map(([key, value]) => `${key}=${value}`),
        ),
        (set) => loadsSomehow({ x: VALID }, [set]),
      ),
      OPTIONS,
    ));
});
