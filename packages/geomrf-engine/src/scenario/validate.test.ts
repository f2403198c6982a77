import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { MaskPointSchema, NodeRole, NodeSpecSchema, ScenarioSpecSchema, SelectionPolicy, TerminalSchema } from '@satsim/geomrf-proto';
import type { NodeSpec } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { ground, shell, specOf } from '../testing/specs.test-helper.js';
import { specSha256 } from './canonical-json.js';
import { validateSpec } from './validate.js';

type NodeInit = Exclude<MessageInitShape<typeof NodeSpecSchema>, NodeSpec>;
const RADIO = { eirpDbw: 30, gOverTDbPerK: 5, frequencyHz: 14e9, bandwidthHz: 1e8 };
const sats = shell({ planes: 1, perPlane: 2 });
const faultsOf = (...args: Parameters<typeof specOf>): string[] => {
  const text = validateSpec(specOf(...args)).toString();
  return text === '' ? [] : text.split('\n');
};
const pathsOf = (...args: Parameters<typeof specOf>): string[] => faultsOf(...args).map((line) => line.split(': ')[0]);
const site = (id: string, extra: NodeInit): NodeSpec =>
  create(NodeSpecSchema, { id, role: NodeRole.USER_TERMINAL, terminal: RADIO, position: { case: 'site', value: { latDeg: 0, lonDeg: 0 } }, ...extra });
const ship = (waypoints: [seconds: number | null, latDeg: number, lonDeg: number, altM?: number][], extra: NodeInit = {}): NodeSpec =>
  site('ship', {
    position: {
      case: 'track',
      value: {
        waypoints: waypoints.map(([seconds, latDeg, lonDeg, altM = 0]) => ({
          ...(seconds === null ? {} : { at: durationFromMs(seconds * 1000) }),
          site: { latDeg, lonDeg, altM },
        })),
      },
    },
    ...extra,
  });

