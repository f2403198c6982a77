import { spawn } from 'node:child_process';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { bin, iridium, workplace } from './satsim.js';

const ESCAPE = '\u001b';

describe('terminals and pipes', () => {
  const place = workplace();
  afterAll(place.remove);

  it('a reader that has seen enough ends the command without a word', async () => {
    const child = spawn(process.execPath, [bin, 'links', iridium, '--at', '2026-11-20T00:00:00Z', '--format', 'json'], {
      cwd: place.dir,
      env: { ...process.env, ...place.env },
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(place.leftovers()).toEqual([]);
  });

  it('on a terminal one line is redrawn in place, at most ten times a second', async (context) => {
    const args = `run ${iridium} --set time.mode=realtime --set time.dt=50ms --t1 2026-11-20T00:00:02Z`;
    // `script` (util-linux) gives the command a terminal.
    const { stdout, failed, exitCode } = await execa('script', ['-qec', `"${process.execPath}" "${bin}" ${args}`, '/dev/null'], {
      cwd: place.dir,
      env: { ...place.env, TERM: 'xterm', NO_COLOR: '1' },
      reject: false,
    });
    if (failed && exitCode === undefined) return context.skip('there is no `script` here');
    expect(exitCode, stdout).toBe(0);
    const drawn = stdout.split(`\r${ESCAPE}[2K`).slice(1, -1);
    expect(drawn.length).toBeGreaterThan(3);
    expect(drawn.length).toBeLessThanOrEqual(25);
    // A busy machine falls behind, and a warning may say so: it stands on a line of its own.
    for (const line of drawn) expect(line.replace(/^\[[\d:.]+\] WARN: the run is .* behind the wall clock .*\r?\n/, '')).not.toContain('\n');
    expect(drawn.filter((line) => /^running · tick \d+\/40 · 2026-11-20T00:00:0\dZ · [\d.]+× · drift -?\d+ ms · flow \d+/.test(line)).length).toBeGreaterThan(
      3,
    );
    expect(stdout).toContain('completed after 40 ticks');
    // NO_COLOR: no colours, in the summary either.
    expect(stdout.split(ESCAPE).filter((part) => /^\[\d+m/.test(part))).toEqual([]);
  });

  it('colours the summary on a terminal only', async (context) => {
    const show = `"${process.execPath}" "${bin}" show-run 2`;
    const { stdout, failed, exitCode } = await execa('script', ['-qec', show, '/dev/null'], {
      cwd: place.dir,
      // A CI machine says by itself that it is no place for colours.
      env: { ...place.env, TERM: 'xterm', NO_COLOR: undefined, CI: undefined },
      reject: false,
    });
    if (failed && exitCode === undefined) return context.skip('there is no `script` here');
    expect(stdout).toContain(`${ESCAPE}[1m`);
  });
});
