// One run of several lanes at once: the model, packet simulators, and real packets in a kernel with netem. In user-mode-linux,
// which sees the machine's own ns-3 and OMNeT++; the latter where opp_run is on PATH.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FlowComparison } from '@satsim/core';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { bin } from '../e2e/satsim.js';
import { lacksNs3 } from './ns3/machine.js';
import { boot } from './uml/boot.js';
import { emulate, EmulatedRun, median } from './uml/emulated-run.js';
import { BOOT_LIMIT_MS, expectRttOfTheModel, once, REAL_TIME, T0, time } from './uml/measured.js';

const place = mkdtempSync(join(tmpdir(), 'satsim-uml-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Folder of OMNeT++; `null` when opp_run is not on PATH. */
function omnetRoot(): string | null {
  try {
    return dirname(dirname(realpathSync(execFileSync('sh', ['-c', 'command -v opp_run'], { encoding: 'utf8' }).trim())));
  } catch {
    return null;
  }
}

const [HANDOVER, END] = [11, 22];
const root = omnetRoot();
const SIMULATORS = ['ns3', ...(root === null ? [] : ['omnet'])];
const FLOWS = ['oslo-nairobi', 'oslo-honolulu'];
const scenario = {
  time: time(END),
  constellation: [{ walker: { name: 'W', pattern: 'delta', planes: 3, per_plane: 3, altitude_km: 8000, inclination_deg: 55, phasing: 1 } }],
  ground: [
    { id: 'oslo', lat: 59.91, lon: 10.75 },
    { id: 'nairobi', lat: -1.29, lon: 36.82 },
    { id: 'honolulu', lat: 21.31, lon: -157.86 },
  ],
  terminals: { ground_station: { antennas: 1 } },
  links: { isl: { pattern: 'plus_grid', capacity_mbps: 100 }, gsl: { min_elevation_deg: 10, capacity_mbps: 50, loss_pct: 0 } },
  // Honolulu's satellite is lost to it, and it goes on by another one; to Nairobi there is another way between satellites.
  faults: [
    ['honolulu', 'W-2-2'],
    ['W-3-1', 'W-3-2'],
  ].map((link) => ({ at: `${HANDOVER}s`, for: '1h', link })),
  traffic: FLOWS.map((id) => ({ id, from: 'oslo', to: id.slice(id.indexOf('-') + 1), kind: 'ping', every: '200ms' })),
  execution: { lane_mode: 'parallel' },
  lanes: ['flow', ...SIMULATORS, 'mininet'],
  ...(root !== null && { omnet: { root } }),
};

interface Finished {
  readonly outcome: string;
  readonly lanes: readonly { readonly name: string; readonly ticks: number; readonly error: string | null; readonly figures?: Record<string, number> }[];
  readonly comparison: readonly FlowComparison[];
}

describe.skipIf(lacksNs3())(`nine satellites, one run of flow, ${SIMULATORS.join(', ')} and mininet`, REAL_TIME, () => {
  const together = once(place, async (folder) => {
    mkdirSync(folder, { recursive: true });
    // Simulators are compiled on the machine itself, where it takes a tenth of the time, by a run of two ticks; once for all boots.
    const cache = join(place, 'compiled');
    const simulators = { ...scenario, name: 'compile', time: { ...time(2), mode: 'offline' }, faults: [], lanes: ['flow', ...SIMULATORS] };
    const file = join(folder, 'compile.satsim.yaml');
    writeFileSync(file, JSON.stringify({ ...simulators, paths: { artifacts_root: join(folder, 'compiling') } }));
    const path = root === null ? {} : { PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
    await execa(process.execPath, [bin, 'run', file], { env: { ...path, XDG_CACHE_HOME: cache } });
    const environment = `export XDG_CACHE_HOME=${cache}${root === null ? '' : ` PATH=${join(root, 'bin')}:$PATH`}`;
    await boot(folder, `set -e\n${environment}\n${emulate(folder, 'together', scenario)}`, BOOT_LIMIT_MS);
    const run = new EmulatedRun(folder, 'together', T0);
    expect(readdirSync(join(folder, 'together'))).toHaveLength(1);
    return { run, summary: JSON.parse(readFileSync(join(run.dir, 'summary.json'), 'utf8')) as Finished };
  });

  it('every lane gets every tick, and the kernel had all of it', async (context) => {
    const { summary } = await together(context);
    expect(summary.outcome).toBe('completed');
    expect(summary.lanes.map(({ name, ticks, error }) => ({ name, ticks, error }))).toEqual(scenario.lanes.map((name) => ({ name, ticks: END, error: null })));
    const { figures } = summary.lanes.find(({ name }) => name === 'mininet')!;
    expect(figures).toMatchObject({ readBackDifferences: 0 });
    expect(figures!['readBackInterfaces']).toBeGreaterThan(40);
  });

  for (const flow of FLOWS) {
    it(`${flow}: real packets take as long as the model says, before the handover and after it`, async (context) => {
      const { run } = await together(context);
      for (const span of [[1, HANDOVER - 0.2] as const, [HANDOVER + 1, END] as const]) {
        const { hops } = run.samples('flow', flow, span)[0]!;
        expectRttOfTheModel(run, flow, hops!, span);
      }
    });

    for (const lane of SIMULATORS) {
      it(`${flow}: packets simulated by ${lane} do`, async (context) => {
        const { run } = await together(context);
        for (const span of [[0, HANDOVER] as const, [HANDOVER + 1, END] as const]) {
          const [expected, simulated] = ['flow', lane].map((name) => run.samples(name, flow, span).map(({ rttMs }) => rttMs!)) as [number[], number[]];
          expect(simulated.length).toBeGreaterThanOrEqual(5 * (span[1] - span[0]) - 2);
          expect(Math.abs(median(simulated) - median(expected))).toBeLessThanOrEqual(1 + 0.01 * median(expected));
        }
      });
    }
  }

  it('the handover was one: another way, in every lane', async (context) => {
    const { run } = await together(context);
    for (const lane of scenario.lanes) {
      const rtt = (span: readonly [number, number]): number => median(run.samples(lane, 'oslo-honolulu', span).flatMap(({ rttMs }) => rttMs ?? []));
      expect(rtt([1, HANDOVER - 0.2]) - rtt([HANDOVER + 1, END]), lane).toBeGreaterThan(15);
    }
  });

  it('the run compares all lanes with the first by itself, and finds that they agree, the emulated one too', async (context) => {
    const { summary } = await together(context);
    const verdicts = summary.comparison.filter(({ quantity }) => quantity === 'rtt_ms').map(({ flow, other, verdict }) => `${flow} ${other.lane}: ${verdict}`);
    expect(verdicts.toSorted()).toEqual(FLOWS.flatMap((flow) => scenario.lanes.slice(1).map((lane) => `${flow} ${lane}: agree`)).toSorted());
  });
});
