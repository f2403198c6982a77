import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { walkerShell } from '@satsim/elements';
import type { ElementSet, ShellPosition, WalkerShell } from '@satsim/elements';
import { LinkSelectorSchema, NodeRole, NodeSpecSchema, ScenarioSpecSchema, SelectionPolicy } from '@satsim/geomrf-proto';
import type { NodeSpec, ScenarioSpec } from '@satsim/geomrf-proto';

export const START_MS = Date.parse('2026-11-20T00:00:00Z');
export const ALL_LINKS = create(LinkSelectorSchema, { allLinks: true });

type SpecInit = Exclude<MessageInitShape<typeof ScenarioSpecSchema>, ScenarioSpec>;

const SATELLITE_RADIO = { eirpDbw: 38, gOverTDbPerK: 8, frequencyHz: 11.7e9, bandwidthHz: 250e6 };
const TERMINAL_RADIO = { eirpDbw: 33, gOverTDbPerK: 9, frequencyHz: 14e9, bandwidthHz: 62.5e6 };

export function satellite(id: string, set: ElementSet, shellPosition?: ShellPosition): NodeSpec {
  const { epoch, meanMotionRevPerDay: meanMotion, ...same } = set;
  return create(NodeSpecSchema, {
    id,
    role: NodeRole.SATELLITE,
    terminal: SATELLITE_RADIO,
    ...(shellPosition === undefined ? {} : { shellPosition }),
    position: { case: 'elements', value: { ...same, meanMotion, epoch: { seconds: BigInt(epoch.unixSeconds), nanos: epoch.nanos } } },
  });
}

export function shell(shape: Partial<WalkerShell> & Pick<WalkerShell, 'planes' | 'perPlane'>): NodeSpec[] {
  const full = { name: 'W', pattern: 'delta' as const, altitudeKm: 550, inclinationDeg: 53, phasing: 0, ...shape };
  return walkerShell(full, { unixSeconds: START_MS / 1000, nanos: 0 }).map(({ id, elements, position }) => satellite(id, elements, position));
}

export function ground(id: string, latDeg: number, lonDeg: number, extra: { readonly maxLinks?: number; readonly altM?: number } = {}): NodeSpec {
  return create(NodeSpecSchema, {
    id,
    role: NodeRole.USER_TERMINAL,
    terminal: { ...TERMINAL_RADIO, maxLinks: extra.maxLinks ?? 1 },
    position: { case: 'site', value: { latDeg, lonDeg, altM: extra.altM ?? 0 } },
  });
}

/** A specification over a day from {@link START_MS}; +Grid and highest satellite above 25° unless `extra` says otherwise. */
export function specOf(nodes: NodeSpec[], extra: SpecInit = {}): ScenarioSpec {
  return create(ScenarioSpecSchema, {
    name: 'test',
    tStart: timestampFromMs(START_MS),
    tEnd: timestampFromMs(START_MS + 86_400_000),
    nodes,
    isl: { pattern: 2, minAltitudeM: 80_000, capacityBps: 1e10 },
    gsl: { selection: SelectionPolicy.MAX_ELEVATION, minElevationDeg: 25 },
    ...extra,
  });
}

export const CITIES: readonly (readonly [id: string, latDeg: number, lonDeg: number])[] = [
  ['tokyo', 35.69, 139.69],
  ['delhi', 28.67, 77.21],
  ['london', 51.51, -0.13],
  ['new-york', 40.69, -73.92],
  ['nairobi', -1.29, 36.82],
  ['sydney', -33.87, 151.21],
  ['la-paz', -16.5, -68.15],
  ['anchorage', 61.22, -149.9],
];

const folder = new URL('../../../../../shared/data/', import.meta.url);

/** Real data lies beside the checkout, not in it. Without it its tests are skipped, except in CI. */
export const skipWithoutSharedData = (() => {
  if (existsSync(folder)) return false;
  if (process.env['CI']) throw new Error('the shared data folder has to lie beside the checkout in CI');
  return true;
})();

export const sharedData = (name: string): string => fileURLToPath(new URL(name, folder));
