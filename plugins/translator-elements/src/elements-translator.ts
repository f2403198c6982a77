import { type Scenario, scenarioSchema, toNodeId, type Translator, type TranslatorInput } from '@satsim/core';
import { type ElementSet, meanAltitudeKm } from '@satsim/elements';
import { looksLikeElements, type ReadFile, readElementFiles } from './read-element-files.js';

/** Where flows can end whatever the satellites are: every orbit crosses the equator. Far from each other, people live there. */
const GROUND = [
  { id: 'singapore', lat: 1.35, lon: 103.82 },
  { id: 'nairobi', lat: -1.29, lon: 36.82 },
  { id: 'lagos', lat: 6.45, lon: 3.4 },
  { id: 'quito', lat: -0.18, lon: -78.47 },
];
const FLOWS = [
  { id: 'singapore-nairobi', from: 'singapore', to: 'nairobi' },
  { id: 'lagos-quito', from: 'lagos', to: 'quito' },
];

/** Beyond this the signal of satsim's default terminals, which are made for low orbits, is too weak. */
const LOW_ORBIT_KM = 2_000;
const FIXED_CAPACITY_MBPS = 100;

const MINUTE_MS = 60_000;

/** Each file becomes an item of the constellation, by reference; a file of elements says nothing of ground or traffic. */
export class ElementsTranslator implements Translator {
  recognizes({ files }: Pick<TranslatorInput, 'files'>): boolean {
    return files.size > 0 && [...files.values()].every(looksLikeElements);
  }

  async translate({ files, warn }: TranslatorInput): Promise<Scenario> {
    const read = readElementFiles(files);
    const elements = read.flatMap((file) => file.elements);
    const highest = largest(elements.map(meanAltitudeKm));
    if (highest > LOW_ORBIT_KM) {
      warn?.(
        `satellites are as high as ${Math.round(highest)} km, where the default terminals are too weak: links to the ground have a fixed capacity of ${FIXED_CAPACITY_MBPS} Mbit/s`,
      );
    }
    return scenarioSchema.parse({
      name: nameOf(read),
      time: { t0: newestMinute(elements), duration: '10m', dt: '1s' },
      constellation: read.map(({ path }) => ({ elements: { file: path } })),
      ground: GROUND.map((site) => ({ ...site, role: 'user_terminal' })),
      ...(highest > LOW_ORBIT_KM ? { links: { gsl: { capacity_mbps: FIXED_CAPACITY_MBPS, loss_pct: 0 } } } : {}),
      traffic: FLOWS,
    });
  }
}

/** The newest epoch, up to the next full minute, so that no satellite has to fly backwards from its own. */
function newestMinute(elements: readonly ElementSet[]): string {
  const newestMs = largest(elements.map(({ epoch }) => epoch.unixSeconds * 1_000 + epoch.nanos / 1e6));
  return new Date(Math.ceil(newestMs / MINUTE_MS) * MINUTE_MS).toISOString().replace('.000Z', 'Z');
}

/** `Math.max` takes its arguments on the stack, which has no room for those of a whole catalogue. */
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);

/** `data/starlink.tle` → `starlink` */
function nameOf([first]: readonly ReadFile[]): string {
  const fileName = first!.path.split('/').at(-1)!;
  return toNodeId(fileName.replace(/\.[^.]*$/, '')) || 'elements';
}
