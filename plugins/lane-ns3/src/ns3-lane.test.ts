import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarioSchema } from '@satsim/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { check } from './check.js';
import { configSchema } from './config.js';
import plugin from './index.js';
import { findNs3, missingNs3, splitFlags } from './ns3-tools.js';
import { remarks } from './remarks.js';

const traffic = (...flows: object[]) =>
  scenarioSchema.parse({
    name: 'x',
    time: { t0: '2026-11-20T00:00:00Z', duration: '1m' },
    traffic: flows.map((flow) => ({ id: 'f', from: 'a', to: 'b', ...flow })),
  });

describe('the plugin', () => {
  test('contributes what its manifest says', () => {
    expect(plugin.definitions.map(({ kind, name }) => [kind, name])).toEqual([['lane', 'ns3']]);
  });

  test('fills in its block, and refuses what it does not know', () => {
    expect(configSchema.parse(undefined)).toEqual({ ip_version: 4, congestion: 'cubic', queue: { packets: 100, time: '100ms' }, pcap: false });
    for (const wrong of [
      { ip_version: 5 },
      { congestion: 'vegas' },
      { queue: { time: '1h' } },
      { queue: { time: '61s' } },
      { queue: { packets: 0 } },
      { tcp: {} },
    ])
      expect(configSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });

  test('says what of the traffic it cannot do', () => {
    expect(remarks(traffic({}, { kind: 'udp', pattern: 'poisson' }, { kind: 'tcp', congestion: 'bbr' }))).toEqual([]);
    expect(remarks(traffic({}, { kind: 'tcp', congestion: 'vegas' }, { kind: 'udp', dscp: 46 }))).toEqual([
      { level: 'fault', path: ['traffic', 1, 'congestion'], message: expect.stringContaining('vegas'), hint: 'use newreno, cubic, bbr' },
      { level: 'warning', path: ['traffic', 2, 'dscp'], message: expect.stringContaining('marked') },
    ]);
  });
});

test('a node to be captured that is not there is told with the ids that are', async () => {
  const nodes = [
    { id: 'oslo', role: 'ground_station' as const, relay: false },
    { id: 'IR-1-1', role: 'satellite' as const, relay: true },
  ];
  const of = (pcap: unknown) => check(configSchema.parse({ pcap }), { scenario: traffic(), nodes, baseDir: '/' });
  expect(await of(true)).toEqual([]);
  expect(await of(['oslo', 'IR-1-1'])).toEqual([]);
  expect(await of(['oslo', 'IR-1-2', 'nowhere'])).toEqual([
    { level: 'fault', path: ['ns3', 'pcap', 1], message: 'there is no node IR-1-2', hint: 'did you mean IR-1-1?' },
    { level: 'fault', path: ['ns3', 'pcap', 2], message: 'there is no node nowhere', hint: 'on the ground: oslo' },
  ]);
});

test("what pkg-config quotes for a shell is one argument, without the shell's quotes", () => {
  expect(splitFlags(String.raw`-I/usr\; -I/opt/my\ ns3  -lns3-core `)).toEqual(['-I/usr;', '-I/opt/my ns3', '-lns3-core']);
});

describe('ns-3 on this machine', () => {
  let dir: string;
  const path = process.env['PATH'];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'satsim-tools-'));
    process.env['PATH'] = `${dir}:${path}`;
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(dir, { recursive: true });
  });
  const tool = (name: string, script: string): void => {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  };
  const INSTALL = 'apt-get install ns3 libns3-dev libgsl-dev libsqlite3-dev libxml2-dev g++ pkg-config';

  test.each([
    ['3.37', null],
    ['3.43-dev', null],
    ['4.1', null],
    ['3.36.1', 'ns-3 3.37 or later (this is 3.36.1)'],
    ['3.9', 'ns-3 3.37 or later (this is 3.9)'],
  ])('version %s', async (version, what) => {
    tool('pkg-config', `for module in "$@"; do case $module in ns3-*) echo ${version};; esac; done`);
    expect(await missingNs3()).toEqual(what === null ? null : { what, install: INSTALL });
  });

  test('a module that is not there is named', async () => {
    tool('pkg-config', "echo 'Package ns3-flow-monitor was not found in the pkg-config search path.' >&2; exit 1");
    expect(await missingNs3()).toEqual({ what: 'ns-3 3.37 or later (pkg-config does not find ns3-flow-monitor)', install: INSTALL });
    await expect(findNs3()).rejects.toMatchObject({ code: 'DEPENDENCY_MISSING', message: expect.stringContaining('ns3-flow-monitor'), hint: INSTALL });
  });

  test('what it is compiled with is asked of the tools', async () => {
    tool('pkg-config', 'case "$1" in --modversion) for module in "$@"; do case $module in ns3-*) echo 3.40;; esac; done;; *) echo "-I/x -lns3-core";; esac');
    tool('g++', 'echo "g++ (here) 12.2.0"; echo more');
    expect(await findNs3()).toEqual({ version: '3.40', compiler: 'g++ (here) 12.2.0', flags: ['-I/x', '-lns3-core'] });
  });

  test('no compiler: what to install', async () => {
    tool('pkg-config', 'case "$1" in --modversion) for module in "$@"; do case $module in ns3-*) echo 3.40;; esac; done;; *) echo "-lns3-core";; esac');
    tool('g++', 'exit 127');
    await expect(findNs3()).rejects.toMatchObject({ code: 'DEPENDENCY_MISSING', message: 'lane ns3 needs g++ and pkg-config', hint: INSTALL });
  });
});
