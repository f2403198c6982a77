import { FaultList, type Scenario, scenarioSchema, toNodeId, type Translator, type TranslatorInput } from '@satsim/core';
import { elevationAtRange } from './elevation-mask.js';
import { type GroundStation, readGroundStations } from './ground-stations.js';
import { readIsls } from './isls.js';
import { Properties } from './properties.js';
import { readRunSettings, USUAL } from './run-settings.js';
import { readSatellites } from './satellites.js';
import { findFile, looksLikeState, requireFile, RUN_FILE } from './state-files.js';

/**
 * A satellite network state of Hypatia. Satellites come from its `tles.txt` itself, links between them by pairs, and every
 * station may use every satellite in range, as in Hypatia's forwarding.
 */
export class HypatiaTranslator implements Translator {
  recognizes({ files }: Pick<TranslatorInput, 'files'>): boolean {
    return looksLikeState(files);
  }

  async translate({ files, warn }: TranslatorInput): Promise<Scenario> {
    const faults = new FaultList();
    const tles = requireFile(files, 'tles.txt', faults);
    const isls = requireFile(files, 'isls.txt', faults);
    const stations = requireFile(files, 'ground_stations.txt', faults);
    const description = requireFile(files, 'description.txt', faults);
    const run = findFile(files, RUN_FILE, faults);

    const satellites = tles && readSatellites(tles, faults);
    const pairs = isls && satellites && readIsls(isls, satellites.ids.length, faults);
    const ground = stations && readGroundStations(stations, satellites?.ids ?? [], faults);
    const limits = description && new Properties(description, faults);
    const islKm = (limits?.positive('max_isl_length_m') ?? 0) / 1e3;
    const gslKm = (limits?.positive('max_gsl_length_m') ?? 0) / 1e3;
    const mask = satellites && elevationAtRange(gslKm, satellites.meanAltitudeKm);
    if (satellites && mask === null)
      limits?.fault('max_gsl_length_m', `is less than the altitude of the satellites, ${satellites.meanAltitudeKm.toFixed(0)} km: nobody would ever see one`);
    const settings = run ? readRunSettings(run, faults) : USUAL;
    faults.throwIfAny();

    if (!run)
      warn?.(
        `a state has no data rates and no duration: links have ${USUAL.islMbps} Mbit/s, the run takes ${USUAL.duration}; give ${RUN_FILE} of a run as well to have its own`,
      );
    const { ids, epochMs } = satellites!;
    return scenarioSchema.parse({
      name: nameOf(tles!.path),
      time: { t0: new Date(epochMs).toISOString().replace('.000Z', 'Z'), duration: settings.duration, dt: settings.dt },
      constellation: [{ elements: { file: tles!.path } }],
      // Without links between satellites, Hypatia goes from satellite to satellite through the stations.
      ground: ground!.map((station) => ({ ...station, relay: pairs!.length === 0 })),
      links: {
        isl:
          pairs!.length === 0
            ? { pattern: 'none' }
            : {
                pattern: 'explicit',
                max_range_km: islKm,
                capacity_mbps: settings.islMbps,
                pairs: pairs!.map(([a, b]) => [ids[a]!, ids[b]!] as [string, string]),
              },
        gsl: { policy: 'all_visible', min_elevation_deg: Math.round(mask! * 1e3) / 1e3, capacity_mbps: settings.gslMbps, loss_pct: 0 },
      },
      traffic: flows(ground!),
    });
  }
}

/** The folder that the state is in: `gen_data/kuiper_630/tles.txt` → `kuiper_630`. */
function nameOf(path: string): string {
  return toNodeId(path.split('/').at(-2) ?? '') || 'hypatia';
}

/** A state has no traffic: two pings between stations that are apart in the list show that it works. */
function flows(ground: readonly GroundStation[]): { id: string; from: string; to: string }[] {
  const last = ground.length - 1;
  const pairs = [
    [0, last],
    [1, Math.ceil(ground.length / 2)],
  ] as const;
  return pairs
    .filter(([a, b]) => a < b && b <= last)
    .map(([a, b]) => ({ from: ground[a]!.id, to: ground[b]!.id }))
    .map(({ from, to }) => ({ id: `${from}-${to}`, from, to }));
}
