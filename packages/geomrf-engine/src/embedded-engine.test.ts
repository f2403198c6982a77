import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { isSatsimError } from '@satsim/core';
// By its name: the worker runs what was built.
import { startEmbeddedEngine, startEngineInThread, startEngineServer } from '@satsim/geomrf-engine';
import { GeomRfEngine, RpcStatus, createClient } from '@satsim/geomrf-proto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ALL_LINKS, ground, shell, specOf } from './testing/specs.test-helper.js';

const folderOf = (target: string): string => dirname(target.slice('unix:'.length));
const stops: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

describe('the embedded engine', () => {
  it('answers on a socket that only this user can reach, and leaves nothing behind when it is stopped, twice', async () => {
    const { target, stop } = await startEmbeddedEngine();
    const folder = folderOf(target);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const client = createClient(GeomRfEngine, target);
    expect((await client.getVersion({})).schemaVersion).toBe('1.2');
    client.close();
    await Promise.all([stop(), stop()]);
    await stop();
    expect(existsSync(folder)).toBe(false);
  });

  it('that goes away in the middle of a stream is UNAVAILABLE to its reader', async () => {
    const { target, stop } = await startEmbeddedEngine();
    const client = createClient(GeomRfEngine, target);
    stops.push(() => client.close());
    const { scenarioRef } = await client.createScenario({ spec: specOf([...shell({ planes: 4, perPlane: 4 }), ground('g', 0, 0)]) });
    let ticks = 0;
    const read = async (): Promise<void> => {
      for await (const _ of client.streamLinkDeltas({ scenarioRef, dt: durationFromMs(1000), selector: ALL_LINKS })) if (++ticks === 3) await stop();
    };
    await expect(read()).rejects.toMatchObject({ code: RpcStatus.UNAVAILABLE });
    expect(ticks).toBeLessThan(86_400);
  });

  it('does not start when its signal says so, before or meanwhile; a running one is ended by stop', async () => {
    await expect(startEmbeddedEngine(AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
    const early = new AbortController();
    const starting = startEmbeddedEngine(early.signal);
    early.abort(new Error('changed my mind'));
    await expect(starting).rejects.toThrow('changed my mind');
    const late = new AbortController();
    const { target, stop } = await startEmbeddedEngine(late.signal);
    late.abort();
    expect(existsSync(folderOf(target))).toBe(true);
    await stop();
    expect(existsSync(folderOf(target))).toBe(false);
  });
});

describe('the engine in this thread', () => {
  it('streams as the one in a thread of its own does, to one run after the other, and leaves nothing behind', async () => {
    const [own, here] = await Promise.all([startEmbeddedEngine(), startEngineInThread()]);
    stops.push(own.stop, here.stop);
    const spec = specOf([...shell({ planes: 4, perPlane: 4 }), ground('g', 0, 0)]);
    const batches = async (target: string): Promise<readonly unknown[]> => {
      const client = createClient(GeomRfEngine, target);
      const { scenarioRef } = await client.createScenario({ spec });
      const found: unknown[] = [];
      for await (const batch of client.streamLinkDeltas({ scenarioRef, dt: durationFromMs(1000), selector: ALL_LINKS })) {
        found.push({ ...batch, scenarioRef: '', stats: null });
        if (found.length === 20) break;
      }
      await client.closeScenario({ scenarioRef });
      client.close();
      return found;
    };
    const [expected, first, second] = [await batches(own.target), await batches(here.target), await batches(here.target)];
    expect(expected).toHaveLength(20);
    expect([first, second]).toEqual([expected, expected]);
    await Promise.all([here.stop(), here.stop()]);
    expect(existsSync(folderOf(here.target))).toBe(false);
  });
});

describe('the embedded engine without a place for temporary files', () => {
  it('says what to do', async () => {
    vi.stubEnv('TMPDIR', '/proc/nowhere');
    stops.push(() => void vi.unstubAllEnvs());
    for (const start of [startEmbeddedEngine, startEngineInThread])
      await expect(start()).rejects.toMatchObject({ code: 'GEOMRF_UNAVAILABLE', hint: expect.stringContaining('TMPDIR') });
  });
});

describe('the engine as a server', () => {
  it('finds a free port, and says so', async () => {
    const { target, stop } = await startEngineServer({ address: '127.0.0.1:0' });
    stops.push(stop);
    expect(target).toMatch(/^127\.0\.0\.1:[1-9]\d+$/);
    const client = createClient(GeomRfEngine, target);
    expect((await client.getCapabilities({})).ephemeris).toBe(true);
    client.close();
  });

  it('takes the place of a server that was killed, not of one that lives, and never of a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'satsim-serve-'));
    stops.push(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'engine.sock');
    const dead = spawnSync(process.execPath, [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    expect([dead.signal, existsSync(path)]).toEqual(['SIGKILL', true]);
    const { stop } = await startEngineServer({ address: `unix:${path}` });
    stops.push(stop);
    const refused = { code: 'LISTEN_FAILED', message: expect.stringContaining('in use'), hint: 'choose another address' };
    await expect(startEngineServer({ address: `unix:${path}` })).rejects.toMatchObject(refused);
    const file = join(folder, 'notes.txt');
    writeFileSync(file, 'mine');
    await expect(startEngineServer({ address: `unix:${file}` })).rejects.toMatchObject(refused);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('names a port that is in use, and an address that is none', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    stops.push(() => void other.close());
    const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const inUse: unknown = await startEngineServer({ address }).catch((error: unknown) => error);
    expect(isSatsimError(inUse) && [inUse.exitCode, inUse.message]).toEqual([1, `The engine cannot listen on ${address}: it is in use`]);
    await expect(startEngineServer({ address: 'nonsense' })).rejects.toMatchObject({ code: 'USAGE' });
  });
});
