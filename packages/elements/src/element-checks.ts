import type { ElementSet } from './element-set.js';

/** What SGP4 cannot make sense of whatever the format said; one message for each fault. */
export function checkElements(set: ElementSet): string[] {
  const messages: string[] = [];
  const within = (quantity: string, value: number, low: number, high: number, unit: string) => {
    if (!(value >= low && value <= high)) messages.push(`${quantity} is ${value}${unit}, not within ${low} to ${high}`);
  };
  if (!(set.meanMotionRevPerDay > 0)) messages.push(`mean motion is ${set.meanMotionRevPerDay} rev/day, not above 0`);
  if (!(set.eccentricity >= 0 && set.eccentricity < 1)) messages.push(`eccentricity is ${set.eccentricity}, not within 0 to below 1`);
  within('inclination', set.inclinationDeg, 0, 180, '°');
  within('right ascension of the ascending node', set.raanDeg, -360, 360, '°');
  within('argument of perigee', set.argPerigeeDeg, -360, 360, '°');
  within('mean anomaly', set.meanAnomalyDeg, -360, 360, '°');
  return messages;
}

/** SGP4-XP sets look the same and mean something else. */
export const SGP4_XP = 'is an SGP4-XP element set (ephemeris type 4), which SGP4 cannot propagate';

/** Foreign text in a message: one line, not too long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
