import type { PluginHarness, TranslatorHarness } from '@satsim/core/testing';
import { shell, WRITERS } from './sample-files.js';

const SHELL = shell('2026-11-20T00:00:00Z');
const OTHER = shell('2026-11-20T00:00:00Z', { firstCatalog: 101 });
const TLE = WRITERS['kit.3le']!(SHELL);

const elements: TranslatorHarness = {
  kind: 'translator',
  name: 'elements',
  samples: [...Object.entries(WRITERS).map(([name, write]) => ({ [name]: write(SHELL) })), { 'x/a.tle': TLE, '../b.csv': WRITERS['kit.csv']!(OTHER) }],
  faulty: [
    // A checksum that is no digit, a satellite given twice, an inclination that can't be, no file at all.
    { 'a.tle': TLE.replace(/.\n0 KIT-1-2/, 'X\n0 KIT-1-2') },
    { 'a.tle': TLE, 'b.tle': TLE },
    { 'a.json': WRITERS['kit.json']!(SHELL).replace('"INCLINATION":53', '"INCLINATION":253') },
    {},
  ],
};

export const harnesses: readonly PluginHarness[] = [elements];
