import { type Scenario, ScenarioError, scenarioSchema, toNodeId, type Translator, type TranslatorInput } from '@satsim/core';
import { EXAMPLE_STATIONS, type GroundStation, readGroundStations } from './ground-stations.js';
import { type Config, configPaths, readConfig, type Shell } from './read-config.js';

/** Where StarryNet lets its satellites fly from. */
const T0 = '2022-01-01T01:00:00Z';
/** Walker's F that StarryNet uses whatever its configuration says. */
const STARRYNET_PHASING = 18;
const EARTH_RADIUS_KM = 6_378.135;
/** As low as a line of sight may pass in satsim unless a scenario says otherwise. */
const LOWEST_SIGHT_KM = 80;

/** A configuration of StarryNet, and the stations of the Python program that uses it. */
export class StarryNetTranslator implements Translator {
  recognizes({ files }: Pick<TranslatorInput, 'files'>): boolean {
    return configPaths(files).length > 0;
  }

  async translate({ files, warn }: TranslatorInput): Promise<Scenario> {
    const config = readConfig(...configFile(files));
    const given = readGroundStations(files);
    const ground = given ?? EXAMPLE_STATIONS;
    for (const message of remarks(config, given)) warn?.(message);
    const name = toNodeId(config.name) || 'starrynet';
    return scenarioSchema.parse({
      name,
      time: { t0: T0, duration: duration(config.durationS), dt: duration(config.stepS) },
      constellation: config.shells.map((shell, index) => ({
        walker: {
          name: config.shells.length === 1 ? name : `${name}-${index + 1}`,
          planes: shell.planes,
          per_plane: shell.perPlane,
          altitude_km: shell.altitudeKm,
          inclination_deg: shell.inclinationDeg,
          // As many planes more are one slot more in each: the same satellites.
          phasing: shell.phaseShift % shell.planes,
        },
      })),
      ground,
      terminals: { ground_station: { antennas: config.antennas } },
      links: {
        isl: { pattern: 'plus_grid', capacity_mbps: mbps(config.islGbps) },
        // Its least delay is the satellite that is nearest, and in a shell that is the highest.
        gsl: { policy: 'max_elevation', min_elevation_deg: config.elevationDeg, capacity_mbps: mbps(config.gslGbps), loss_pct: config.gslLossPct },
      },
      traffic: ground.slice(1).map(({ id }) => ({ id: `${ground[0]!.id}-${id}`, from: ground[0]!.id, to: id })),
    });
  }
}

function configFile(files: ReadonlyMap<string, Uint8Array>): [path: string, content: Uint8Array] {
  const [path, another] = configPaths(files);
  if (another !== undefined) {
    throw new ScenarioError([{ message: `${path} is a configuration as well`, path: [], file: another, line: null, hint: 'give one' }]);
  }
  // One that doesn't look like one has faults that its reader can tell.
  const [only] = path === undefined ? [...files.keys()].filter((name) => name.endsWith('.json')).sort() : [path];
  if (only === undefined)
    throw new ScenarioError([{ message: 'is missing', path: ['config.json'], file: null, line: null, hint: 'StarryNet is configured by a JSON file' }]);
  return [only, files.get(only)!];
}

/** What the scenario cannot say, and what it says though nobody did. */
function remarks(config: Config, given: readonly GroundStation[] | null): string[] {
  const { path, shells, islLossPct, groundCount, unknownKeys } = config;
  return [
    ...(given === null
      ? [`${path} has no places of ground stations: those of StarryNet's example are taken; give the Python program with GS_lat_long as well to have its own`]
      : []),
    ...(given !== null && groundCount !== null && groundCount !== given.length
      ? [`${path}: "GS number" is ${groundCount}, but GS_lat_long has ${given.length}; the list counts`]
      : []),
    ...(islLossPct > 0 ? [`${path}: a loss of ${islLossPct} % on satellite links is left out: links between satellites lose nothing in satsim`] : []),
    ...shells.flatMap((shell, index) => shellRemarks(shell, shells.length === 1 ? '' : ` of shell ${index + 1}`)),
    ...unknownKeys.map((key) => `${path}: "${key}" has no counterpart and is left out`),
  ];
}

function shellRemarks({ planes, perPlane, altitudeKm, phaseShift }: Shell, which: string): string[] {
  const sightKm = (EARTH_RADIUS_KM + altitudeKm) * Math.cos(Math.PI / perPlane) - EARTH_RADIUS_KM;
  return [
    ...(phaseShift % planes === STARRYNET_PHASING % planes
      ? []
      : [
          `phasing${which} is ${phaseShift % planes}, as configured; StarryNet itself always takes ${STARRYNET_PHASING}: write ${STARRYNET_PHASING % planes} to compare with its results`,
        ]),
    ...(perPlane > 1 && sightKm < LOWEST_SIGHT_KM
      ? [`satellites${which} don't see the next one in their plane, as the Earth is between them: their links are down; StarryNet links them all the same`]
      : []),
  ];
}

/** Rounded at a bit per second: 4.35 Gbit/s are 4,350 Mbit/s, whatever binary fractions say. */
const mbps = (gbps: number): number => Math.round(gbps * 1e9) / 1e6;

/** Seconds, or milliseconds where they are no whole number. */
function duration(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.max(1, Math.round(seconds * 1_000))}ms`;
}
