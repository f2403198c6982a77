import { release } from 'node:os';
import { expect, test } from 'vitest';
import { softwareUsed } from './software.js';

const SAYS: Readonly<Record<string, string>> = {
  'tc -V': 'tc utility, iproute2-6.1.0, libbpf 1.1.2\n',
  'ovs-vsctl --version': 'ovs-vsctl (Open vSwitch) 3.1.0\nDB Schema 8.3.1\n',
  'ping -V': 'ping from iputils 20221126\nlibcap: yes\n',
  'iperf3 --version': 'iperf 3.12 (cJSON 1.7.15)\nLinux\n',
};
const processes = {
  run: async (command: string, args: readonly string[]) => {
    const stdout = SAYS[[command, ...args].join(' ')];
    if (stdout === undefined) throw new Error('it is not there');
    return { exitCode: 0, signal: null, stdout, stderrTail: '' };
  },
};
const used = async (switches: boolean, kinds: readonly string[], runner = processes) =>
  Object.fromEntries(
    (await softwareUsed(runner, { mininet: '2.3.0', python: '3.11.2' }, { switches, kinds }, new AbortController().signal)).map(({ name, version }) => [
      name,
      version,
    ]),
  );
const ALWAYS = { Mininet: '2.3.0', Python: '3.11.2', Linux: release(), iproute2: '6.1.0' };

test('what a run uses is told with its version, and nothing else', async () => {
  expect(await used(false, [])).toEqual(ALWAYS);
  expect(await used(false, ['ping', 'ping'])).toEqual({ ...ALWAYS, ping: 'iputils 20221126' });
  expect(await used(true, ['udp', 'tcp'])).toEqual({ ...ALWAYS, 'Open vSwitch': '3.1.0', iperf3: '3.12' });
});

test('a program that does not tell its version is named without', async () => {
  expect(await used(false, ['udp'], { run: () => Promise.reject(new Error('no')) })).toEqual({ ...ALWAYS, iproute2: null, iperf3: null });
  const odd = { run: async () => ({ exitCode: 0, signal: null, stdout: 'hello', stderrTail: '' }) };
  expect(await used(false, ['ping'], odd)).toEqual({ ...ALWAYS, iproute2: null, ping: null });
});
