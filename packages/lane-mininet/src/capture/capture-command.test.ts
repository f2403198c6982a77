import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { captureCommand, tcpdumpArgs } from './capture-command.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-capture-'));
afterAll(() => rmSync(dir, { recursive: true }));
const end = (node: string, device: string) => ({ node, interface: device, port: 1, mac: '02:5a:00:01:00:01' });
writeFileSync(
  join(dir, 'node_map.json'),
  JSON.stringify({
    oslo: { name: 'abcd3', kind: 'host', ipv4: '10.0.0.3', ipv6: null, pid: 4711 },
    'IR-1-1': { name: 'abcd1', kind: 'switch', ipv4: null, ipv6: null, pid: 4712 },
    'IR-1-2': { name: 'abcd2', kind: 'router', ipv4: '10.0.0.2', ipv6: null, pid: 4713 },
  }),
);
writeFileSync(
  join(dir, 'link_map.json'),
  JSON.stringify([
    { kind: 'gsl', a: end('IR-1-1', 'abcd1-1'), b: end('oslo', 'abcd3-1') },
    { kind: 'isl', a: end('IR-1-1', 'abcd1-2'), b: end('IR-1-2', 'abcd2-1') },
  ]),
);
const capture = (node: string, device: string, laneDir = dir) => captureCommand({ laneDir, node, interface: device });

describe('satsim capture RUN NODE:INTERFACE', () => {
  test("runs tcpdump in the node's namespace, on the interface by its neighbour or its name", async () => {
    const args = ['--net=/proc/4711/ns/net', 'tcpdump', '-i', 'abcd3-1', '-n', '--immediate-mode', '-U', '-s', '2048', '-w', '-'];
    expect(await capture('oslo', 'IR-1-1')).toEqual({ command: 'nsenter', args });
    expect(await capture('oslo', 'abcd3-1')).toEqual({ command: 'nsenter', args });
  });

  test('of a switch in the root namespace', async () => {
    expect(await capture('IR-1-1', 'IR-1-2')).toEqual({ command: 'tcpdump', args: tcpdumpArgs('abcd1-2', '-') });
  });

  test('names what there is when it is asked for something else', async () => {
    await expect(capture('osl', 'IR-1-1')).rejects.toMatchObject({ code: 'USAGE', message: 'there is no node osl', hint: 'did you mean oslo?' });
    await expect(capture('oslo', 'singapore')).rejects.toMatchObject({ code: 'USAGE', message: 'oslo has no link with singapore', hint: 'known: IR-1-1' });
    // Somebody else's end of a link is not the node's own.
    await expect(capture('oslo', 'abcd1-1')).rejects.toMatchObject({ code: 'USAGE' });
    await expect(capture('oslo', 'IR-1-1', join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('not built yet') });
  });
});
