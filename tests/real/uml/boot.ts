import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { need } from '../prerequisites.js';

const INIT = fileURLToPath(new URL('init.sh', import.meta.url));

export function needUml(context: TestContext): void {
  need(context, { programs: ['linux.uml', 'tc', 'ip', 'mnexec', 'ovs-vswitchd', 'iperf3', 'ping'] });
}

/**
 * Boots Debian's user-mode-linux, whose kernel has netem, htb, tbf, veth, Open vSwitch and namespaces whatever the
 * machine's own has, over the machine's files, and runs a script in it as root. Its / is a copy in memory: the folder alone
 * is written through, and is the script's working directory.
 *
 * @param folder an absolute path without blanks: it travels on the kernel's command line
 * @throws Error with what the script printed, when it fails or takes too long
 */
export async function boot(folder: string, script: string, limitMs: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'script.sh'), script);
  const console = ['con=null', 'con0=fd:0,fd:1', 'con1=null', 'quiet', 'loglevel=3'];
  const disk = ['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro', `init=${INIT}`, `share=${folder}`];
  const args = ['mem=2G', ...disk, ...console, `uml_dir=${folder}/`, 'umid=uml'];
  const machine = spawn('linux.uml', args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const pipe of [machine.stdout, machine.stderr]) pipe.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const timer = setTimeout(() => process.kill(-machine.pid!, 'SIGKILL'), limitMs);
  await once(machine, 'close');
  clearTimeout(timer);
  const status = read(join(folder, 'status')).trim();
  if (status === '0') return;
  const printed = read(join(folder, 'script.log')).slice(-8_000);
  throw new Error(
    `the script in user-mode-linux ${status === '' ? `did not come to its end (within ${limitMs / 1000} s)` : `failed with status ${status}`}\n${printed}\n${said}`,
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
