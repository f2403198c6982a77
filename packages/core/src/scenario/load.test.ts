import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultLines, LANES, loadFiles, loadText, VALID } from './load-files.test-helper.js';
import { loadScenario } from './load.js';

describe('loadScenario', () => {
  it('fills in defaults and keeps the block of a lane as it is', async () => {
    const loaded = await loadText(`${VALID}mininet: { topo: { a: [1, null] } }\n`);
    expect(faultLines(loaded)).toEqual([]);
    expect(loaded.scenario).toMatchObject({
      seed: 0,
      execution: { lane_mode: 'flow', record_trace: true },
      paths: { artifacts_root: './artifacts/runs' },
      exporters: { jsonl: {} },
      mininet: { topo: { a: [1, null] } },
    });
    expect(loaded.scenario?.ground?.[0]).toEqual({ id: 'oslo', lat: 59.91, lon: 10.75, alt_m: 0, role: 'ground_station', relay: false });
    expect(loaded.source).toContain('name: base');
    expect(loaded.baseDir).toBe(path.dirname(loaded.file));
  });

  it('reads JSON, with tabs and escapes', async () => {
    const loaded = await loadText(
      '{\n\t"name": "j\\u0061son",\n\t"time": { "t0": "2026-11-20T00:00:00Z", "duration": "10m" },\n\t"ground": [{ "id": "a", "lat": 1, "lon": 2.5e1 }]\n}',
    );
    expect(faultLines(loaded)).toEqual([]);
    expect(loaded.scenario).toMatchObject({ name: 'jason', time: { t1: '2026-11-20T00:10:00.000Z' }, ground: [{ lon: 25 }] });
    expect(loaded.scenario?.time).not.toHaveProperty('duration');
  });

  it('says that a file is not there, is a folder or is not text, and throws nothing', async () => {
    const missing = await loadScenario('/nowhere/x.satsim.yaml', { laneNames: [] });
    expect(missing).toMatchObject({
      scenario: null,
      faults: [{ file: '/nowhere/x.satsim.yaml', line: null, message: 'the scenario cannot be read: there is no such file' }],
    });
    expect((await loadScenario('/', { laneNames: [] })).faults[0]?.message).toContain('it is a folder');
    expect((await loadFiles({ x: new Uint8Array([0x6e, 0xff, 0xfe]) })).faults[0]?.message).toBe('the file is not UTF-8 text');
  });

  it.each([
    ['', 'nothing'],
    ['[1, 2]\n', 'a list'],
    ['just text\n', 'text'],
  ])('wants a map at the top, not %j (%s)', async (text) => {
    expect(faultLines(await loadText(text))).toEqual([expect.stringMatching(/^main\.satsim\.yaml:1 : a scenario is a map/)]);
  });

  it('reports all faults at once, each with file, line and field, by line', async () => {
    const loaded = await loadText(`name: all at once
seed: -1
sead: 3
time:
  t0: "2026-11-20T00:10:00Z"
  t1: "2026-11-20T00:00:00Z"
  dt: 0.5ms
constellation:
  - walker: { name: IR, planes: 2, per_plane: 2, altitude_km: .nan, inclination_deg: 53, phasing: 2 }
ground:
  - { id: oslo, lat: 200, lon: 10.75 }
  - { id: oslo, lat: 1, lon: 1 }
traffic:
  - { id: a, from: oslo, to: oslo, kind: pong }
  - { id: a, from: oslo, to: IR-1-1 }
execution: { record_pcap: maybe }
assertions: [{ flow: b, quantity: rtt.p99, op: "<", value: 1 }]
`);
    expect(faultLines(loaded).map((line) => line.replace('main.satsim.yaml:', ''))).toEqual([
      expect.stringContaining('1 name: an id starts'),
      '2 seed: must be at least 0, found -1',
      '3 sead: unknown key `sead`',
      '6 time.t1: t1 must be after t0 (2026-11-20T00:10:00Z), found 2026-11-20T00:00:00Z',
      '7 time.dt: must be a whole number of milliseconds, found 0.5ms',
      '9 constellation[0].walker.altitude_km: a number must be finite, found .nan',
      '9 constellation[0].walker.phasing: must be less than planes (2), found 2',
      '11 ground[0].lat: must be at most 90, found 200',
      '12 ground[1].id: `oslo` is already used by ground[0]',
      '14 traffic[0].kind: expected `ping`, `udp` or `tcp`, found the text "pong"',
      '14 traffic[0].to: a flow needs two different ends, found `oslo` twice',
      '15 traffic[1].id: `a` is already used by traffic[0]',
      expect.stringContaining('16 execution.record_pcap: '),
      '17 assertions[0].flow: there is no flow `b`',
      expect.stringContaining('17 assertions[0].quantity: expected `rtt_ms.min`'),
    ]);
  });

  it('an item that is no item hides none of the others of its list', async () => {
    const loaded = await loadText(`name: hidden
time: { t0: "2026-11-20T00:00:00Z", duration: 10s }
ground: [{ id: a, lat: 0, lon: 0 }, { id: b, lat: 1, lon: 1 }]
links:
  terrestrial: [5, { a: a, b: a, delay_ms: 1 }]
  isl: { pattern: explicit, pairs: [[a, a], 5] }
traffic:
  - ping
  - { id: one, from: a, to: b, kind: ping, every: 0s, rate_mbps: 3 }
  - { id: one, from: a, to: b, kind: udp, congestion: reno }
assertions:
  - what
  - { flow: one, quantity: bananas, op: "<", value: 1 }
`);
    expect(faultLines(loaded).map((line) => line.replace(/^main\.satsim\.yaml:(\d+ [^:]+): .*$/, '$1'))).toEqual([
      '5 links.terrestrial[0]',
      '5 links.terrestrial[1].b',
      '6 links.isl.pairs[0]',
      '6 links.isl.pairs[1]',
      '8 traffic[0]',
      '9 traffic[1].every',
      '9 traffic[1].rate_mbps',
      '10 traffic[2].congestion',
      '10 traffic[2].id',
      '12 assertions[0]',
      '13 assertions[1].quantity',
    ]);
  });

  it('leaves, beside faults, a scenario whose other parts can still be checked', async () => {
    const { scenario } = await loadText(
      `${VALID}  - { id: x, from: oslo, to: nowhere, kind: pong }\nseed: x\nlinks: { isl: { seam: 3, max_range_km: 10 } }\nticks: { trace: x }\nbogus: 1\n`,
    );
    expect(scenario).toMatchObject({ seed: 0, links: { isl: { max_range_km: 10, seam: false } } });
    expect(scenario?.traffic.map(({ to, kind }) => [to, kind])).toEqual([
      ['singapore', 'ping'],
      ['nowhere', 'ping'],
    ]);
    expect(scenario).not.toHaveProperty('weather');
    expect(scenario).not.toHaveProperty('bogus');
  });

  it('takes a strange key out even where another kind of item requires it', async () => {
    const { scenario, faults } = await loadText(
      `${VALID.replace('lon: 103.82 }', 'lon: 103.82 }\n  - { csv: { file: x.csv, columns: { id: 0, lat: 1, lon: 2 } }, lat: 1 }')}"time.t0": 3\n`,
    );
    expect(faults.map(({ path: field }) => field)).toEqual([['ground', 2, 'lat'], ['time.t0']]);
    expect(scenario?.ground?.[2]).not.toHaveProperty('lat');
    expect(scenario).not.toHaveProperty(['time.t0']);
  });

  it.each(['lat: 99, lon: 1, waypoints: [{ at: 0s, lat: 1, lon: 1 }]', 'waypoints: 3, csv: 3, cities: { top: 1 }', 'lat: 1, lon: 1, walker: {}'])(
    'leaves something, whatever kind of item was meant: %s',
    async (keys) => {
      const { scenario, faults } = await loadText(`${VALID.replace('lat: 59.91, lon: 10.75', keys)}seed: 3\n`);
      expect(faults.length).toBeGreaterThan(0);
      expect(scenario).toMatchObject({ seed: 3, constellation: [{ walker: { name: 'IR' } }] });
    },
  );

  describe('an item that cannot be used', () => {
    const more = (text: string): string =>
      VALID.replace('ground:', `  - walker: { name: B, planes: 1, per_plane: 2, altitude_km: 550, inclination_deg: 53, phasing: 1 }\nground:${text}`);

    it('costs no other item its faults', async () => {
      const { scenario, ...loaded } = await loadText(
        more('\n  - { id: rome, lat: 41.9, lon: 212.5, alt: 3 }').replace('planes: 6, ', '').replace('lat: 59.91', 'lat: 99'),
      );
      expect(faultLines({ scenario, ...loaded })).toEqual([
        'main.satsim.yaml:4 constellation[0].walker.planes: is missing',
        'main.satsim.yaml:5 constellation[1].walker.phasing: must be less than planes (1), found 1',
        'main.satsim.yaml:7 ground[0].alt: unknown key `alt`',
        'main.satsim.yaml:8 ground[1].lat: must be at most 90, found 99',
      ]);
      expect(scenario?.constellation?.[1]).toMatchObject({ walker: { name: 'B' } });
      expect(scenario?.ground).toMatchObject([{ id: 'rome' }, { id: 'oslo' }, { id: 'singapore' }]);
    });

    it('leaves the fields that name nodes, as long as none of them can be one of its own', async () => {
      const faulty = VALID.replace('planes: 6, ', '');
      expect((await loadText(faulty)).scenario?.traffic).toMatchObject([{ from: 'oslo' }]);
      const naming = 'terminals: { IR-1-1: {}, oslo: {} }\nweather: [{ site: oslo, rain_mm_per_h: 1 }]\nfaults: [{ at: 0s, node: "*-3-1" }]\n';
      const { scenario } = await loadText(`${faulty}${naming}links: { terrestrial: [{ a: oslo, b: IR-1-1, delay_ms: 1 }] }\n`);
      expect(scenario).toMatchObject({ terminals: { oslo: {} }, weather: [{ site: 'oslo' }], traffic: [{ to: 'singapore' }] });
      expect(scenario?.terminals).not.toHaveProperty('IR-1-1');
      expect(scenario?.links).not.toHaveProperty('terrestrial');
      expect(scenario).not.toHaveProperty('faults');
    });

    it('costs weather and faults only itself, and weather not even its site', async () => {
      const { scenario, ...loaded } = await loadText(
        `${VALID}weather: [{ site: oslo, rain: 3 }, 7, { site: oslo, rain_mm_per_h: 1 }]\nfaults:\n  - 3\n  - { at: 11m, node: oslo }\n`,
      );
      expect(faultLines({ scenario, ...loaded }).map((line) => line.split(': ')[0])).toEqual([
        'main.satsim.yaml:10 weather[0].rain',
        'main.satsim.yaml:10 weather[0].rain_mm_per_h',
        'main.satsim.yaml:10 weather[1]',
        'main.satsim.yaml:10 weather[2].site',
        'main.satsim.yaml:12 faults[0]',
        'main.satsim.yaml:13 faults[1].at',
      ]);
      expect(scenario?.weather?.map(({ site }) => site)).toEqual(['oslo', 'unnamed.1', 'oslo']);
      expect(scenario?.faults?.[1]).toMatchObject({ node: 'oslo' });
    });

    it('leaves none of them when nothing tells what its nodes would have been called', async () => {
      const { scenario, faults } = await loadText(more('\n  - { csv: { file: a.csv } }').replace(', phasing: 1', ''));
      expect(faults.map(({ path: field }) => field)).toEqual([['ground', 0, 'csv', 'columns']]);
      expect(scenario).toMatchObject({ ground: [{}, { id: 'oslo' }, { id: 'singapore' }], traffic: [] });
    });
  });

  it('leaves no field that names nodes when a section is lost, and no scenario when all are', async () => {
    const lost = await loadText(VALID.replace(/constellation:[^]*ground:/, 'constellation: 3\nground:'));
    expect(faultLines(lost)).toEqual(['main.satsim.yaml:3 constellation: expected a list, found 3']);
    expect(lost.scenario).toMatchObject({ ground: [{ id: 'oslo' }, { id: 'singapore' }], traffic: [] });
    expect((await loadText('name: x\ntime: { t0: "2026-11-20T00:00:00Z", duration: 1m }\nground: 3\n')).scenario).toBeNull();
  });

  it('finds fields, and for a field that is not there what should hold it', async () => {
    const { locate, file } = await loadText(VALID);
    expect(locate(['ground', 1, 'lon'])).toMatchObject({ file, line: 7 });
    expect(locate(['constellation', 0, 'walker', 'raan_spread_deg'])).toMatchObject({ file, line: 4 });
    expect(locate(['links', 'gsl'])).toMatchObject({ file, line: 1, column: 1 });
  });

  it('warns of fields that do nothing', async () => {
    const warnings = async (text: string) => (await loadText(`${VALID}${text}\n`)).warnings;
    expect(await warnings('links: { isl: { neighbors: 3 } }')).toEqual(['links.isl.neighbors has no effect with the pattern plus_grid']);
    expect(await warnings('links: { gsl: { schedule: {} } }')).toEqual(['links.gsl.schedule has no effect with the policy max_elevation']);
    const rain = 'weather: [{ site: oslo, rain_mm_per_h: 3 }]\nlinks:';
    expect(await warnings(`${rain} { gsl: { capacity_mbps: 3 } }`)).toEqual(['weather has no effect with a fixed links.gsl.capacity_mbps']);
    expect(await warnings(`${rain} { gsl: { policy: max_snr, capacity_mbps: 3 } }`)).toEqual([]);
    expect(await warnings(`${rain} { gsl: { policy: scheduled, schedule: {} } }`)).toEqual([]);
    expect((await loadText(`${VALID}geomrf: { tls: true, token_file: t }\n`)).warnings).toEqual([
      'geomrf.tls has no effect without geomrf.grpc_target',
      'geomrf.token_file has no effect without geomrf.grpc_target',
    ]);
  });

  it('takes lane blocks only for installed lanes', async () => {
    const text = `${VALID}omnet: {}\n`;
    expect(faultLines(await loadText(text, { laneNames: LANES }))).toEqual([]);
    expect((await loadText(text, { laneNames: ['flow'] })).faults).toMatchObject([
      { path: ['omnet'], line: 10, hint: 'neither a key of the format nor an installed lane' },
    ]);
    expect((await loadText(`${VALID}omnett: {}\n`)).faults).toMatchObject([{ path: ['omnett'], hint: 'did you mean `omnet`?' }]);
  });
});
