import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startEngineServer } from '@satsim/geomrf-engine';
import type { EngineServer, EngineServerOptions } from '@satsim/geomrf-engine';
import { GeomRfEngine, RpcStatus, createClient } from '@satsim/geomrf-proto';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { authority } from './certificates.js';
import { iridium, SHORT, until, workplace } from './satsim.js';
import type { ErrorObject } from './satsim.js';

const place = workplace();
const ours = authority(place.dir, 'our-authority');
const theirs = authority(place.dir, 'their-authority');
const LOCAL = 'DNS:localhost,IP:127.0.0.1';
const good = ours.issue('engine', LOCAL);
const expired = ours.issue('expired', LOCAL, -1);
const elsewhere = ours.issue('elsewhere', 'DNS:engine.example');
const client = ours.issue('client', 'DNS:client');
const stranger = theirs.issue('stranger', 'DNS:client');
const token = place.write('token', 'correct-horse\n');
const otherToken = place.write('other-token', 'battery-staple\n');

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(async () => {
  await place.killAll();
  place.remove();
});

async function serve(options: Omit<EngineServerOptions, 'address'> = {}): Promise<EngineServer> {
  const server = await startEngineServer({ address: 'localhost:0', ...options });
  stops.push(() => server.stop());
  return server;
}
const pair = ({ cert, key }: { cert: string; key: string }) => ({ certFile: cert, keyFile: key });

/** A short run over an engine; `geomrf` beside the target as `key=value`. */
async function run(target: string, ...geomrf: string[]): Promise<{ exitCode: number | undefined; traceSha256?: string; error: ErrorObject | null }> {
  const settings = [`grpc_target=${target}`, ...geomrf].flatMap((setting) => ['--set', `geomrf.${setting}`]);
  const { stdout, exitCode } = await place.satsim('run', iridium, ...SHORT, ...settings, '--format', 'json');
  return { exitCode, ...(JSON.parse(stdout) as { traceSha256?: string; error: ErrorObject | null }) };
}

