import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { alive } from './alive.test-helper.js';
import { RunProcesses } from './process-runner.js';

describe.skipIf(process.platform === 'win32')('child processes', () => {
  test('output, input, environment and folder', async () => {
    const processes = new RunProcesses();
    const result = await processes.run('sh', ['-c', 'cat; echo "$X"; pwd; echo problem >&2'], { input: 'in ', env: { X: 'env' }, cwd: '/' });
    expect(result).toEqual({ exitCode: 0, signal: null, stdout: 'in env\n/\n', stderrTail: 'problem\n' });
  });

  test('an argument is an argument, whatever a shell would make of it', async () => {
    expect((await new RunProcesses().run('printf', ['%s', '$(echo x); `y` "z"'])).stdout).toBe('$(echo x); `y` "z"');
  });

  test('a failing command rejects with command and stderr', async () => {
    await expect(new RunProcesses().run('sh', ['-c', 'echo no such device >&2; exit 3'])).rejects.toMatchObject({
      code: 'LANE_FAILED',
      message: expect.stringMatching(/^sh -c .* failed with exit code 3: no such device$/),
    });
  });

  test('a command that is not there rejects with a hint', async () => {
    await expect(new RunProcesses().run('satsim-no-such-program', [])).rejects.toMatchObject({
      message: expect.stringContaining('cannot be started'),
      hint: expect.stringContaining('PATH'),
    });
  });

  test('only the end of stderr is kept', async () => {
    const { stderrTail } = await new RunProcesses().run('sh', [
      '-c',
      'i=0; while [ $i -lt 3000 ]; do echo "line $i of a long complaint about something" >&2; i=$((i+1)); done',
    ]);
    expect(Buffer.byteLength(stderrTail)).toBe(64 * 1024);
    expect(stderrTail).toContain('line 2999 ');
  });

  test('stop: SIGTERM to the whole group, SIGKILL to what ignores it', async () => {
    const processes = new RunProcesses();
    const running = processes.start('sh', ['-c', 'trap "" TERM; sleep 60 & echo $!; wait; sleep 60'], { graceMs: 100 });
    await sleep(200);
    const { signal, stdout } = await running.stop();
    expect(signal).toBe('SIGKILL');
    await expect.poll(() => alive(Number(stdout))).toBe(false);
    expect((await running.stop()).signal).toBe('SIGKILL');
  });

  test('an abort ends the command and rejects', async () => {
    const controller = new AbortController();
    const running = new RunProcesses().run('sleep', ['60'], { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toMatchObject({ message: expect.stringContaining('was aborted') });
  });

  test('a daemon that keeps the pipes open does not keep the command from ending', async () => {
    const processes = new RunProcesses();
    const started = performance.now();
    const { stdout, exitCode } = await processes.run('sh', ['-c', 'sleep 60 & echo $!']);
    expect(exitCode).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(alive(Number(stdout))).toBe(true);
    await processes.close();
    await expect.poll(() => alive(Number(stdout))).toBe(false);
  });

  test('a conversation: lines go in, lines come out of both pipes, the last one without its newline', async () => {
    const heard: string[] = [];
    const processes = new RunProcesses();
    const running = processes.start('sh', ['-c', 'while read line; do echo "got $line"; done; echo "ü end" >&2; printf last'], {
      onLine: (line, from) => heard.push(`${from}: ${line}`),
    });
    await running.write('one\ntwo\n');
    await expect.poll(() => heard).toEqual(['stdout: got one', 'stdout: got two']);
    running.closeInput();
    expect(await running.done).toEqual({ exitCode: 0, signal: null, stdout: '', stderrTail: 'ü end\n' });
    expect(heard.toSorted()).toEqual(['stderr: ü end', 'stdout: got one', 'stdout: got two', 'stdout: last']);
    await expect(running.write('three\n')).rejects.toMatchObject({ code: 'LANE_FAILED', message: expect.stringContaining('takes no more input') });
  });

  test.runIf(process.platform === 'linux')('a program ends with satsim, also when satsim is killed', async () => {
    const child = fileURLToPath(new URL('../../dist/process/sleeper.child.test-helper.js', import.meta.url));
    const parent = spawn(process.execPath, [child], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(chunk);
    await expect.poll(() => readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe('sleep\n');
    parent.kill('SIGKILL');
    await expect.poll(() => alive(pid)).toBe(false);
  });

  test('close ends what runs and what was left behind, and starts nothing more', async () => {
    const processes = new RunProcesses();
    const { stdout } = await processes.run('sh', ['-c', 'sleep 60 >/dev/null 2>&1 & echo $!']);
    const running = processes.start('sleep', ['60']);
    expect(alive(Number(stdout))).toBe(true);
    expect(await processes.close()).toEqual([running.pid]);
    await expect.poll(() => alive(Number(stdout))).toBe(false);
    expect(alive(running.pid)).toBe(false);
    expect(() => processes.start('true', [])).toThrow('the run is over');
  });
});
