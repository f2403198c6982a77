import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { effectiveCapabilities, hasExecutable, programVersion, versionIn } from './machine.js';

const onUnix = test.skipIf(process.platform === 'win32');

async function folderWith(files: Readonly<Record<string, { readonly text: string; readonly mode: number }>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'satsim-path-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, { text, mode }] of Object.entries(files)) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), mode);
  }
  return folder;
}

onUnix('a program is there when a folder of PATH has it as an executable file', async () => {
  const folder = await folderWith({ runs: { text: '', mode: 0o755 }, 'does-not': { text: '', mode: 0o644 } });
  await mkdir(join(folder, 'a-folder'));
  const PATH = `/nowhere:${folder}`;
  expect(['runs', 'does-not', 'a-folder', 'none'].map((name) => hasExecutable(name, { PATH }))).toEqual([true, false, false, false]);
});

onUnix('a program tells its version on stdout or stderr, whatever its exit code; one that does not start tells none', async () => {
  const script = (text: string) => ({ text: `#!/bin/sh\n${text}\n`, mode: 0o755 });
  const folder = await folderWith({
    out: script('echo "out, iproute2-6.1.0, libbpf 1.2.3 $1"'),
    err: script('echo 2.3.0 >&2; exit 1'),
    mute: script('echo ok'),
  });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(['out', 'err', 'mute', 'satsim-no-such-program'].map((name) => programVersion(name, ['-V']))).toEqual(['6.1.0', '2.3.0', null, null]);
});

test.each([
  ['tc utility, iproute2-6.1.0', '6.1.0'],
  ['ns-3.37', '3.37'],
  ['OMNeT++ Discrete Simulation (C) 1992-2022, Version: 6.0pre15', '6.0'],
  ['ovs-vsctl (Open vSwitch) 2.17.9', '2.17.9'],
  ['v24.21.0', '24.21.0'],
  ['tc utility, iproute2-ss200127', null],
  ['', null],
])('the version in `%s` is %s', (text, version) => {
  expect(versionIn(text)).toBe(version);
});

test('capabilities are the bits of CapEff', () => {
  expect([...effectiveCapabilities('Name:\tnode\nCapPrm:\tffff\nCapEff:\t0000000000003001\n')]).toEqual(['CAP_CHOWN', 'CAP_NET_ADMIN', 'CAP_NET_RAW']);
  expect([...effectiveCapabilities('CapEff:\t000001ffffffffff\n')]).toHaveLength(41);
  expect([...effectiveCapabilities('CapEff:\t0000000000000000\n')]).toEqual([]);
  expect([...effectiveCapabilities('')]).toEqual([]);
});

test.skipIf(process.platform !== 'linux')('this process has the capabilities that the kernel says', async () => {
  const mask = /CapEff:\s*([0-9a-f]+)/.exec(await readFile('/proc/self/status', 'utf8'))![1]!;
  const bits = BigInt(`0x${mask}`).toString(2).replaceAll('0', '').length;
  expect(effectiveCapabilities().size).toBe(Math.min(bits, 41));
});
