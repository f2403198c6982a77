import { type ElementSet, epochFromUnixMs, epochToIso, formatOmmJson, formatTle, walkerShell } from '@satsim/elements';

/** Six satellites in two planes. */
export function shell(epoch: string, change: { name?: string; altitudeKm?: number; firstCatalog?: number } = {}): ElementSet[] {
  const { name = 'KIT', altitudeKm = 550, firstCatalog = 1 } = change;
  const satellites = walkerShell(
    { name, pattern: 'delta', planes: 2, perPlane: 3, altitudeKm, inclinationDeg: 53, phasing: 1 },
    epochFromUnixMs(Date.parse(epoch)),
  );
  return satellites.map(({ elements }, index) => ({ ...elements, noradCatId: firstCatalog + index }));
}

/** Keywords and values of one set; CSV, XML and KVN are three ways to write them down. */
const fields = (set: ElementSet): Record<string, string | number> => ({
  OBJECT_NAME: set.objectName,
  OBJECT_ID: '2026-001A',
  CENTER_NAME: 'EARTH',
  REF_FRAME: 'TEME',
  TIME_SYSTEM: 'UTC',
  MEAN_ELEMENT_THEORY: 'SGP4',
  EPOCH: epochToIso(set.epoch).slice(0, -1),
  MEAN_MOTION: set.meanMotionRevPerDay,
  ECCENTRICITY: set.eccentricity,
  INCLINATION: set.inclinationDeg,
  RA_OF_ASC_NODE: set.raanDeg,
  ARG_OF_PERICENTER: set.argPerigeeDeg,
  MEAN_ANOMALY: set.meanAnomalyDeg,
  NORAD_CAT_ID: set.noradCatId,
  BSTAR: set.bstar,
  MEAN_MOTION_DOT: set.meanMotionDot,
  MEAN_MOTION_DDOT: set.meanMotionDdot,
});

const xml = (set: ElementSet): string => {
  const all = Object.entries(fields(set)).map(([key, value]) => `<${key}>${value}</${key}>`);
  const inner = `<metadata>${all.slice(0, 6).join('')}</metadata><data><meanElements>${all.slice(6, 13).join('')}</meanElements><tleParameters>${all.slice(13).join('')}</tleParameters></data>`;
  return `<omm id="CCSDS_OMM_VERS" version="2.0"><header><CREATION_DATE/><ORIGINATOR/></header><body><segment>${inner}</segment></body></omm>`;
};

/** The same satellites in every way that there is. */
export const WRITERS: Readonly<Record<string, (sets: readonly ElementSet[]) => string>> = {
  'kit.3le': formatTle,
  'kit.tle': (sets) => formatTle(sets).replaceAll(/^0 .*\n/gm, ''),
  'kit.json': formatOmmJson,
  'kit.csv': (sets) => [Object.keys(fields(sets[0]!)), ...sets.map((set) => Object.values(fields(set)))].map((row) => row.join(',')).join('\n'),
  'kit.xml': (sets) => `<?xml version="1.0"?>\n<ndm>${sets.map(xml).join('')}</ndm>`,
  'kit.kvn': (sets) =>
    `CCSDS_OMM_VERS = 2.0\nCREATION_DATE = 2026-11-20T00:00:00\nORIGINATOR = KIT\n${Object.entries(fields(sets[0]!))
      .map(([key, value]) => `${key} = ${value}`)
      .join('\n')}\n`,
};
