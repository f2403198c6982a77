import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { MetricsServer } from './metrics-server.js';

describe('metrics over HTTP', () => {
  const servers: MetricsServer[] = [];
  const serve = async (exposition = async () => ({ contentType: 'text/plain; version=0.0.4', body: 'a 1\n' }), host = '127.0.0.1', port = 0) => {
    const server = await MetricsServer.listen(host, port, exposition);
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  it('serves them on a free port when asked for port 0, and tells which', async () => {
    const { url } = await serve();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+\/metrics$/);
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'text/plain; version=0.0.4', 'a 1\n']);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('knows nothing else', async () => {
    const { url } = await serve();
    expect((await fetch(new URL('/', url))).status).toBe(404);
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('an exposition that fails is a 500, and the next one is served', async () => {
    let fails = true;
    const { url } = await serve(async () => {
      if (fails) throw new Error('no luck');
      return { contentType: 'text/plain', body: 'a 2\n' };
    });
    expect((await fetch(url)).status).toBe(500);
    fails = false;
    expect(await (await fetch(url)).text()).toBe('a 2\n');
  });

  it('a port in use is an error that names it and says what to do', async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    await expect(serve(undefined, '127.0.0.1', port)).rejects.toMatchObject({
      code: 'EXPORTER_FAILED',
      message: `can't serve metrics on 127.0.0.1:${port}: the port is in use`,
      hint: expect.stringContaining('exporters.prometheus.port'),
    });
  });

  it('so is an address that is not of this machine', async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737).
    await expect(serve(undefined, '192.0.2.1')).rejects.toMatchObject({ code: 'EXPORTER_FAILED', message: expect.stringContaining('no such address') });
  });

  it('after close nothing listens, and nobody is connected any more', async () => {
    const server = await serve();
    const { hostname, port } = new URL(server.url);
    const idle = connect(Number(port), hostname);
    await new Promise((resolve) => idle.once('connect', resolve));
    const dropped = new Promise((resolve) => idle.once('close', resolve));
    idle.on('error', () => {});
    await server.close();
    servers.length = 0;
    await dropped;
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });
});
