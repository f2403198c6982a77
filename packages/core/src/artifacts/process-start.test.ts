import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isProcessAlive, processStart } from './process-start.js';

describe.skipIf(!existsSync('/proc/self/stat'))('a process is alive', () => {
  it('while it is there and started when it is said to have started', () => {
    expect(isProcessAlive(process.pid, processStart(process.pid))).toBe(true);
    expect(isProcessAlive(process.pid, null)).toBe(true);
    expect(isProcessAlive(process.pid, '1')).toBe(false);
    expect(isProcessAlive(2 ** 22 + 1, null)).toBe(false);
  });

  it('no more when it has ended, though nobody has asked for its exit code', async () => {
    // The second sleep takes the shell's place before the first ends, and knows nothing of it.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [output] = (await once(parent.stdout, 'data')) as [Buffer];
      const child = Number(output.toString());
      while (!readFileSync(`/proc/${child}/stat`, 'utf8').includes(') Z ')) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(() => process.kill(child, 0)).not.toThrow();
      expect(isProcessAlive(child, processStart(child))).toBe(false);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
