import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ENDLESS, iridium, pause, SHORT, until, workplace } from './satsim.js';

describe('satsim engine serve', () => {
  const place = workplace();
  afterAll(place.remove);
  afterEach(place.killAll);

  async function serve(address: string) {
    const server = place.start('engine', 'serve', '--address', address, '--format', 'json');
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => said.includes('\n'));
    return { server, target: (JSON.parse(said) as { target: string }).target };
  }
  const run = async (...args: string[]): Promise<Record<string, unknown>> =>
    JSON.parse((await place.satsim('run', iridium, ...args, '--format', 'json')).stdout) as Record<string, unknown>;

  it.each(['127.0.0.1:0', 'unix:engine.sock'])('at %s gives the same ticks as the embedded engine, until SIGTERM', async (address) => {
    const { server, target } = await serve(address);
    const outside = await run(...SHORT, '--set', `geomrf.grpc_target=${target}`);
    expect(outside).toMatchObject({ outcome: 'completed', traceSha256: (await run(...SHORT))['traceSha256'] });
    server.kill('SIGTERM');
    expect((await server).exitCode).toBe(0);
    expect(existsSync(join(place.dir, 'engine.sock'))).toBe(false);
    expect(place.leftovers()).toEqual([]);
  });

  it('says that a port is in use', async () => {
    const { server, target } = await serve('127.0.0.1:0');
    const { stderr, exitCode } = await place.satsim('engine', 'serve', '--address', target);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(target);
    expect(stderr).toMatch(/in use/);
    server.kill('SIGINT');
    expect((await server).exitCode).toBe(0);
  });

  it('that dies in the middle fails the run, which says so', async () => {
    const { server, target } = await serve('127.0.0.1:0');
    const before = place.runs().length;
    const running = place.start('run', iridium, ...ENDLESS, '--set', `geomrf.grpc_target=${target}`, '--format', 'json');
    await until(() => place.runs().length > before);
    await pause(1000);
    server.kill('SIGKILL');
    const { stdout, stderr, exitCode } = await running;
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', error: { code: 'GEOMRF_UNAVAILABLE' } });
    expect(stderr).toContain(target);
    expect(place.manifests().at(-1)).toMatchObject({ outcome: 'failed', reason: expect.stringContaining(target) as string });
    expect(place.leftovers()).toEqual([]);
  });

  it('that is not there fails the run', async () => {
    const { stderr, exitCode } = await place.satsim('run', iridium, ...SHORT, '--set', 'geomrf.grpc_target=127.0.0.1:1');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('127.0.0.1:1');
  });
});
