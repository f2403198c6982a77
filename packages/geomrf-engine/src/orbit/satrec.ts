import type { MeanElements } from '@satsim/geomrf-proto';
import { json2satrec } from 'satellite.js';
import type { SatRec } from 'satellite.js';

/**
 * Initialises SGP4 (WGS-72, "improved" mode) from mean elements. The record is only a set of constants: one record gives
 * the same position for the same time whatever was asked of it before.
 *
 * satellite.js keeps the epoch to the millisecond, which only the sidereal angle and the Moon's and Sun's places of deep
 * space orbits see (3.6e-8 rad at most); time since epoch is counted by {@link minutesSince} from the exact epoch.
 */
export function toSatrec(elements: MeanElements): SatRec {
  const epochMs = Number(elements.epoch!.seconds) * 1000 + Math.round(elements.epoch!.nanos / 1e6);
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
