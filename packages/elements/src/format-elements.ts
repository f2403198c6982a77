import type { ElementSet } from './element-set.js';
import { epochToIso, formatTleEpoch } from './epoch.js';
import { formatAssumedDecimal, formatCatalogNumber, tleChecksum } from './tle-line.js';

/** OMM as a JSON array, keywords and order as CelesTrak and Space-Track publish them. Loses nothing. */
export function formatOmmJson(elements: readonly ElementSet[]): string {
  const records = elements.map((set) => ({
    OBJECT_NAME: set.objectName,
    OBJECT_ID: set.objectId,
    EPOCH: epochToIso(set.epoch).slice(0, -1),
    MEAN_MOTION: set.meanMotionRevPerDay,
    ECCENTRICITY: set.eccentricity,
    INCLINATION: set.inclinationDeg,
    RA_OF_ASC_NODE: set.raanDeg,
    ARG_OF_PERICENTER: set.argPerigeeDeg,
    MEAN_ANOMALY: set.meanAnomalyDeg,
    EPHEMERIS_TYPE: 0,
    NORAD_CAT_ID: set.noradCatId,
    BSTAR: set.bstar,
    MEAN_MOTION_DOT: set.meanMotionDot,
    MEAN_MOTION_DDOT: set.meanMotionDdot,
  }));
  return `[${records.map((record) => `\n${JSON.stringify(record)}`).join(',')}\n]\n`;
}

/**
 * 3LE: `0 NAME` and two lines of 69 columns. Values are rounded to what the columns hold; OMM loses nothing.
 * @throws RangeError naming what has no room: a catalogue number above 339,999, a year outside 1957 to 2056, a mean motion
 *   from 100 rev/day or a drag term from 10⁹
 */
export function formatTle(elements: readonly ElementSet[]): string {
  return elements.map(formatSet).join('');
}

function formatSet(set: ElementSet): string {
  const number = formatCatalogNumber(set.noradCatId);
  const one = `1 ${number}U ${designator(set.objectId)} ${formatTleEpoch(set.epoch)} ${derivative(set.meanMotionDot)} ${formatAssumedDecimal(set.meanMotionDdot)} ${formatAssumedDecimal(set.bstar)} 0  999`;
  const two = `2 ${number} ${fixed(set.inclinationDeg, 8, 4)} ${angle(set.raanDeg)} ${fraction(set.eccentricity)} ${angle(set.argPerigeeDeg)} ${angle(set.meanAnomalyDeg)} ${fixed(set.meanMotionRevPerDay, 11, 8)}    0`;
  return `0 ${set.objectName}\n${one}${tleChecksum(one)}\n${two}${tleChecksum(two)}\n`;
}

function fixed(value: number, width: number, decimals: number): string {
  const text = value.toFixed(decimals).padStart(width);
  if (text.length > width) throw new RangeError(`a TLE cannot say ${value}: write OMM instead`);
  return text;
}

/** Degrees from 0 to below 360. */
function angle(degrees: number): string {
  const tenThousandths = Math.round(degrees * 10_000) % 3_600_000;
  return fixed((tenThousandths < 0 ? tenThousandths + 3_600_000 : tenThousandths) / 10_000, 8, 4);
}

/** Seven digits after an assumed decimal point. */
function fraction(eccentricity: number): string {
  return String(Math.min(Math.round(eccentricity * 1e7), 9_999_999)).padStart(7, '0');
}

/** ` .00001234` */
function derivative(value: number): string {
  const text = Math.abs(value).toFixed(8);
  if (!text.startsWith('0.')) throw new RangeError(`a TLE cannot say the derivative ${value} of the mean motion: write OMM instead`);
  return `${value < 0 ? '-' : ' '}${text.slice(1)}`;
}

/** `1998-067A` → `98067A  `; an identifier without room is left out. */
function designator(objectId: string): string {
  const match = /^(?:19|20)(\d\d)-(\d{3}[A-Z]{1,3})$/.exec(objectId);
  const text = match ? match[1]! + match[2]! : objectId;
  return (/^[\x20-\x7e]{0,8}$/.test(text) ? text : '').padEnd(8);
}
