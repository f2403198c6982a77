// Needs root, Mininet and Open vSwitch, and no netem: rates are what changes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { grid, mesh, type Network, tickOf, withLane } from './network.ts';

/** One figure: all that was measured, and what its median may be. */
export interface Measured {
  readonly unit: string;
  readonly limit: number;
  readonly values: readonly number[];
}

const CHANGES = 1_000;
const signal = new AbortController().signal;
const seconds = async (work: () => Promise<void>): Promise<number> => {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
};

/** Ticks that change all links: ms from the arrival of each to the kernel's answer. */
export function apply(network: Network, topo: object, rate: 'htb' | 'tbf', runs: number): Promise<number[]> {
  const shaping = { delay: 'none', rate, read_back_every: 0 };
  return withLane(network, { topo, shaping, controller: { type: 'none' } }, async (lane) => {
    await lane.prepare(signal);
    await lane.applyTick(tickOf(network, 0), signal);
    const measured: number[] = [];
    for (let tick = 1; tick <= runs + 1; tick += 1) measured.push(1000 * (await seconds(() => lane.applyTick(tickOf(network, tick), signal))));
    return measured.slice(1);
  });
}

/** Seconds until the first tick is in force, and seconds until all is gone. */
async function life(network: Network): Promise<readonly [build: number, tearDown: number]> {
  let build = 0;
  let tearDown = 0;
  await withLane(network, { shaping: { delay: 'none' } }, async (lane) => {
    build = await seconds(async () => {
      await lane.prepare(signal);
      await lane.applyTick(tickOf(network, 0), signal);
    });
    tearDown = await seconds(() => lane.finalize());
  });
  return [build, tearDown];
}

/** Milliseconds that a change of one interface takes by Mininet's own TCIntf.config. */
export function ownWayMs(): number {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [fileURLToPath(new URL('own-way.py', import.meta.url))], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Mininet's own way: exit ${status}\n${stderr}`);
  return Number(stdout);
}

/** What the lane costs on this machine: changes in force, beside Mininet's own way, and networks built and taken away. */
export async function benchMininet(runs: number): Promise<Record<string, Measured>> {
  const figures: Record<string, Measured> = {};
  const [switched, routed] = [mesh(33, CHANGES / 2), grid(10, CHANGES / 40)];
  for (const rate of ['htb', 'tbf'] as const) {
    figures[`${CHANGES} changes, switches, ${rate}`] = {
      unit: 'ms',
      limit: 60,
      values: await apply(switched, { satellites: 'switch', datapath: 'user' }, rate, runs),
    };
    figures[`${CHANGES} changes, routers, ${rate}`] = { unit: 'ms', limit: 150, values: await apply(routed, {}, rate, runs) };
  }
  const own = Array.from({ length: runs }, () => ownWayMs() * CHANGES);
  figures[`${CHANGES} × TCIntf.config`] = { unit: 'ms', limit: Infinity, values: own };
  const routers = figures[`${CHANGES} changes, routers, htb`]!.values;
  figures['routers, htb: share of that'] = { unit: '%', limit: 100 / 40, values: routers.map((ms, i) => (100 * ms) / own[i]!) };
  for (const [name, network, most, leave] of [
    ['Iridium and 10 terminals', grid(6, 11, 10), 6, 5],
    ['500 routers', grid(20, 25), 40, 30],
  ] as const) {
    const lives: (readonly [number, number])[] = [];
    for (let run = 0; run < runs; run += 1) lives.push(await life(network));
    figures[`${name}: built`] = { unit: 's', limit: most, values: lives.map(([build]) => build) };
    figures[`${name}: taken away`] = { unit: 's', limit: leave, values: lives.map(([, tearDown]) => tearDown) };
  }
  return figures;
}
