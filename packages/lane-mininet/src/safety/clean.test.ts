import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bridges, KnownBridge } from './bridges.js';
import { findRemains, remainsOfRun, removeRemains } from './clean.js';
import { Ledger, type LedgerEntry } from './ledger.js';
import { identify, isAlive, markOf, networkNamespace } from './process-identity.js';

function fakeBridges(bridges: readonly KnownBridge[]): Bridges & { readonly names: () => readonly string[] } {
  let there = bridges;
  return {
    list: () => there,
    remove: (name) => void (there = there.filter((bridge) => bridge.name !== name)),
    names: () => there.map(({ name }) => name),
  };
}

describe.skipIf(process.platform !== 'linux')('what a dead run has left', () => {
  let folder: string;
  let sleepers: ChildProcess[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'satsim-clean-'));
    sleepers = [];
  });
  afterEach(() => {
    for (const sleeper of sleepers) sleeper.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const sleeper = (env: Readonly<Record<string, string>> = {}) => {
    const child = spawn('sleep', ['60'], { env: { ...process.env, ...env }, stdio: 'ignore' });
    sleepers.push(child);
    return identify(child.pid!)!;
  };
  /** A ledger as a run leaves it that nobody could end. */
  const dead = (prefix: string, ...entries: LedgerEntry[]): string => {
    const path = join(folder, `${prefix}.jsonl`);
    const run: LedgerEntry = { kind: 'run', runId: `run-${prefix}`, runDir: '/runs/1', prefix, owner: { pid: process.pid, startTicks: -1 } };
    writeFileSync(path, [run, ...entries].map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    return path;
  };

  test('its processes are ended, others are not; then its ledger goes', async () => {
    const [recorded, inherited, bystander] = [sleeper(), sleeper(markOf('run-dead')), sleeper(markOf('run-other'))];
    // Another process has got the number of one that ended.
    const path = dead(
      'dead',
      { kind: 'process', what: 'iperf3 on oslo', process: recorded },
      { kind: 'process', what: 'ping on oslo', process: { ...bystander, startTicks: 1 } },
    );
    const [remains, ...more] = findRemains(folder);
    expect(more).toEqual([]);
    expect(remains).toMatchObject({ runId: 'run-dead', runDir: '/runs/1', ledger: path, bridges: [], interfaces: [], folders: [] });
    expect(remains!.processes).toEqual([
      { what: 'iperf3 on oslo', process: recorded },
      { what: 'program on a node: 60', process: inherited },
    ]);
    expect(await removeRemains(remains!)).toEqual([]);
    expect([recorded, inherited, bystander].map(isAlive)).toEqual([false, false, true]);
    expect(existsSync(path)).toBe(false);
    expect(findRemains(folder)).toEqual([]);
  });

  test('only what is there is named: interfaces and bridges that went with their namespaces are not', () => {
    dead('gone', { kind: 'nodes', names: ['gone1'] }, { kind: 'interfaces', names: ['gone1-1', 'lo'] }, { kind: 'bridges', names: ['gone2'] });
    expect(findRemains(folder, fakeBridges([]))).toMatchObject([{ processes: [], bridges: [], interfaces: ['lo'] }]);
  });

  test('bridges go with their run; those of others, and of runs that go on, stay', async () => {
    const path = dead('dead', { kind: 'bridges', names: ['dead1', 'dead2'] });
    const own = identify(process.pid)!;
    const bridges = fakeBridges([
      { name: 'dead1', madeBy: null },
      { name: 'br-lan', madeBy: null },
      { name: 'live1', madeBy: { runId: 'run-live', owner: own } },
    ]);
    const [remains, ...more] = findRemains(folder, bridges);
    expect(more).toEqual([]);
    expect(remains).toMatchObject({ ledger: path, bridges: ['dead1'] });
    expect(await removeRemains(remains!, bridges)).toEqual([]);
    expect(bridges.names()).toEqual(['br-lan', 'live1']);
    expect(existsSync(path)).toBe(false);
  });

  test('bridges that Open vSwitch has made again after a reboot are found without a ledger', async () => {
    const gone = { pid: process.pid, startTicks: -1 };
    const bridges = fakeBridges([
      { name: 'olda1', madeBy: { runId: 'run-olda', owner: gone } },
      { name: 'br-lan', madeBy: null },
      { name: 'olda2', madeBy: { runId: 'run-olda', owner: gone } },
    ]);
    const found = findRemains(folder, bridges);
    expect(found).toEqual([{ ledger: null, runId: 'run-olda', runDir: '', processes: [], bridges: ['olda1', 'olda2'], interfaces: [], folders: [] }]);
    expect(await removeRemains(found[0]!, bridges)).toEqual([]);
    expect(bridges.names()).toEqual(['br-lan']);
  });

  test('while Open vSwitch does not answer, the ledger of a run with bridges stays', { timeout: 15_000 }, async () => {
    const path = dead('dead', { kind: 'bridges', names: ['dead1'] });
    dead('none', { kind: 'bridges', names: [] });
    const silent: Bridges = {
      list: () => null,
      remove: () => {
        throw new Error('no');
      },
    };
    const [remains, none] = findRemains(folder, silent);
    expect(await removeRemains(remains!, silent)).toEqual(['bridge dead1 (perhaps: Open vSwitch does not answer)']);
    expect(existsSync(path)).toBe(true);
    expect(await removeRemains(none!, silent)).toEqual([]);
  });

  test('a run that goes on is left alone, until it is at its own end', async () => {
    const ledger = new Ledger({ kind: 'run', runId: 'run-alive', runDir: '/runs/2', prefix: 'aliv', owner: identify(process.pid)! }, folder);
    const straggler = sleeper(markOf('run-alive'));
    expect(findRemains(folder)).toEqual([]);
    const own = remainsOfRun(ledger);
    expect(own.processes).toEqual([{ what: 'program on a node: 60', process: straggler }]);
    expect(await removeRemains(own)).toEqual([]);
    expect(isAlive(straggler)).toBe(false);
    ledger.settle();
  });

  test('an empty ledger, and none', async () => {
    expect(findRemains(join(folder, 'nowhere'))).toEqual([]);
    dead('void');
    const [remains] = findRemains(folder);
    expect(await removeRemains(remains!)).toEqual([]);
    expect(findRemains(folder)).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('a process', () => {
  test('is told from another that gets its number later', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const identity = identify(child.pid!)!;
    expect(identity.startTicks).toBeGreaterThan(0);
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ ...identity, startTicks: identity.startTicks + 1 })).toBe(false);
    expect(networkNamespace(child.pid!)).toBe(networkNamespace(process.pid));
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(identity)).toBe(false);
    await expect.poll(() => identify(child.pid!)).toBeNull();
    expect(networkNamespace(child.pid!)).toBeNull();
  });

  test('has a name that may hold anything', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'satsim-name-'));
    const script = join(folder, 'a) R 1 2 (b');
    writeFileSync(script, '#!/bin/sh\nread line\n', { mode: 0o755 });
    const child = spawn(script, { stdio: ['pipe', 'ignore', 'ignore'] });
    expect(identify(child.pid!)!.startTicks).toBeGreaterThanOrEqual(identify(process.pid)!.startTicks);
    child.stdin.end();
    rmSync(folder, { recursive: true });
  });
});
