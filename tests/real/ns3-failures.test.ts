import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testLaneDeps } from '@satsim/core/testing';
import { BAD_LINKS, BAD_ROUTES, GOOD_LINK } from '@satsim/simulation/testing';
import { LINKS_HEADER, ROUTES_HEADER } from '@satsim/simulation';
import { execa } from 'execa';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENDLESS, iridium, pause, SHORT, until, workplace } from '../e2e/satsim.js';
import { mountDisk, unmountAll } from './disk.js';
import { lacksNs3 } from './ns3/machine.js';
import { ns3Lane } from './ns3/simulate.js';

interface Failed {
  readonly runDir: string;
  readonly outcome: string;
  readonly exitCode: number;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

const LANE = ['--lane', 'ns3', '--set', 'ns3={}', '--format', 'json'];
/** Half a minute of work, whatever the machine. */
const HEAVY = [
  '--set',
  'assertions=[]',
  '--set',
  'traffic=[{id: u, from: oslo, to: singapore, kind: udp, rate_mbps: 900}]',
  '--set',
  'links.isl.capacity_mbps=1000',
  '--set',
  'links.gsl.capacity_mbps=1000',
];

describe.skipIf(lacksNs3())('ns-3: what goes wrong', () => {
  const place = workplace();
  /** Compiled once; tests that want an empty one set their own. */
  const compiled = join(place.dir, 'cache');
  const path = process.env['PATH'];
  let tools = 0;
  beforeEach(() => {
    process.env['XDG_CACHE_HOME'] = compiled;
  });
  afterEach(async () => {
    process.env['PATH'] = path;
    await place.killAll();
    unmountAll();
    expect(place.leftovers()).toEqual([]);
  });
  afterAll(() => {
    delete process.env['XDG_CACHE_HOME'];
    place.remove();
  });
  const run = async (...args: string[]): Promise<Failed> => JSON.parse((await place.satsim('run', iridium, ...SHORT, ...LANE, ...args)).stdout) as Failed;
  /** Puts a program of that name in front of all others. */
  function inFront(name: string, script: string): void {
    const dir = join(place.dir, `tools-${(tools += 1)}`);
    mkdirSync(dir);
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
    process.env['PATH'] = `${dir}:${process.env['PATH']}`;
  }
  const emptyCache = (): string => (process.env['XDG_CACHE_HOME'] = join(place.dir, `cache-${(tools += 1)}`));
  const kept = (cache: string): string[] => (existsSync(join(cache, 'satsim/native')) ? readdirSync(join(cache, 'satsim/native')) : []);
  /** Whether such a command line is running. */
  const working = (command: RegExp) => (): boolean => place.leftovers().some((what) => command.test(what));
  const COMPILING = /^process \d+: \S*cc1plus /;
  const SIMULATING = /^process (\d+): \S*satsim-ns3 --links/m;

  describe('before the run', () => {
    it.each([
      ['an ns-3 that is too old', 'case "$*" in *modversion*) for i in 1 2 3 4 5; do echo 3.30; done;; esac', /ns-3 3\.37 or later \(this is 3\.30\)/],
      [
        'no ns-3',
        'echo "Package ns3-flow-monitor was not found in the pkg-config search path." >&2; exit 1',
        /ns-3 3\.37 or later \(pkg-config does not find ns3-flow-monitor\)/,
      ],
    ])('%s: exit 3, and how to get it; nothing has started', async (_what, script, says) => {
      inFront('pkg-config', script);
      const { exitCode, stdout, stderr } = await place.satsim('run', iridium, ...SHORT, '--lane', 'flow', ...LANE);
      expect(exitCode).toBe(3);
      expect(`${stdout}${stderr}`).toMatch(says);
      expect(`${stdout}${stderr}`).toContain('apt-get install ns3 libns3-dev');
      expect(place.runs()).toEqual([]);
    });

    it('a congestion control that ns-3 has not: exit 2 naming the field', async () => {
      const { exitCode, stderr } = await place.satsim(
        'run',
        iridium,
        ...SHORT,
        '--lane',
        'ns3',
        '--set',
        'ns3={}',
        '--set',
        'assertions=[]',
        '--set',
        'traffic=[{id: t, from: oslo, to: singapore, kind: tcp, congestion: vegas}]',
      );
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/traffic\[0\]\.congestion: in lane ns3: ns-3 has no congestion control vegas.*newreno, cubic, bbr/);
      expect(place.runs()).toEqual([]);
    });
  });

  describe('compiling', () => {
    it('an error of the compiler is told by file and line; nothing is kept, and the next run compiles', { timeout: 120_000 }, async () => {
      const cache = emptyCache();
      inFront('g++', 'case "$*" in *--version*) echo "g++ 1";; *) echo "network.h:42:7: error: no member named Fast" >&2; exit 1;; esac');
      const failed = await run();
      expect(failed).toMatchObject({ outcome: 'failed', exitCode: 1, error: { code: 'LANE_FAILED' } });
      expect(failed.error.message).toContain('the ns3 program cannot be compiled, g++ failed with exit code 1: network.h:42: no member named Fast');
      expect(kept(cache)).toEqual([]);
      process.env['PATH'] = path;
      expect(await run()).toMatchObject({ outcome: 'completed' });
    });

    it.each([
      ['SIGINT', 130],
      ['SIGKILL', undefined],
    ] as const)('%s while it compiles leaves nothing that could be used, and no process', { timeout: 120_000 }, async (signal, exitCode) => {
      const cache = emptyCache();
      const running = place.start('run', iridium, ...SHORT, ...LANE);
      await until(working(COMPILING));
      running.kill(signal);
      expect((await running).exitCode).toBe(exitCode);
      // Nobody is left to end the compiler of a killed one: it comes to its own end.
      await until(() => !working(COMPILING)(), 60_000);
      // A killed process can't take its half a build away: the next one does.
      expect(kept(cache).filter((name) => /^[0-9a-f]{64}$/.test(name))).toEqual([]);
      if (signal === 'SIGINT') expect(kept(cache)).toEqual([]);
      rmSync(join(place.dir, 'tmp'), { recursive: true });
      mkdirSync(join(place.dir, 'tmp'));
      expect(await run()).toMatchObject({ outcome: 'completed' });
      expect(kept(cache)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    });

    it('a cache on a full disk: the message names it', async (context) => {
      const disk = mountDisk(context, place.dir, 'small-cache', 'size=64k');
      process.env['XDG_CACHE_HOME'] = disk;
      const failed = await run();
      expect(failed).toMatchObject({ outcome: 'failed', exitCode: 1, error: { code: 'LANE_FAILED' } });
      expect(failed.error.message).toMatch(/no space left on device|No space left on device/);
    });

    it('a start with a compiled program takes at most 0.3 s', async () => {
      const bench = await testLaneDeps();
      try {
        const definition = await ns3Lane();
        const config = await definition.config['~standard'].validate({});
        const start = async (): Promise<number> => {
          const lane = definition.create({ ...bench.deps, config: (config as { value: unknown }).value });
          const started = performance.now();
          await lane.prepare(new AbortController().signal);
          const ms = performance.now() - started;
          await lane.finalize();
          return ms;
        };
        await start();
        const best = Math.min(await start(), await start(), await start());
        process.stderr.write(`ns-3: start with a compiled program ${best.toFixed(0)} ms\n`);
        expect(best).toBeLessThan(300);
      } finally {
        await bench.dispose();
      }
    });
  });

  describe('while ticks come', () => {
    it.each([
      ['SIGTERM', 130, 'interrupted'],
      ['SIGKILL', undefined, null],
    ] as const)('%s leaves whole lines, and nothing is simulated', { timeout: 120_000 }, async (signal, exitCode, outcome) => {
      const before = place.runs().length;
      const running = place.start('run', iridium, ...ENDLESS, ...LANE);
      const inLane = (name: string): string => join(place.dir, 'artifacts/runs', place.runs().at(-1)!, 'lanes/ns3', name);
      await until(() => place.runs().length > before && existsSync(inLane('links.trace')) && readFileSync(inLane('links.trace')).length > 20_000, 60_000);
      running.kill(signal);
      expect((await running).exitCode).toBe(exitCode);
      if (outcome !== null) {
        expect(place.manifests().at(-1)).toMatchObject({ outcome });
        expect(readFileSync(inLane('links.trace'), 'utf8')).toMatch(/\n$/);
      }
      expect(existsSync(inLane('results/ns3.out.log'))).toBe(false);
      rmSync(join(place.dir, 'tmp'), { recursive: true });
      mkdirSync(join(place.dir, 'tmp'));
    });
  });

  describe('simulating', () => {
    it.each([
      ['SIGINT', 130, 'interrupted'],
      ['SIGTERM', 130, 'interrupted'],
      ['SIGKILL', undefined, null],
    ] as const)('%s ends it and leaves no process', { timeout: 120_000 }, async (signal, exitCode, outcome) => {
      const running = place.start('run', iridium, '--t1', '2026-11-20T00:01:00Z', ...LANE, ...HEAVY);
      await until(working(SIMULATING), 60_000);
      await pause(500);
      running.kill(signal);
      expect((await running).exitCode).toBe(exitCode);
      await until(() => !working(SIMULATING)());
      if (outcome !== null) expect(place.manifests().at(-1)).toMatchObject({ outcome });
      rmSync(join(place.dir, 'tmp'), { recursive: true });
      mkdirSync(join(place.dir, 'tmp'));
    });

    it('a program that is killed fails the run and says so', { timeout: 120_000 }, async () => {
      const running = place.start('run', iridium, '--t1', '2026-11-20T00:01:00Z', ...LANE, ...HEAVY);
      await until(working(SIMULATING), 60_000);
      const [, pid] = SIMULATING.exec(place.leftovers().join('\n'))!;
      process.kill(Number(pid), 'SIGKILL');
      const failed = JSON.parse((await running).stdout) as Failed;
      expect(failed).toMatchObject({
        outcome: 'failed',
        exitCode: 1,
        error: { code: 'LANE_FAILED', message: 'lane ns3 failed in complete: satsim-ns3: it was ended by SIGKILL' },
      });
    });

    it('a full disk: whatever its size, the run fails and says so, or is complete', { timeout: 120_000 }, async (context) => {
      const outcomes = new Set<string>();
      for (const size of [200, 260, 320, 360, 400, 440, 500, 700, 4000]) {
        const disk = mountDisk(context, place.dir, `disk-${size}`, `size=${size}k`);
        const result = await run('--set', `paths.artifacts_root=${disk}/runs`);
        outcomes.add(result.outcome ?? 'failed');
        if (result.outcome === 'completed') continue;
        expect(result.error.message, `${size}k`).toMatch(/disk is full|No space left on device/);
      }
      expect([...outcomes].toSorted()).toEqual(['completed', 'failed']);
    });

    describe('a malformed trace is refused by file and line', () => {
      const [program] = ((): string[] => {
        const dirs = kept(compiled).filter((name) => /^[0-9a-f]{64}$/.test(name));
        return dirs.map((name) => join(compiled, 'satsim/native', name, 'satsim-ns3'));
      })();
      const files = { links: join(place.dir, 'links.trace'), routes: join(place.dir, 'routes.trace') };
      async function play(links: string, routes: string) {
        // Compiled by the tests above, or now.
        const binary =
          program ?? join(compiled, 'satsim/native', (kept(compiled).length === 0 ? (await run(), kept(compiled)) : kept(compiled))[0]!, 'satsim-ns3');
        writeFileSync(files.links, links);
        writeFileSync(files.routes, routes);
        writeFileSync(join(place.dir, 'nodes.csv'), 'node,id,role\n0,a,satellite\n1,b,satellite\n');
        writeFileSync(join(place.dir, 'links.csv'), 'pair,forward,backward,a,b,kind,forward_id,backward_id\n0,0,1,0,1,isl,isl:a>b,isl:b>a\n');
        writeFileSync(join(place.dir, 'flows.csv'), 'flow,id,kind,source,target,start_s,stop_s,interval_s,rate_bps,pattern,packet_bytes,congestion,dscp\n');
        const args = [
          `--links=${files.links}`,
          `--routes=${files.routes}`,
          `--tables=${place.dir}`,
          `--results=${place.dir}`,
          '--ticks=3',
          '--dtMs=1000',
          '--stopMs=3000',
        ];
        return execa(binary, args, { reject: false });
      }

      it('a good one is played', async () => {
        expect(await play(LINKS_HEADER + GOOD_LINK, `${ROUTES_HEADER}0,0.000,0,1,0\n`)).toMatchObject({ exitCode: 0, stderr: '' });
        expect(readFileSync(join(place.dir, 'applied.csv'), 'utf8')).toBe('tick,link,up,delay_s,rate_bps,loss\n0,0,1,0.007250000,100000000,0.000000000\n');
      });

      it.each([
        ...BAD_LINKS,
        { what: 'a link that no table has', text: LINKS_HEADER + GOOD_LINK.replace('000,0,1', '000,2,1'), line: 2, says: 'link 2 is more than 1' },
        { what: 'a row after the last tick', text: LINKS_HEADER + GOOD_LINK.replace('0,0.000', '3,3.000'), line: 2, says: 'after the last tick, 2' },
      ])('links.trace: $what', async ({ text, line, says }) => {
        const { exitCode, stderr } = await play(text, ROUTES_HEADER);
        expect(exitCode).toBe(1);
        expect(stderr).toMatch(new RegExp(`^${files.links}:${line}: .*${says}`));
      });

      it.each([
        ...BAD_ROUTES,
        { what: 'a link of another node', text: `${ROUTES_HEADER}0,0.000,1,0,0\n`, line: 2, says: 'does not begin at node 1' },
        { what: 'a node that no table has', text: `${ROUTES_HEADER}0,0.000,2,0,0\n`, line: 2, says: 'node 2 is more than 1' },
      ])('routes.trace: $what', async ({ text, line, says }) => {
        const { exitCode, stderr } = await play(LINKS_HEADER + GOOD_LINK, text);
        expect(exitCode).toBe(1);
        expect(stderr).toMatch(new RegExp(`^${files.routes}:${line}: .*${says}`));
      });
    });
  });
});
