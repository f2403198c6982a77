import { describe, expect, it } from 'vitest';
import { faultLines, loadText, VALID } from './load-files.test-helper.js';

const withSet = async (...set: string[]): Promise<string[]> =>
  faultLines(await loadText(VALID, { set })).map((line) => line.replace('--set: ', '').replace('main.satsim.yaml:', ''));

/** A flow of each kind. */
const KINDS = '[{ id: p, from: oslo, to: singapore }, { id: u, from: oslo, to: singapore, kind: udp }, { id: t, from: oslo, to: singapore, kind: tcp }]';

describe('how the fields of a scenario fit together', () => {
  it.each([
    ['time.t1="2026-11-20T00:00:00Z"', 'time.t1: t1 must be after t0'],
    ['time.t1="2026-02-30T00:00:00Z"', 'time.t1: there is no such date'],
    ['time.t1="2026-11-20T00:10:00+01:00"', 'time.t1: a time is ISO 8601 in UTC'],
    ['time.duration=0s', 'time.duration: must be more than 0'],
    ['time.duration=0.0001s', 'time.duration: must be a whole number of milliseconds'],
    ['time.duration=90000000d', 'time.duration: the run would end after the year 9999'],
    [`time.duration=${'9'.repeat(400)}d`, 'time.duration: a duration is at most'],
    ['time.dt=-1s', 'time.dt: a duration is a number and a unit'],
    ['time.dt=1', 'time.dt: a duration is a number and a unit: 100ms, 1s, 10m, 6h, 1d; found 1'],
    ['geomrf.request_dt=2s', 'geomrf.request_dt: must equal time.dt (1s), found 2s'],
    ['seed=1.5', 'seed: expected a whole number, found 1.5'],
    ['constellation[0].walker.phasing=6', 'constellation[0].walker.phasing: must be less than planes (6), found 6'],
    ['constellation[0].walker.planes=0', 'constellation[0].walker.planes: must be more than 0, found 0'],
    ['links.isl.pattern=explicit', 'links.isl.pairs: is missing'],
    ['links.isl={ pattern: explicit, pairs: [[a, a]] }', 'links.isl.pairs[0]: a link needs two different ends'],
    ['links.terrestrial=[{ a: oslo, b: oslo, delay_ms: 1 }]', 'links.terrestrial[0].b: a link needs two different ends'],
    ['ticks={}', 'ticks: needs either `trace` or `source`'],
    ['ticks={ config: {} }', 'ticks: needs either `trace` or `source`'],
    ['geomrf={ grpc_target: "x:1", tls: { cert_file: a } }', 'geomrf.tls.cert_file: needs `key_file`'],
    ['geomrf={ grpc_target: "x:1", tls: { key_file: a } }', 'geomrf.tls.key_file: needs `cert_file`'],
    ['geomrf={ grpc_target: "x:1", tls: false }', 'geomrf.tls: '],
    [
      'links.isl={ capacity_mbps: 1, budget: { frequency_ghz: 60, bandwidth_mhz: 1, eirp_dbw: 1, g_over_t_db_per_k: 1 } }',
      'links.isl.capacity_mbps: stands beside budget',
    ],
    ['links.gsl={ policy: scheduled, schedule: { period: 0s } }', 'links.gsl.schedule.period: must be more than 0'],
    ['links.gsl={ policy: scheduled, schedule: { offset: 0.5ms } }', 'links.gsl.schedule.offset: must be a whole number of milliseconds'],
    [
      'ground[0]={ id: oslo, waypoints: [{ at: 1s, lat: 1, lon: 1 }, { at: 1000ms, lat: 2, lon: 1 }] }',
      'ground[0].waypoints[1].at: must be after the one before it (1s), found 1000ms',
    ],
    ['ground[0]={ id: oslo, waypoints: [] }', 'ground[0].waypoints: must have at least 1 item'],
    ['ground[0].elevation_mask=[[10, 5], [10, 6]]', 'ground[0].elevation_mask[1][0]: azimuths must ascend: 10 stands after 10'],
    ['ground[0].elevation_mask=[[360, 5]]', 'ground[0].elevation_mask[0][0]: must be less than 360, found 360'],
    ['ground[0].min_elevation_deg=91', 'ground[0].min_elevation_deg: must be at most 90'],
    ['weather=[{ site: oslo, rain_mm_per_h: 1 }, { site: oslo, rain_mm_per_h: 2 }]', 'weather[1].site: `oslo` is already used by weather[0]'],
    [
      'weather=[{ site: oslo, series: [{ at: 2s, rain_mm_per_h: 1 }, { at: 1s, rain_mm_per_h: 1 }] }]',
      'weather[0].series[1].at: must be after the one before it (2s), found 1s',
    ],
    [
      'weather=[{ site: oslo, process: { probability: 2, median_mm_per_h: 1, sigma: 1, correlation_time: 1m } }]',
      'weather[0].process.probability: must be at most 1',
    ],
    [
      'weather=[{ site: oslo, process: { probability: 1, median_mm_per_h: 1, sigma: 1, correlation_time: 0s } }]',
      'weather[0].process.correlation_time: must be more than 0',
    ],
    ['faults=[{ at: 1s }]', 'faults[0]: does not say what fails'],
    ['faults=[{ at: 1s, node: oslo, link: [oslo, a] }]', 'faults[0].link: stands beside node'],
    ['faults=[{ at: 1s, link: [oslo, oslo] }]', 'faults[0].link: a link needs two different ends, found `oslo` twice'],
    ['faults=[{ at: 10m, node: oslo }]', 'faults[0].at: must be before the end of the run (600 s), found 10m'],
    ['faults=[{ at: 0.5ms, node: oslo }]', 'faults[0].at: must be a whole number of milliseconds, found 0.5ms'],
    ['faults=[{ at: 1s, for: 0s, node: oslo }]', 'faults[0].for: must be more than 0'],
    ['faults=[{ at: 1s, node: oslo, effect: {} }]', 'faults[0].effect: says nothing'],
    ['faults=[{ at: 1s, node: "a b" }]', 'faults[0].node: an id, or a pattern of ids'],
    ['traffic[0].to=oslo', 'traffic[0].to: a flow needs two different ends'],
    ['traffic[0].every=0s', 'traffic[0].every: must be more than 0'],
    ['traffic[0].start=10m', 'traffic[0].start: must be before the end of the run (600 s), found 10m'],
    ['traffic[0].stop=11m', 'traffic[0].stop: must be within the run (600 s), found 11m'],
    ['traffic[0].stop=0s', 'traffic[0].stop: must be after start (0s), found 0s'],
    ['assertions=[{ flow: os-gs, quantity: availability, op: ">", value: 0 }]', 'assertions[0].flow: there is no flow `os-gs`'],
  ])('%s', async (set, expected) => {
    expect(await withSet(set)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ['traffic[0].rate_mbps=1', 'traffic[0].rate_mbps: is for udp and tcp, but this flow is ping'],
    ['traffic[0].pattern=poisson', 'traffic[0].pattern: is for udp, but this flow is ping'],
    ['traffic[0].congestion=cubic', 'traffic[0].congestion: is for tcp, but this flow is ping'],
    ['traffic[1].every=1s', 'traffic[1].every: is for ping, but this flow is udp'],
    ['traffic[2].packet_bytes=127', 'traffic[2].packet_bytes: must be at least 128 for tcp, found 127'],
    ['traffic[0].packet_bytes=27', 'traffic[0].packet_bytes: must be at least 28, found 27'],
    ['traffic[0].dscp=64', 'traffic[0].dscp: must be at most 63, found 64'],
    ['traffic[0].dscp=-1', 'traffic[0].dscp: must be at least 0, found -1'],
    ['traffic[1].pattern=bursts', 'traffic[1].pattern: expected'],
  ])('of a flow: %s', async (set, expected) => {
    expect(await withSet(`traffic=${KINDS}`, set)).toEqual([expect.stringContaining(expected)]);
  });

  it('accepts every key with the kinds of flows that have it', async () => {
    expect(
      await withSet(
        `traffic=${KINDS}`,
        ...['p', 'u', 't'].flatMap((_, index) => [`traffic[${index}].dscp=63`, `traffic[${index}].packet_bytes=128`, `traffic[${index}].start=1s`]),
        'traffic[0].every=1ms',
        'traffic[1].rate_mbps=0.1',
        'traffic[1].pattern=poisson',
        'traffic[2].rate_mbps=2',
        'traffic[2].congestion=bbr',
      ),
    ).toEqual([]);
  });

  it('accepts what is just allowed', async () => {
    expect(
      await withSet(
        'traffic[0].start=1ms',
        'traffic[0].stop=600s',
        'geomrf.request_dt=1000ms',
        'constellation[0].walker.phasing=5',
        'geomrf.scenario_spec={}',
        'weather=[]',
        'faults=[{ at: 9m, for: 1d, node: "IR-3-*" }, { at: 0s, link: [oslo, IR-1-1], effect: { delay_ms: 0 } }]',
        'links.gsl={ policy: scheduled, schedule: { offset: 75s } }',
        'ground[0].elevation_mask=[[359.9, 90]]',
        'geomrf.grpc_target=localhost:1',
        'geomrf.tls=true',
        'geomrf.token_file=token',
      ),
    ).toEqual([]);
  });

  it('wants exactly one of t1 and duration', async () => {
    const time = (text: string) => loadText(`name: x\ntime:\n  t0: "2026-11-20T00:00:00Z"\n${text}ground: [{ id: a, lat: 1, lon: 1 }]\n`);
    expect((await time('')).faults).toMatchObject([{ path: ['time', 't1'], line: 2, message: 'is missing' }]);
    expect(faultLines(await time('  t1: "2026-11-20T00:10:00Z"\n  duration: 10m\n'))).toEqual(['main.satsim.yaml:5 time.duration: stands beside t1']);
  });

  it('ids of shells, sites and flows are unique, each for itself', async () => {
    const walker = '{ name: oslo, planes: 1, per_plane: 1, altitude_km: 500, inclination_deg: 53 }';
    expect(await withSet(`constellation=[{ walker: ${walker} }, { walker: ${walker} }]`)).toEqual([
      'constellation[1].walker.name: `oslo` is already used by constellation[0]',
    ]);
  });

  it('leaves references to nodes to the tick source, which knows all nodes', async () => {
    expect(await withSet('traffic[0].to=nowhere', 'terminals.nowhere.antennas=1')).toEqual([]);
  });

  it('wants a network, and not in both ways', async () => {
    const head = 'name: x\ntime: { t0: "2026-11-20T00:00:00Z", duration: 10m }\n';
    expect(faultLines(await loadText(head))).toEqual([expect.stringContaining(':1 : there is no network')]);
    expect(faultLines(await loadText(`${head}geomrf: { scenario_spec: { name: x } }\n`))).toEqual([]);
    const both = await loadText(`${VALID}links: {}\ngeomrf: { scenario_spec: { name: x } }\n`);
    expect(faultLines(both).map((line) => line.replace(/.*:(\d+ \w+):.*/, '$1'))).toEqual(['3 constellation', '5 ground', '10 links']);
    expect(both.scenario).toMatchObject({ traffic: [], geomrf: { scenario_spec: { name: 'x' } } });
  });
});
