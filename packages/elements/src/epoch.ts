import type { Epoch } from './element-set.js';

const MS_PER_DAY = 86_400_000;
/** One unit of a TLE's eighth decimal of a day. */
const NANOS_PER_TLE_UNIT = 864_000;
const TLE_UNITS_PER_DAY = 100_000_000;
const TLE_UNITS_PER_SECOND = 1_000_000_000 / NANOS_PER_TLE_UNIT;

const CALENDAR = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z?$/;
const ORDINAL = /^(\d{4})-(\d{3})[T ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z?$/;

/** @param ms milliseconds since the Unix epoch, UTC; parts of a nanosecond are rounded away */
export function epochFromUnixMs(ms: number): Epoch {
  const unixSeconds = Math.floor(ms / 1000);
  const nanos = Math.round((ms - unixSeconds * 1000) * 1e6);
  return nanos === 1_000_000_000 ? { unixSeconds: unixSeconds + 1, nanos: 0 } : { unixSeconds, nanos };
}

/** `2024-10-21T04:23:42.000000Z`: six decimals, or nine where the epoch is not a whole number of microseconds. */
export function epochToIso(epoch: Epoch): string {
  const seconds = new Date(epoch.unixSeconds * 1000).toISOString().slice(0, 19);
  const fraction = epoch.nanos % 1000 === 0 ? String(epoch.nanos / 1000).padStart(6, '0') : String(epoch.nanos).padStart(9, '0');
  return `${seconds}.${fraction}Z`;
}

/**
 * CCSDS ASCII time code A (calendar) or B (day of year), UTC, with or without `Z` (CCSDS 301.0-B-4, 3.5). Digits beyond
 * the nanosecond are cut off.
 * @returns null when the text is no such time or there is no such date; seconds go from 0 to 59
 */
export function parseIsoEpoch(text: string): Epoch | null {
  const calendar = CALENDAR.exec(text);
  const match = calendar ?? ORDINAL.exec(text);
  if (!match) return null;
  const [year, month, day] = calendar ? [Number(match[1]), Number(match[2]), Number(match[3])] : [Number(match[1]), 1, Number(match[2])];
  const [hour, minute, second, fraction] = match.slice(calendar ? 4 : 3) as [string, string, string, string | undefined];
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const dateMs = Date.UTC(year, month - 1, day);
  const date = new Date(dateMs);
  const exists = calendar
    ? date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    : date.getUTCFullYear() === year && day >= 1;
  if (!exists) return null;
  return {
    unixSeconds: dateMs / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second),
    nanos: Number((fraction ?? '').slice(0, 9).padEnd(9, '0')),
  };
}

/** 57 to 99 are 1957 to 1999, 00 to 56 are 2000 to 2056. */
export function fullYear(twoDigits: number): number {
  return twoDigits < 57 ? 2000 + twoDigits : 1900 + twoDigits;
}

/**
 * Epoch of TLE columns 19 to 32: two-digit year and `ddd.dddddddd`. All in integers, so that the instant is exact.
 * @returns null when the columns hold no such epoch
 */
export function parseTleEpoch(text: string): Epoch | null {
  const match = /^(\d\d)([ \d]{2}\d)\.(\d{1,8}) *$/.exec(text);
  if (!match || /\d +\d/.test(match[2]!)) return null;
  const year = fullYear(Number(match[1]));
  const day = Number(match[2]);
  const yearStartMs = Date.UTC(year, 0, 1);
  if (day < 1 || day > (Date.UTC(year + 1, 0, 1) - yearStartMs) / MS_PER_DAY) return null;
  const nanosOfDay = Number(match[3]!.padEnd(8, '0')) * NANOS_PER_TLE_UNIT;
  const secondOfDay = Math.floor(nanosOfDay / 1e9);
  return { unixSeconds: yearStartMs / 1000 + (day - 1) * 86_400 + secondOfDay, nanos: nanosOfDay - secondOfDay * 1e9 };
}

/**
 * TLE columns 19 to 32, rounded to the nearest 864 µs that a TLE can say.
 * @throws RangeError for a year outside 1957 to 2056
 */
export function formatTleEpoch(epoch: Epoch): string {
  const dayStart = Math.floor(epoch.unixSeconds / 86_400) * 86_400;
  const units = Math.round((epoch.unixSeconds - dayStart) * TLE_UNITS_PER_SECOND + epoch.nanos / NANOS_PER_TLE_UNIT);
  const carry = units === TLE_UNITS_PER_DAY;
  const dayMs = (dayStart + (carry ? 86_400 : 0)) * 1000;
  const year = new Date(dayMs).getUTCFullYear();
  if (year < 1957 || year > 2056) throw new RangeError(`a TLE cannot say the year ${year}: write OMM instead`);
  const day = (dayMs - Date.UTC(year, 0, 1)) / MS_PER_DAY + 1;
  return `${String(year % 100).padStart(2, '0')}${String(day).padStart(3, '0')}.${String(carry ? 0 : units).padStart(8, '0')}`;
}
