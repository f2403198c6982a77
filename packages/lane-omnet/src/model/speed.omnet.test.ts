import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeOmnet, play } from '../omnet.test-helper.js';

/** Pieces of a trace of many rows: a share of all links has a new delay at each tick after the first. */
function* changes(pairs: number, ticks: number, share: number): Iterable<string> {
  for (let tick = 0; tick < ticks; tick++) {
    const rows: string[] = [];
    const step = tick === 0 ? 1 : Math.round(1 / share);
    for (let link = tick === 0 ? 0 : tick % step; link < 2 * pairs; link += step)
      rows.push(`${tick},${tick}.000,${link},1,${(0.003 + ((link * 7 + tick * 13) % 9_999) * 1e-6).toFixed(9)},100000000,0.000000000`);
    yield rows.join('\n');
  }
}

/** A ring, several times around. */
function ring(pairs: number) {
  const count = Math.ceil(pairs / 2) + 1;
  const nodes = Array.from({ length: count }, (_unused, node) => `S-${node}`);
  return {
    nodes,
    pairs: Array.from(
      { length: pairs },
      (_unused, pair) => [pair % count, (pair + 1 + Math.floor(pair / count)) % count].sort((a, b) => a - b) as [number, number],
    ),
  };
}

/** CPU seconds of the program once more, by the shell's own account. */
async function cpuSeconds(command: readonly string[], cwd: string): Promise<number> {
  const { stdout } = await promisify(execFile)('sh', ['-c', '"$@" > /dev/null; times', 'sh', ...command], { cwd });
  const ofChildren = stdout.trim().split('\n').at(-1)!;
  return Array.from(ofChildren.matchAll(/(\d+)m([\d.]+)s/g), ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds)).reduce(
    (sum, part) => sum + part,
    0,
  );
}

describeOmnet('traces without traffic', { timeout: 300_000 }, () => {
  it.each([
    ['1,000 duplex links, 600 ticks, 10 % changes', 1_000, 600, 0.1, 0.5],
    ['5,000 duplex links, 1,000 ticks, 100 % changes', 5_000, 1_000, 1, 8],
  ])('%s', async (_, pairs, ticks, share, limitS) => {
    const { told, counters } = await play({ ...ring(pairs), links: changes(pairs, ticks, share), routes: [], ticks });
    expect(counters['link_rows']).toBe(2 * pairs + (ticks - 1) * 2 * pairs * share);
    const seconds = await cpuSeconds(told['command'] as readonly string[], told['cwd'] as string);
    console.log(`${pairs} × ${ticks} × ${share}: ${seconds.toFixed(2)} s CPU`);
    expect(seconds).toBeLessThan(limitS);
  });
});