describe('a specification', () => {
  it('with every field of contract 1.1 in order has no fault', () => {
    const nodes = [
      ...shell({ planes: 1, perPlane: 2 }).map((node) =>
        Object.assign(node, { terminal: create(TerminalSchema, { ...RADIO, beams: 8, terminalsPerBeam: 4, noiseTemperatureK: 290 }) }),
      ),
      ship(
        [
          [0, 40.6, -74],
          [21_600, 41, -70.1],
        ],
        {
          minElevationDeg: 12,
          elevationMask: [
            { azimuthDeg: 0, minElevationDeg: 30 },
            { azimuthDeg: 180, minElevationDeg: 5 },
          ],
        },
      ),
    ];
    expect(
      faultsOf(nodes, {
        isl: { pattern: 2, minAltitudeM: 80_000, terminal: RADIO },
        gsl: {
          selection: SelectionPolicy.SCHEDULED,
          schedulePeriod: durationFromMs(15_000),
          scheduleOffset: durationFromMs(12_000),
          handoverOutageS: 0.1,
          gases: true,
        },
        weather: [{ nodeId: 'ship', rain: { case: 'series', value: { samples: [{ at: durationFromMs(0), rainMmPerH: 3 }] } }, rainHeightM: 4000 }],
        faults: [
          { at: durationFromMs(0), what: { case: 'nodeId', value: 'W-1-1' } },
          { at: durationFromMs(5), for: durationFromMs(5), what: { case: 'link', value: { a: 'ship', b: 'W-1-2' } }, lossRate: 1, capacityBps: 0 },
        ],
      }),
    ).toEqual([]);
  });

  it('has no light through air: beyond 1000 GHz gases and weather are not known', () => {
    const optical = site('telescope', { terminal: { ...RADIO, frequencyHz: 193.4e12 } });
    const gsl = { selection: SelectionPolicy.MAX_ELEVATION, minElevationDeg: 25 };
    const weather = [{ nodeId: 'telescope', cloudLiquidWaterKgPerM2: 0.1 }];
    expect(pathsOf([...sats, optical], { gsl: { ...gsl, gases: true } })).toEqual(['nodes[2].terminal.frequency_hz']);
    expect(pathsOf([...sats, optical], { gsl, weather })).toEqual(['nodes[2].terminal.frequency_hz']);
    expect(faultsOf([...sats, optical], { gsl })).toEqual([]);
    expect(faultsOf([...sats, optical], { gsl: { ...gsl, gases: true, fixedCapacityBps: 1e9 }, weather })).toEqual([]);
  });

  it('names each fault of a track with its path', () => {
    expect(faultsOf([...sats, ship([])])).toEqual(['nodes[2].track.waypoints: is empty: name one at least']);
    expect(
      faultsOf([
        ship([
          [0, 0, 0],
          [null, 91, 0],
          [10, 0, 10],
          [10, 0, 11],
          [20_000, 0, 190],
          [20_001, 0, 189],
          [20_000_000, 0, 9, 200_000],
        ]),
      ]),
    ).toEqual([
      'nodes[0].track.waypoints[1].at: a time of 0 or more in whole milliseconds is needed',
      'nodes[0].track.waypoints[1].site.lat_deg: 91 is not between -90 and 90 degrees',
      'nodes[0].track.waypoints[3].at: is not after the waypoint before it',
      'nodes[0].track.waypoints[5]: needs 111.7 km/s to be reached in time, which is more than 10',
      'nodes[0].track.waypoints[6].site.alt_m: 200000 is not between -500 and 100000 m',
    ]);
    expect(
      faultsOf([
        ship([
          [0, 20, 10],
          [1e6, -20, 190],
        ]),
      ]),
    ).toEqual(['nodes[0].track.waypoints[1]: lies opposite the waypoint before it on the globe: add one between that says which way']);
  });

  it('names each fault of masks, terminals and what only one kind of node has', () => {
    const mask = [
      { azimuthDeg: 10, minElevationDeg: 91 },
      { azimuthDeg: 10, minElevationDeg: 5 },
      { azimuthDeg: 360, minElevationDeg: 5 },
    ];
    const nodes = [
      Object.assign(shell({ planes: 1, perPlane: 1 })[0], { minElevationDeg: 5, elevationMask: mask.map((each) => create(MaskPointSchema, each)) }),
      site('g', {
        minElevationDeg: -1,
        elevationMask: mask,
        terminal: { ...RADIO, beams: 5000, terminalsPerBeam: 70_000, polarizationTiltDeg: 91, noiseTemperatureK: -1 },
      }),
      create(NodeSpecSchema, { id: 'nowhere', role: NodeRole.GROUND_STATION }),
    ];
    expect(pathsOf(nodes, { gsl: { selection: SelectionPolicy.MAX_ELEVATION, fixedCapacityBps: 1 }, isl: { pattern: 2, terminal: {} } })).toEqual([
      'nodes[0].min_elevation_deg',
      'nodes[0].elevation_mask',
      'nodes[1].min_elevation_deg',
      'nodes[1].elevation_mask[0].min_elevation_deg',
      'nodes[1].elevation_mask[1].azimuth_deg',
      'nodes[1].elevation_mask[2].azimuth_deg',
      'nodes[1].terminal.beams',
      'nodes[1].terminal.polarization_tilt_deg',
      'nodes[1].terminal.noise_temperature_k',
      'nodes[1].terminal.beams',
      'nodes[1].terminal.terminals_per_beam',
      'nodes[2].site',
      'isl.terminal.frequency_hz',
      'isl.terminal.bandwidth_hz',
    ]);
  });

  it('names each fault of the schedule, the weather and the declared faults', () => {
    expect(
      faultsOf([...sats, ground('g', 0, 0)], {
        gsl: { selection: SelectionPolicy.SCHEDULED, schedulePeriod: durationFromMs(0), scheduleOffset: { nanos: 1 }, handoverOutageS: -1 },
        weather: [
          { nodeId: 'x', rain: { case: 'rainMmPerH', value: -1 } },
          { nodeId: 'W-1-1', rain: { case: 'process', value: { probability: 2, medianMmPerH: 0, sigma: -1, correlationTimeS: 0 } } },
          {
            nodeId: 'g',
            rain: { case: 'series', value: { samples: [{ at: durationFromMs(5) }, { at: durationFromMs(5), rainMmPerH: Number.NaN }, {}] } },
            rainHeightM: -1,
          },
          { nodeId: 'g', rain: { case: 'series', value: {} }, cloudLiquidWaterKgPerM2: -1 },
        ],
        faults: [
          {},
          { at: durationFromMs(-1), for: durationFromMs(0), what: { case: 'nodeId', value: 'y' }, lossRate: 2 },
          { at: durationFromMs(1), what: { case: 'link', value: { a: 'x', b: 'x' } }, capacityBps: -1, extraDelayS: Number.NaN },
        ],
      }),
    ).toEqual([
      'gsl.schedule_period: a time above 0 in whole milliseconds is needed',
      'gsl.schedule_offset: a time of 0 or more in whole milliseconds is needed',
      'gsl.handover_outage_s: -1 is not a number of 0 or more',
      "weather[0].node_id: there is no node 'x'",
      'weather[0].rain_mm_per_h: -1 is not a number of 0 or more',
      "weather[1].node_id: 'W-1-1' is not on the ground",
      'weather[1].process.probability: 2 is not between 0 and 1',
      'weather[1].process.median_mm_per_h: 0 is not a number above 0',
      'weather[1].process.sigma: -1 is not a number of 0 or more',
      'weather[1].process.correlation_time_s: 0 is not a number above 0',
      'weather[2].series.samples[1].at: is not after the sample before it',
      'weather[2].series.samples[1].rain_mm_per_h: NaN is not a number of 0 or more',
      'weather[2].series.samples[2].at: a time of 0 or more in whole milliseconds is needed',
      'weather[2].rain_height_m: -1 is not between 0 and 20000 m',
      "weather[3].node_id: 'g' has weather already",
      'weather[3].series.samples: is empty',
      'weather[3].cloud_liquid_water_kg_per_m2: -1 is not a number of 0 or more',
      'faults[0].at: a time of 0 or more in whole milliseconds is needed',
      'faults[0]: names neither a node nor a link',
      'faults[1].at: a time of 0 or more in whole milliseconds is needed',
      '… and 8 more',
    ]);
    expect(
      faultsOf([...sats, ground('g', 0, 0)], {
        faults: [{}, {}, { at: durationFromMs(1), what: { case: 'link', value: { a: 'x', b: 'x' } }, capacityBps: -1 }],
      }).slice(-4),
    ).toEqual([
      "faults[2].link.a: there is no node 'x'",
      "faults[2].link.b: there is no node 'x'",
      "faults[2].link: links 'x' with itself",
      'faults[2].capacity_bps: -1 is not a number of 0 or more',
    ]);
  });

  it('that uses no field of contract 1.1 keeps the hash it had before there were any', () => {
    const spec = create(ScenarioSpecSchema, { name: 'n', gsl: { selection: SelectionPolicy.MAX_ELEVATION }, nodes: [ground('g', 1, 2)] });
    const json =
      '{"gsl":{"selection":"MAX_ELEVATION"},"name":"n","nodes":[{"id":"g","role":"USER_TERMINAL","site":{"latDeg":1,"lonDeg":2},' +
      '"terminal":{"bandwidthHz":62500000,"eirpDbw":33,"frequencyHz":14000000000,"gOverTDbPerK":9,"maxLinks":1}}]}';
    expect(specSha256(spec)).toBe(createHash('sha256').update(json).digest('hex'));
  });
});