describe('over TLS', () => {
  it('a run is the one that it is with the embedded engine; token and client certificate let it in', async () => {
    const { target } = await serve({ ...pair(good), clientCaFile: ours.ca, tokenFile: token });
    const keys = [`tls.cert_file=${client.cert}`, `tls.key_file=${client.key}`];
    const remote = await run(target, `tls.ca_file=${ours.ca}`, ...keys, `token_file=${token}`);
    const { stdout } = await place.satsim('run', iridium, ...SHORT, '--format', 'json');
    expect(remote).toMatchObject({ exitCode: 0, traceSha256: (JSON.parse(stdout) as { traceSha256: string }).traceSha256 });
  });

  it("files are relative to the scenario's folder, and the windows use them too", async () => {
    const { target } = await serve({ ...pair(good), tokenFile: token });
    const file = place.write(
      'remote.satsim.yaml',
      `include: [${iridium}]\nname: remote\ngeomrf: { grpc_target: "${target}", tls: { ca_file: our-authority.pem }, token_file: token }\n`,
    );
    const { stdout, stderr, exitCode } = await place.satsim('ephemeris', file, '--at', '2026-11-20T00:00:00Z', '--format', 'json');
    expect(exitCode, stderr).toBe(0);
    expect((JSON.parse(stdout) as unknown[]).length).toBeGreaterThan(60);
  });

  it('server_name says what the certificate is for', async () => {
    const { target } = await serve(pair(elsewhere));
    expect(await run(target, `tls.ca_file=${ours.ca}`, 'tls.server_name=engine.example')).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['an unknown authority', pair(good), ['tls=true'], /of no authority that is trusted here/, /geomrf\.tls\.ca_file/],
    ['plain text against TLS', pair(good), [], /engine at localhost/, /geomrf\.tls/],
    ['TLS against plain text', {}, [`tls.ca_file=${ours.ca}`], /does not speak TLS/, /--tls-cert/],
    ['an expired certificate', pair(expired), [`tls.ca_file=${ours.ca}`], /has expired/, /renew/],
    ['a certificate of another name', pair(elsewhere), [`tls.ca_file=${ours.ca}`], /for another name/, /server_name/],
    ['no client certificate', { ...pair(good), clientCaFile: ours.ca }, [`tls.ca_file=${ours.ca}`], /only clients with a certificate/, /cert_file/],
    [
      'a client certificate of another authority',
      { ...pair(good), clientCaFile: ours.ca },
      [`tls.ca_file=${ours.ca}`, `tls.cert_file=${stranger.cert}`, `tls.key_file=${stranger.key}`],
      /engine at localhost/,
      /does it trust geomrf\.tls\.cert_file/,
    ],
  ])('%s: what is wrong and what to do, exit 1', async (_what, options, geomrf, message, hint) => {
    const { target } = await serve(options);
    const { exitCode, error } = await run(target, ...geomrf);
    expect(exitCode).toBe(1);
    expect(error).toMatchObject({ code: 'GEOMRF_UNAVAILABLE', message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
  });
});

describe('with a token', () => {
  it.each([
    ['none', [], /name the file with its token as geomrf\.token_file/],
    ['another', [`token_file=${otherToken}`], /another token/],
  ])('%s is not let in: exit 1', async (_what, geomrf, hint) => {
    const { target } = await serve({ tokenFile: token });
    const { exitCode, error } = await run(target, ...geomrf);
    expect(exitCode).toBe(1);
    expect(error).toMatchObject({ code: 'GEOMRF_UNAUTHENTICATED', hint: expect.stringMatching(hint) });
  });

  it('every call needs it, streams too', async () => {
    const { target } = await serve({ tokenFile: token });
    const at = (given?: string) => {
      const connected = createClient(GeomRfEngine, target, { token: given });
      stops.unshift(() => connected.close());
      return connected;
    };
    expect((await at('correct-horse').getVersion({})).schemaVersion).toMatch(/^1\./);
    for (const given of [undefined, 'correct-hors', 'correct-horse2', 'Correct-horse']) {
      await expect(at(given).getCapabilities({})).rejects.toMatchObject({ code: RpcStatus.UNAUTHENTICATED });
      await expect(at(given).streamEvents({})[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: RpcStatus.UNAUTHENTICATED });
    }
  });
});

describe('keys that are none', () => {
  it.each([
    ['a file that is not there', ['token_file=nowhere'], /geomrf\.token_file: .*nowhere: no such file/],
    ['a file without a token', ['token_file=empty'], /geomrf\.token_file: holds no token/],
    ['a certificate that is none', ['tls.ca_file=empty'], /geomrf\.tls: holds no usable certificates/],
    ['a certificate without its key', [`tls.cert_file=${good.cert}`], /geomrf\.tls\.cert_file: needs `key_file`/],
  ])('%s is a fault of the scenario: exit 2, before anything starts', async (_what, geomrf, expected) => {
    writeFileSync(join(place.dir, 'empty'), '');
    const before = place.runs().length;
    // Paths of --set start from the scenario's folder like all others.
    const { exitCode, error } = await run('localhost:1', ...geomrf.map((setting) => setting.replace('=empty', `=${join(place.dir, 'empty')}`)));
    expect([exitCode, error]).toEqual([2, expect.objectContaining({ code: 'SCENARIO_INVALID', message: expect.stringMatching(expected) })]);
    expect(place.runs().length).toBe(before);
  });

  it.each([
    ['a certificate without its key', { certFile: good.cert }, /both the certificate and its key/],
    ['the key of another certificate', { certFile: good.cert, keyFile: client.key }, /TLS cannot be set up with .*engine\.pem.*client\.key/],
    ['a file that is not there', { tokenFile: '/nowhere/token' }, /\/nowhere\/token: no such file/],
    ['an authority that is none', { ...pair(good), clientCaFile: token }, /TLS cannot be set up/],
  ])('%s is refused by a server: exit 2', async (_what, options, expected) => {
    await expect(startEngineServer({ address: 'localhost:0', ...options })).rejects.toMatchObject({ exitCode: 2, message: expect.stringMatching(expected) });
  });
});

describe('satsim engine serve', () => {
  it('says in words and in one line of JSON what others need to know', async () => {
    const server = place.start('engine', 'serve', '--address', '127.0.0.1:0', '--tls-cert', good.cert, '--tls-key', good.key, '--token-file', token);
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(() => said.split('\n').length > 2);
    expect(said).toMatch(/^Geo\/RF engine \d+\.\d+\.\d+ \(schema 1\.\d+\) serves at 127\.0\.0\.1:\d+: TLS, token\./);
    const target = /grpc_target: "([^"]+)", tls: \{ ca_file: … \}, token_file: …/.exec(said)![1]!;
    expect(await run(target, `tls.ca_file=${ours.ca}`, `token_file=${token}`)).toMatchObject({ exitCode: 0 });
    server.kill('SIGINT');
    expect((await server).exitCode).toBe(0);

    const json = place.start('engine', 'serve', '--address', '0.0.0.0:0', '--format', 'json');
    let [out, err] = ['', ''];
    json.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    json.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await until(() => out.includes('\n'));
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ target: expect.stringMatching(/^[^:]+:\d+$/), tls: false, clientCertificates: false, token: false });
    expect(err).toMatch(/without encryption.*--tls-cert[^]*everybody.*--token-file/);
    json.kill('SIGTERM');
    expect((await json).exitCode).toBe(0);
  });

  it('warns of a certificate that has ended', async () => {
    expect((await serve(pair(expired))).warnings).toEqual([expect.stringContaining('expired')]);
    expect((await serve(pair(good))).warnings).toEqual([]);
  });
});

it('a server that takes the connection and never answers costs 15 s at most', { timeout: 40_000 }, async () => {
  const sockets = new Set<{ destroy(): void }>();
  const mute = createServer((socket) => void sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  stops.push(
    () => mute.close(),
    () => sockets.forEach((socket) => socket.destroy()),
  );
  await until(() => mute.listening);
  const started = performance.now();
  const { exitCode, error } = await run(`127.0.0.1:${(mute.address() as AddressInfo).port}`);
  expect(exitCode).toBe(1);
  expect(error).toMatchObject({ code: 'GEOMRF_UNAVAILABLE', message: expect.stringContaining('no connection within 10 s') });
  expect(performance.now() - started).toBeLessThan(15_000);
});
