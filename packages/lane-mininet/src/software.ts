import { release } from 'node:os';
import type { ProcessRunner, SoftwareUsed } from '@satsim/core';
import type { AgentVersions } from './agent/mininet-agent.js';

interface Tool {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly version: RegExp;
}

const SHAPING: Tool = { name: 'iproute2', command: 'tc', args: ['-V'], version: /iproute2-([^\s,]+)/ };
const SWITCHES: Tool = { name: 'Open vSwitch', command: 'ovs-vsctl', args: ['--version'], version: /\(Open vSwitch\) (\S+)/ };
const BY_KIND: Readonly<Record<'ping' | 'data', Tool>> = {
  ping: { name: 'ping', command: 'ping', args: ['-V'], version: /from (.+)/ },
  data: { name: 'iperf3', command: 'iperf3', args: ['--version'], version: /^iperf (\S+)/ },
};

/** What of this machine decides about results, with its version; `null` for a program that does not tell it. */
export async function softwareUsed(
  processes: Pick<ProcessRunner, 'run'>,
  { mininet, python }: AgentVersions,
  used: { readonly switches: boolean; readonly kinds: readonly string[] },
  signal: AbortSignal,
): Promise<readonly SoftwareUsed[]> {
  const tools = [
    SHAPING,
    ...(used.switches ? [SWITCHES] : []),
    ...(used.kinds.includes('ping') ? [BY_KIND.ping] : []),
    ...(used.kinds.some((kind) => kind !== 'ping') ? [BY_KIND.data] : []),
  ];
  const versions = await Promise.all(
    tools.map(({ command, args, version }) =>
      processes.run(command, args, { signal }).then(
        ({ stdout }) => version.exec(stdout)?.[1] ?? null,
        () => null,
      ),
    ),
  );
  signal.throwIfAborted();
  return [
    { name: 'Mininet', version: mininet },
    { name: 'Python', version: python },
    { name: 'Linux', version: release() },
    ...tools.map(({ name }, index) => ({ name, version: versions[index] ?? null })),
  ];
}
