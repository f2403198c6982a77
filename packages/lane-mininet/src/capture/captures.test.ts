import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessOptions, ProcessResult, RunningProcess } from '@satsim/core';
import { testLaneDeps } from '@satsim/core/testing';
import { expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { NetworkPlan, type PlannedNode } from '../plan/network-plan.js';
import type { NodePrograms } from '../traffic/node-programs.js';
import { Captures } from './captures.js';

/** Stands for tcpdump: listens at once, and counts what it is told to when it ends. */
class FakeTcpdump implements Pick<NodePrograms, 'start'> {
  readonly started: { readonly args: readonly string[]; readonly env: ProcessOptions['env']; readonly end: (result: Partial<ProcessResult>) => void }[] = [];

  start(_node: PlannedNode, _command: string, args: readonly string[], { onLine, env }: ProcessOptions): RunningProcess {
    const { promise: done, resolve } = Promise.withResolvers<ProcessResult>();
    const end = (result: Partial<ProcessResult>): void => resolve({ exitCode: 0, signal: null, stdout: '', stderrTail: '', ...result });
    this.started.push({ args, env, end });
    setImmediate(() => onLine?.('tcpdump: listening on it, link-type EN10MB (Ethernet)', 'stderr'));
    const stop = (): Promise<ProcessResult> => {
      for (const line of ['12 packets captured', '2 packets dropped by kernel']) onLine?.(line, 'stderr');
      end({});
      return done;
    };
    return { pid: 1, done, write: () => Promise.resolve(), closeInput: () => undefined, stop };
  }
}

async function capturing(capture: object, use: (parts: Awaited<ReturnType<typeof begin>>) => Promise<void>): Promise<void> {
  const bench = await testLaneDeps();
  try {
    await use(await begin(bench, capture));
  } finally {
    await bench.dispose();
  }
}
async function begin(bench: Awaited<ReturnType<typeof testLaneDeps>>, capture: object) {
  const deps = { ...bench.deps, config: configSchema.parse({ capture }) };
  const plan = new NetworkPlan(deps.nodes, deps.config.topo, deps.run.runId);
  const tcpdump = new FakeTcpdump();
  const captures = new Captures(deps, tcpdump as unknown as NodePrograms, () => true);
  const [one, other] = deps.nodes.map(({ id }) => id);
  await captures.follow([plan.link('isl', one!, other!)]);
  const { dir } = deps.artifacts;
  return {
    captures,
    tcpdump,
    dir,
    pair: [one!, other!] as const,
    facts: () => bench.provenance.facts,
    warnings: () => bench.logs.filter(({ level }) => level === 'warn').map(({ message }) => message),
    written: () => JSON.parse(readFileSync(join(dir, 'captures.json'), 'utf8')) as readonly Readonly<Record<string, unknown>>[],
    write: (name: string) => writeFileSync(join(dir, 'pcaps', name), ''),
  };
}

test('rotated by size and by time: all files are named, in order, and none of another capture; totals are told', () =>
  capturing({ interfaces: 'all', rotate_every: '90s', rotate_mib: 3 }, async ({ captures, tcpdump, pair, dir, write, written, facts, warnings }) => {
    const stem = pair.join('_');
    const file = (name: string): string | undefined => tcpdump.started.find(({ args }) => args.some((arg) => arg.includes(name)))?.args.join(' ');
    expect(file(stem)).toContain(` -w ${dir}/pcaps/${stem}_%Y%m%dT%H%M%SZ.pcap -Z root -C 3 -G 90`);
    expect(tcpdump.started.map(({ env }) => env)).toEqual([{ TZ: 'UTC' }, { TZ: 'UTC' }]);
    const names = ['_20261121T000000Z.pcap', '_20261121T000130Z.pcap2', '_20261121T000130Z.pcap', '_20261121T000130Z.pcap10'];
    for (const name of names) write(`${stem}${name}`);
    write(`${stem}-2_20261121T000000Z.pcap`);
    await captures.finish();
    expect(written()[0]).toMatchObject({ packets: 12, dropped: 2, cutShort: null });
    expect(written().find(({ node }) => node === pair[0])!['files']).toEqual([0, 2, 1, 3].map((index) => `pcaps/${stem}${names[index]}`));
    expect(facts()).toEqual({ captures: 'lanes/mininet/captures.json', packetsCaptured: 24, packetsDropped: 4, capturesCutShort: 0 });
    expect(warnings()).toEqual([]);
  }));

test('one that ends by itself is told at once, and stands as cut short', () =>
  capturing({ interfaces: 'all' }, async ({ captures, tcpdump, pair, written, facts, warnings }) => {
    tcpdump.started[0]!.end({ exitCode: 1, stderrTail: 'tcpdump: Unable to write output: No space left on device\n' });
    await expect.poll(warnings).toEqual([expect.stringMatching(/^the capture \S+ ends here: tcpdump exit code 1: .*No space left on device$/)]);
    await captures.finish();
    expect(written().map(({ cutShort }) => cutShort)).toEqual([expect.stringContaining('No space left'), null]);
    expect(written().map(({ node }) => node)).toEqual(pair);
    expect(facts()).toMatchObject({ capturesCutShort: 1 });
  }));

test('a pair of the list that never had a link is told at the end', () =>
  capturing({ interfaces: ['sat-1:sat-2', 'sat-2:ground-9'] }, async ({ captures, warnings, written }) => {
    await captures.finish();
    expect(warnings()).toEqual(['nothing was captured on sat-2:ground-9: there was no such link, or it was never up']);
    expect(written()).toHaveLength(1);
  }));
