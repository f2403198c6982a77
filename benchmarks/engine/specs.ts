import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { parseElements, walkerShell } from '@satsim/elements';
import type { ElementSet, ShellPosition, WalkerShell } from '@satsim/elements';
import { IslPattern, NodeRole, NodeSpecSchema, ScenarioSpecSchema, SelectionPolicy } from '@satsim/geomrf-proto';
import type { NodeSpec, ScenarioSpec } from '@satsim/geomrf-proto';
import { topCities } from '../../packages/geomrf-client/dist/compile/cities.js';

const WALKER_START_MS = Date.parse('2026-11-20T00:00:00Z');
const REAL_START_MS = Date.parse('2024-10-21T12:00:00Z');
const REAL_FILE = fileURLToPath(new URL('../../../shared/data/starlink-2024-10-21.tle', import.meta.url));

/** Why the case with real element sets cannot be measured here, or null. */
export const realSetsAbsent = existsSync(REAL_FILE) ? null : 'no starlink-2024-10-21.tle in shared/data beside the checkout';

type Shell = Pick<WalkerShell, 'planes' | 'perPlane' | 'altitudeKm' | 'inclinationDeg'>;
const shell = (planes: number, perPlane: number, altitudeKm: number, inclinationDeg: number): Shell => ({ planes, perPlane, altitudeKm, inclinationDeg });

/** Starlink's first generation as licensed (FCC 21-48): 4,408 satellites; the first shell alone are 1,584. */
export const GEN1: readonly Shell[] = [
  shell(72, 22, 550, 53),
  shell(72, 22, 540, 53.2),
  shell(36, 20, 570, 70),
  shell(6, 58, 560, 97.6),
  shell(4, 43, 560, 97.6),
];
/** The first generation and two shells of the second: 10,000. */
export const TEN_THOUSAND: readonly Shell[] = [...GEN1, shell(48, 110, 340, 53), shell(26, 12, 604, 148)];
/** The second generation as applied for (FCC SAT-AMD-20210818-00105), with one small shell more: 30,000. */
export const GEN2: readonly Shell[] = [
  shell(48, 110, 340, 53),
  shell(48, 110, 345, 46),
  shell(48, 110, 350, 38),
  shell(30, 120, 360, 96.9),
  shell(28, 120, 525, 53),
  shell(28, 120, 530, 43),
  shell(28, 120, 535, 33),
  shell(12, 12, 604, 148),
  shell(18, 18, 614, 115.7),
  shell(2, 6, 550, 53),
];

interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** The most populous cities, as `cities: { top }` of a scenario gives them. */
export const cities = (count: number): readonly Place[] => topCities(count);

/** Each of the 1,000 most populous cities and nine terminals within two degrees of it, from a seeded generator. */
export function terminals(): readonly Place[] {
  const random = mulberry32(7);
  const near = (degrees: number): number => degrees + (random() - 0.5) * 4;
  return cities(1000).flatMap(({ lat, lon }) =>
    Array.from({ length: 10 }, (_, i) => (i === 0 ? { lat, lon } : { lat: Math.max(-89, Math.min(89, near(lat))), lon: near(lon) })),
  );
}

export function walkerSpec(shells: readonly Shell[], places: readonly Place[]): ScenarioSpec {
  const epoch = { unixSeconds: WALKER_START_MS / 1000, nanos: 0 };
  const satellites = shells.flatMap((each, i) =>
    walkerShell({ name: `W${i + 1}`, pattern: 'delta', phasing: 1, ...each }, epoch).map(({ id, elements, position }) => satellite(id, elements, position)),
  );
  return specOf(satellites, places, WALKER_START_MS);
}

export function realSpec(places: readonly Place[]): ScenarioSpec {
  const { elements } = parseElements(readFileSync(REAL_FILE), REAL_FILE);
  return specOf(
    elements.map((set, i) => satellite(`S${i + 1}`, set)),
    places,
    REAL_START_MS,
  );
}

/** The same network with the link budget in place of a fixed capacity. */
export function withBudget(spec: ScenarioSpec): ScenarioSpec {
  const { fixedCapacityBps: _, ...gsl } = spec.gsl!;
  return create(ScenarioSpecSchema, { ...spec, gsl });
}

const SATELLITE_RADIO = { eirpDbw: 38, gOverTDbPerK: 8, frequencyHz: 11.7e9, bandwidthHz: 250e6 };
const TERMINAL_RADIO = { eirpDbw: 33, gOverTDbPerK: 9, frequencyHz: 14e9, bandwidthHz: 62.5e6 };

function satellite(id: string, set: ElementSet, shellPosition?: ShellPosition): NodeSpec {
  const { epoch, meanMotionRevPerDay: meanMotion, ...same } = set;
  const value = { ...same, meanMotion, epoch: { seconds: BigInt(epoch.unixSeconds), nanos: epoch.nanos } };
  return create(NodeSpecSchema, {
    id,
    role: NodeRole.SATELLITE,
    relay: true,
    terminal: SATELLITE_RADIO,
    ...(shellPosition === undefined ? {} : { shellPosition }),
    position: { case: 'elements', value },
  });
}

/** +Grid, all satellites visible above 25°, fixed capacities. */
function specOf(satellites: readonly NodeSpec[], places: readonly Place[], startMs: number): ScenarioSpec {
  const ground = places.map(({ lat: latDeg, lon: lonDeg }, i) =>
    create(NodeSpecSchema, {
      id: `T${i + 1}`,
      role: NodeRole.USER_TERMINAL,
      terminal: TERMINAL_RADIO,
      position: { case: 'site', value: { latDeg, lonDeg, altM: 0 } },
    }),
  );
  return create(ScenarioSpecSchema, {
    name: 'bench',
    tStart: timestampFromMs(startMs),
    tEnd: timestampFromMs(startMs + 86_400_000),
    nodes: [...satellites, ...ground],
    isl: { pattern: IslPattern.PLUS_GRID, minAltitudeM: 80_000, capacityBps: 1e10 },
    ...(places.length === 0 ? {} : { gsl: { selection: SelectionPolicy.ALL_VISIBLE, minElevationDeg: 25, fixedCapacityBps: 1e9 } }),
  });
}

/** Tommy Ettinger's Mulberry32: 32 bits of state, uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
