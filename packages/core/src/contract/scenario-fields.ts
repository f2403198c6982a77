import { z } from 'zod';
import { DURATION, durationMs } from './duration.js';

export { durationMs };

/** Values that fields of a scenario are made of: durations, times, ids, numbers within bounds. */

/** What a duration may be at most: its milliseconds stay exact integers of a double. */
const LONGEST = '100000000d';
const A_DURATION = 'a duration is a number and a unit: 100ms, 1s, 10m, 6h, 1d';
export const duration = () =>
  z
    .string(A_DURATION)
    .regex(DURATION, A_DURATION)
    .refine((text) => !DURATION.test(text) || durationMs(text) <= durationMs(LONGEST), `a duration is at most ${LONGEST}`);

const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|\+00:00)$/;
/** `Date.parse` takes 30 February for 2 March. */
const isOnTheCalendar = (text: string): boolean => {
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString().slice(0, 16) === text.slice(0, 16);
};
export const instant = () =>
  z
    .string()
    .regex(ISO_UTC, 'a time is ISO 8601 in UTC: 2026-11-20T00:00:00Z')
    .refine((text) => !ISO_UTC.test(text) || isOnTheCalendar(text), 'there is no such date');

export const finite = () => z.number();
export const positive = () => finite().positive();
export const nonNegative = () => finite().nonnegative();
export const count = () => z.int().nonnegative();
export const percent = () => finite().min(0).max(100);
export const latitude = () => finite().min(-90).max(90);
export const longitude = () => finite().min(-180).max(360);
export const altitudeM = () => finite().min(-500).max(100_000);
export const elevation = () => finite().min(0).max(90);
export const range = () => z.tuple([finite(), finite()]).refine(([low, high]) => low <= high, 'a range is [low, high]');

export const nodeIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'an id starts with a letter or digit and goes on with letters, digits, `.`, `_`, `-`');
/** An id, or a pattern of ids. */
export const nodePattern = () => z.string().regex(/^[A-Za-z0-9*?][A-Za-z0-9._*?-]*$/, 'an id, or a pattern of ids with `*` and `?`');
