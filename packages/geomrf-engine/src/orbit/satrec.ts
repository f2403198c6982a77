import type { MeanElements } from '@satsim/geomrf-proto';
import { json2satrec } from 'satellite.js';
import type { SatRec } from 'satellite.js';

/**
 * Initialises SGP4 (WGS-72, "improved" mode) from mean elements. The record is only a set of constants: one record gives
 * the same position for the same time whatever was asked of it before.
 *
 * Time since epoch is counted from the exact epoch (minutesSince) and not from the record. What the record needs the epoch
 * for are the Moon's, the Sun's and the Earth's angles in deep space orbits. satellite.js takes it to the millisecond,
 * which puts the most eccentric orbits 35 mm off: so the constants are interpolated between two milliseconds, at the
 * Julian date, a double, that the reference implementation would use.
 */
export function toSatrec(elements: MeanElements): SatRec {
  const { seconds, nanos } = elements.epoch!;
  const ms = Number(seconds) * 1000 + Math.floor(nanos / 1e6);
  const record = recordAt(elements, ms);
  if (record.method === 'n') return record;
  const later = recordAt(elements, ms + 1);
  const julianDate = 2_440_587.5 + (Number(seconds) + nanos / 1e9) / 86_400;
  const share = (julianDate - record.jdsatepoch) / (later.jdsatepoch - record.jdsatepoch);
  const between = Object.entries(record).map(([key, value]: [string, unknown]) => {
    if (typeof value !== 'number') return [key, value];
    const step = (later as unknown as Record<string, number>)[key] - value;
    // An angle may have come round in that millisecond.
    return [key, value + share * (step > Math.PI ? step - 2 * Math.PI : step < -Math.PI ? step + 2 * Math.PI : step)];
  });
  return Object.fromEntries(between) as SatRec;
}

function recordAt(elements: MeanElements, epochMs: number): SatRec {
  return json2satrec({
    OBJECT_NAME: elements.objectName,
    OBJECT_ID: elements.objectId,
    EPOCH: new Date(epochMs).toISOString(),
    NORAD_CAT_ID: String(elements.noradCatId),
    MEAN_MOTION: elements.meanMotion,
    ECCENTRICITY: elements.eccentricity,
    INCLINATION: elements.inclinationDeg,
    RA_OF_ASC_NODE: elements.raanDeg,
    ARG_OF_PERICENTER: elements.argPerigeeDeg,
    MEAN_ANOMALY: elements.meanAnomalyDeg,
    BSTAR: elements.bstar,
    MEAN_MOTION_DOT: elements.meanMotionDot,
    MEAN_MOTION_DDOT: elements.meanMotionDdot,
    CLASSIFICATION_TYPE: 'U',
    ELEMENT_SET_NO: 0,
    EPHEMERIS_TYPE: 0,
    REV_AT_EPOCH: 0,
  });
}
