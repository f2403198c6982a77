export * from './element-set.js';
export { epochFromUnixMs, epochToIso } from './epoch.js';
export { formatOmmJson, formatTle } from './format-elements.js';
export { meanAltitudeKm } from './mean-motion.js';
export { parseElements } from './parse-elements.js';
export { type ElementSelection, matchesPattern, selectElements } from './select-elements.js';
export { tleChecksum } from './tle-line.js';
export { type WalkerSatellite, type WalkerShell, walkerShell } from './walker.js';
