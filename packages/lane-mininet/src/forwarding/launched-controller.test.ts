import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { type ArtifactArea, SatsimError } from '@satsim/core';
import { type TestLaneDeps, testLaneDeps } from '@satsim/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { listens } from './openflow-address.js';
import { LaunchedController } from './launched-controller.js';

const signal = new AbortController().signal;

describe('a controller that satsim starts', () => {
  let kit: TestLaneDeps;
  beforeEach(async () => {
    kit = await testLaneDeps();
  });
  afterEach(async () => {
    await kit.dispose();
  });

  /** Stands for a controller: a program of Node that has its port in `port`. */
  async function prepare(port: number, script: string, artifacts: ArtifactArea = kit.deps.artifacts) {
    const command = [process.execPath, '-e', `const port = ${port}; ${script}`];
    const controller = { type: 'launched', addr: `tcp:127.0.0.1:${port}`, command };
    const config = configSchema.parse({ topo: { satellites: 'switch' }, controller });
    return LaunchedController.prepare({ ...kit.deps, artifacts, config }, signal);
  }
  const LISTEN = `require('node:net').createServer().listen(port, '127.0.0.1'); console.log('run ' + process.env.SATSIM_RUN_ID);`;

  test('carries the mark of its run, is ready when it listens, and ends with it', async () => {
    const port = await freePort();
    const controller = (await prepare(port, LISTEN))();
    await controller.ready(signal);
    expect(await listens(controller.addr)).toBe(true);
    controller.check();
    await controller.stop();
    expect(await listens(controller.addr)).toBe(false);
    expect(readFileSync(join(kit.deps.artifacts.dir, 'controller.log'), 'utf8')).toBe(`run ${kit.deps.run.runId}\n`);
    expect(kit.provenance.software).toEqual([{ name: process.execPath, version: process.version }]);
    controller.check();
  });

  test('where somebody listens already it is not started: switches would be theirs', async () => {
    const { server, port } = await occupied();
    await expect(prepare(port, LISTEN)).rejects.toMatchObject({
      code: 'LANE_FAILED',
      message: expect.stringContaining(`somebody listens on tcp:127.0.0.1:${port} already`),
      hint: expect.stringContaining('controller.type: external'),
    });
    server.close();
  });

  test('that it ends by itself is told, with its words', async () => {
    const controller = (await prepare(await freePort(), `console.error('no such application'); process.exit(5);`))();
    await expect(controller.ready(signal)).rejects.toThrow(/^the controller \S+ ended with exit code 5: no such application$/);
  });

  test('that what it prints cannot be kept is told when somebody asks, and kills nobody', async () => {
    const full = new SatsimError('ARTIFACTS', 'the disk is full');
    const artifacts: ArtifactArea = {
      ...kit.deps.artifacts,
      dir: kit.deps.artifacts.dir,
      writeFile: (path, content) => kit.deps.artifacts.writeFile(path, content),
      openStream: () => Promise.resolve({ write: () => Promise.reject(full), close: () => Promise.reject(full) }),
    };
    const controller = (await prepare(await freePort(), LISTEN, artifacts))();
    // Or as soon as it has printed, if that comes first.
    await controller.ready(signal).catch((error: unknown) => expect(error).toBe(full));
    await expect.poll(() => thrownBy(() => controller.check())).toBe(full);
    await expect(controller.stop()).rejects.toBe(full);
  });
});

function thrownBy(work: () => void): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

async function occupied(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { port: number }).port };
}

async function freePort(): Promise<number> {
  const { server, port } = await occupied();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
