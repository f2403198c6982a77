import { checkElements, quoted, SGP4_XP } from './element-checks.js';
import type { ElementFault, ElementSet } from './element-set.js';
import { fullYear, parseTleEpoch } from './epoch.js';
import { parseAssumedDecimal, parseCatalogNumber, tleChecksum } from './tle-line.js';

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** `<orbits> <satellites per orbit>`; neither a name, as no line 1 follows, nor a line 1 that was cut off, as no line 2 follows. */
const HYPATIA_PREAMBLE = /^\d+ +\d+[ \t]*\r?\n(?![12] )/;

/**
 * TLE and 3LE, with `0 NAME` or bare name lines or none. Text after column 69 and lines that start with `#` are passed
 * over (the published verification deck has both), and so is a first line that Hypatia puts above its sets.
 */
export function parseTle(text: string): { elements: ElementSet[]; faults: ElementFault[] } {
  const elements: ElementSet[] = [];
  const faults: ElementFault[] = [];
  let name: Line | null = null;
  let first: Line | null = null;
  const unfinished = () => {
    if (first) faults.push({ line: first.number, message: 'line 1 of an element set is not followed by its line 2' });
    else if (name) faults.push({ line: name.number, message: `a name (${quoted(name.text)}) is not followed by line 1 of an element set` });
    name = first = null;
  };

  let number = 0;
  const preamble = HYPATIA_PREAMBLE.test(text) ? 1 : 0;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    number++;
    const line = { text: raw.trimEnd(), number };
    if (line.text === '' || line.text.startsWith('#') || number <= preamble) continue;
    if (line.text.startsWith('1 ')) {
      if (first) unfinished();
      first = line;
    } else if (line.text.startsWith('2 ')) {
      if (first === null) faults.push({ line: number, message: 'line 2 of an element set without its line 1 before it' });
      else {
        const set = readPair(name, first, line, faults);
        if (set) elements.push(set);
      }
      name = first = null;
    } else {
      unfinished();
      name = { text: line.text.replace(/^0(?: |$)/, '').trim(), number };
    }
  }
  unfinished();
  return { elements, faults };
}

function readPair(name: Line | null, first: Line, second: Line, faults: ElementFault[]): ElementSet | null {
  const before = faults.length;
  const one = openLine(first, BLANKS_1, faults);
  const two = openLine(second, BLANKS_2, faults);
  if (one === null || two === null) return null;

  const noradCatId = one.field('satellite number', 2, 7, parseCatalogNumber);
  const noradCatId2 = two.field('satellite number', 2, 7, parseCatalogNumber);
  if (faults.length === before && noradCatId !== noradCatId2) {
    faults.push({ line: second.number, message: `satellite number ${noradCatId2} differs from ${noradCatId} in the line 1 before it (line ${first.number})` });
  }
  if (first.text[62] === '4') faults.push({ line: first.number, message: SGP4_XP });
  const set: ElementSet = {
    objectName: name === null || name.text === '' ? String(noradCatId) : name.text,
    objectId: internationalDesignator(first.text.slice(9, 17).trim()),
    noradCatId,
    epoch: one.field('epoch', 18, 32, parseTleEpoch),
    meanMotionRevPerDay: two.field('mean motion', 52, 63, parseDecimal),
    eccentricity: two.field('eccentricity', 26, 33, parseFraction),
    inclinationDeg: two.field('inclination', 8, 16, parseDecimal),
    raanDeg: two.field('right ascension of the ascending node', 17, 25, parseDecimal),
    argPerigeeDeg: two.field('argument of perigee', 34, 42, parseDecimal),
    meanAnomalyDeg: two.field('mean anomaly', 43, 51, parseDecimal),
    bstar: one.field('B*', 53, 61, parseAssumedDecimal),
    meanMotionDot: one.field('first derivative of the mean motion', 33, 43, parseDecimal),
    meanMotionDdot: one.field('second derivative of the mean motion', 44, 52, parseAssumedDecimal),
  };
  if (faults.length === before) for (const message of checkElements(set)) faults.push({ line: second.number, message });
  return faults.length === before ? set : null;
}

/** Columns (from 0) between fields: something there means that the fields are shifted. */
const BLANKS_1 = [1, 8, 17, 32, 43, 52, 61, 63];
const BLANKS_2 = [1, 7, 16, 25, 33, 42, 51];

function openLine(line: Line, blanks: readonly number[], faults: ElementFault[]) {
  const { text, number } = line;
  const fault = (message: string) => {
    faults.push({ line: number, message });
    return null;
  };
  if (text.length < 69) return fault(`line ${text[0]} of an element set has ${text.length} columns instead of 69`);
  const expected = tleChecksum(text);
  // A wrong sum says that nothing else in the line can be trusted, so it is the only fault named.
  if (text[68] !== String(expected)) return fault(`checksum is wrong: column 69 says ${quoted(text[68]!)}, the line adds up to ${expected}`);
  for (const column of blanks)
    if (text[column] !== ' ') return fault(`column ${column + 1} must be blank, but holds ${quoted(text[column]!)}: fields are shifted`);
  return {
    field<T>(quantity: string, from: number, to: number, parse: (columns: string) => T | null): T {
      const value = parse(text.slice(from, to));
      if (value === null) fault(`${quantity} (columns ${from + 1}-${to}) cannot be read: ${quoted(text.slice(from, to))}`);
      // With a fault the set is never handed out, so the placeholder is never seen.
      return value as T;
    },
  };
}

function parseDecimal(columns: string): number | null {
  return /^ *[+-]?(?:\d+\.?\d*|\.\d+) *$/.test(columns) ? Number(columns) : null;
}

/** Seven digits with assumed decimal point before them. */
function parseFraction(columns: string): number | null {
  return /^\d{7}$/.test(columns) ? Number(`0.${columns}`) : null;
}

/** `98067A` → `1998-067A`; what does not look like that is kept as it is. */
function internationalDesignator(text: string): string {
  const match = /^(\d\d)(\d{3})([A-Z]{1,3})$/.exec(text);
  return match ? `${fullYear(Number(match[1]))}-${match[2]}${match[3]}` : text;
}
