import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { bin, ENDLESS, iridium, pause, SHORT, until, workplace } from './satsim.js';

/** A Node on PATH that is too old for satsim, as stock machines have one. */
function oldNode(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((node) => existsSync(node) && /^v(18|20|21)\./.test(execFileSync(node, ['--version'], { encoding: 'utf8' })));
}

describe('under the Node of a stock machine', () => {
  const node = oldNode();
  const place = workplace();
  afterAll(place.remove);
  const options = { cwd: place.dir, env: place.env, reject: false } as const;
  const when = it.skipIf(node === undefined);

  when('the packaged Node takes over, with arguments, streams and exit code', async () => {
    const { stdout, exitCode } = await execa(node!, [bin, 'run', iridium, ...SHORT, '--format', 'json'], options);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed', ticks: 10 });
    expect(exitCode).toBe(0);
    expect((await execa(node!, [bin, 'run', '--sed'], options)).exitCode).toBe(2);
  });

  when.each(['SIGINT', 'SIGTERM'] as const)('%s to it alone reaches the run, and it waits for the end', async (signal) => {
    const before = place.runs().length;
    const running = execa(node!, [bin, 'run', iridium, ...ENDLESS, '--format', 'json'], options);
    await until(() => place.runs().length > before);
    await pause(700);
    running.kill(signal);
    const { stdout, exitCode } = await running;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'interrupted' });
    expect(place.leftovers()).toEqual([]);
  });

  when('Ctrl-C, which reaches both, is one request to stop and not two', async () => {
    const before = place.runs().length;
    const running = execa(node!, [bin, 'run', iridium, ...ENDLESS], { ...options, detached: true });
    await until(() => place.runs().length > before);
    await pause(700);
    process.kill(-running.pid!, 'SIGINT');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(130);
    // Aborted, the run would not have had the time to drain its queue and complete the trace.
    expect(stdout).toMatch(/trace {2}sha256 [0-9a-f]{64}/);
    expect(place.leftovers()).toEqual([]);
  });

  when('without a packaged Node it says which version it needs', async () => {
    const alone = join(place.dir, 'alone/bin');
    mkdirSync(alone, { recursive: true });
    cpSync(bin, join(alone, 'satsim.js'));
    cpSync(join(dirname(bin), '../package.json'), join(place.dir, 'alone/package.json'));
    const { stderr, exitCode } = await execa(node!, [join(alone, 'satsim.js'), '--help'], options);
    expect(stderr).toMatch(/needs Node 22\.15 or later, and this is (18|20|21)\./);
    expect(exitCode).toBe(3);
  });
});
