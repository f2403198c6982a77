import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParsedElements } from './element-set.js';
import { epochFromUnixMs } from './epoch.js';
import { formatOmmJson, formatTle } from './format-elements.js';
import { parseElements } from './parse-elements.js';
import { walkerShell } from './walker.js';

const SETS = walkerShell({ name: 'W', pattern: 'delta', planes: 2, perPlane: 2, altitudeKm: 550, inclinationDeg: 53, phasing: 1 }, epochFromUnixMs(1.7e12)).map(
  ({ elements }) => elements,
);
const OBJECTS = JSON.parse(formatOmmJson(SETS)) as Record<string, string | number>[];
const VALID: Readonly<Record<string, string>> = {
  tle: formatTle(SETS),
  json: formatOmmJson(SETS),
  csv: [Object.keys(OBJECTS[0]!), ...OBJECTS.map((object) => Object.values(object))].map((row) => row.join(',')).join('\n'),
  xml: `<ndm>${OBJECTS.map(
    (object) =>
      `<omm><data>${Object.entries(object)
        .map(([key, value]) => `<${key}>${value}</${key}>`)
        .join('')}</data></omm>`,
  ).join('')}</ndm>`,
  kvn: OBJECTS.map((object) =>
    Object.entries(object)
      .map(([key, value]) => `${key} = ${value}`)
      .join('\n'),
  ).join('\n'),
};

/** Something is said in any case, and nothing that is handed out can poison a calculation. */
function sane(parsed: ParsedElements): void {
  expect(parsed.elements.length + parsed.faults.length).toBeGreaterThan(0);
  for (const set of parsed.elements) {
    for (const value of [...Object.values(set), set.epoch.unixSeconds, set.epoch.nanos])
      if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
    expect(set.objectName).not.toBe('');
    expect(set.eccentricity).toBeLessThan(1);
    expect(set.meanMotionRevPerDay).toBeGreaterThan(0);
  }
  for (const fault of parsed.faults) expect(fault.message).not.toMatch(/[\r\n]/);
}

describe('hostile input', () => {
  it('random bytes, whatever the name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('a.tle', 'a.json', 'a.csv', 'a.xml', 'a.kvn', ''), (bytes, name) =>
        sane(parseElements(bytes, name)),
      ),
      { numRuns: 2000 },
    );
  });

  it.each(Object.keys(VALID))('a valid %s file with characters changed, lost or put in', (name) => {
    const text = VALID[name]!;
    expect(parseElements(text, `x.${name}`)).toMatchObject({ elements: { length: SETS.length }, faults: [] });
    const edit = fc.tuple(
      fc.nat(text.length),
      fc.nat(3),
      fc.oneof(fc.constantFrom('', ' ', '-', '"', '<', '>', '&', '&#1;', ']', '\n', '9', 'e', 'NaN', '\0'), fc.string({ maxLength: 2 })),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const changed = edits.reduce((current, [at, lost, put]) => current.slice(0, at) + put + current.slice(at + lost), text);
        sane(parseElements(changed, `x.${name}`));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['unclosed tags', '<a>'.repeat(200_000)],
    ['unclosed quotes', `<omm a="${"x'".repeat(300_000)}`],
    ['unclosed comments', '<!--'.repeat(200_000)],
    ['ampersands', `<omm>${'&'.repeat(600_000)}</omm>`],
    ['brackets', '['.repeat(600_000)],
    ['quotes', `NORAD_CAT_ID,EPOCH\n${'"'.repeat(600_001)}`],
    ['names', 'NAME\n'.repeat(100_000)],
    ['blanks', `1 ${' '.repeat(600_000)}\n2 `],
    ['one keyword', `OBJECT_NAME =${' ='.repeat(300_000)}`],
  ])('half a megabyte of %s takes no more than a second', (_, text) => {
    const start = performance.now();
    const parsed = parseElements(text, 'x');
    expect(performance.now() - start).toBeLessThan(1000);
    expect(parsed.elements).toEqual([]);
    expect(parsed.faults.length).toBeGreaterThan(0);
    expect(parsed.faults.length).toBeLessThanOrEqual(51);
  });
});
