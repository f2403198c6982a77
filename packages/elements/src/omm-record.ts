import { checkElements, quoted, SGP4_XP } from './element-checks.js';
import type { ElementFault, ElementSet, Epoch } from './element-set.js';
import { parseIsoEpoch } from './epoch.js';

/** One message in whatever encoding, as keyword and text. */
export interface OmmRecord {
  /** Line where it starts, from 1; `null` when unknown. */
  readonly line: number | null;
  readonly fields: ReadonlyMap<string, string>;
}

/** Metadata that changes the meaning of the numbers: only what SGP4 works with is accepted. */
const MEANING: readonly { keyword: string; accepted: readonly string[] }[] = [
  { keyword: 'CENTER_NAME', accepted: ['EARTH'] },
  { keyword: 'REF_FRAME', accepted: ['TEME'] },
  { keyword: 'TIME_SYSTEM', accepted: ['UTC'] },
  { keyword: 'MEAN_ELEMENT_THEORY', accepted: ['SGP4', 'SGP/SGP4'] },
];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Keywords and units of CCSDS 502.0-B-3, table 4-3. Adds what is wrong to `faults` and then returns null. */
export function readOmm(record: OmmRecord, ordinal: number, faults: ElementFault[]): ElementSet | null {
  const before = faults.length;
  const name = record.fields.get('OBJECT_NAME')?.trim() ?? '';
  const label = name === '' ? `record ${ordinal}` : `record ${ordinal} (${quoted(name)})`;
  const fault = (message: string) => void faults.push({ line: record.line, message: `${label}: ${message}` });
  const text = (keyword: string) => record.fields.get(keyword)?.trim() ?? '';

  const number = (keyword: string, absent?: number): number => {
    const given = text(keyword);
    if (given === '' && absent !== undefined) return absent;
    const value = NUMBER.test(given) ? Number(given) : Number.NaN;
    if (given === '') fault(`${keyword} is missing`);
    else if (!Number.isFinite(value)) fault(`${keyword} is not a number: ${quoted(given)}`);
    return value === 0 ? 0 : value;
  };
  const epoch = (): Epoch => {
    const value = parseIsoEpoch(text('EPOCH'));
    if (value === null) fault(text('EPOCH') === '' ? 'EPOCH is missing' : `EPOCH is not a time such as 2024-10-21T04:23:42.000000: ${quoted(text('EPOCH'))}`);
    // With a fault the set is never handed out, so the placeholder is never seen.
    return value as Epoch;
  };

  for (const { keyword, accepted } of MEANING) {
    const given = text(keyword);
    if (given !== '' && !accepted.includes(given.toUpperCase())) fault(`${keyword} is ${quoted(given)}, only ${accepted[0]} is understood`);
  }
  if (text('EPHEMERIS_TYPE') === '4') fault(SGP4_XP);
  const noradCatId = number('NORAD_CAT_ID');
  if (Number.isFinite(noradCatId) && !(Number.isInteger(noradCatId) && noradCatId >= 0 && noradCatId <= 999_999_999)) {
    fault(`NORAD_CAT_ID is not a whole number of up to nine digits: ${quoted(text('NORAD_CAT_ID'))}`);
  }
  const set: ElementSet = {
    objectName: name === '' ? String(noradCatId) : name,
    objectId: text('OBJECT_ID'),
    noradCatId,
    epoch: epoch(),
    meanMotionRevPerDay: number('MEAN_MOTION'),
    eccentricity: number('ECCENTRICITY'),
    inclinationDeg: number('INCLINATION'),
    raanDeg: number('RA_OF_ASC_NODE'),
    argPerigeeDeg: number('ARG_OF_PERICENTER'),
    meanAnomalyDeg: number('MEAN_ANOMALY'),
    bstar: number('BSTAR'),
    // SGP4 does not use them, and CCSDS asks for them only with SGP and PPT3.
    meanMotionDot: number('MEAN_MOTION_DOT', 0),
    meanMotionDdot: number('MEAN_MOTION_DDOT', 0),
  };
  if (faults.length === before) checkElements(set).forEach(fault);
  return faults.length === before ? set : null;
}
