import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ENDLESS, iridium, pause, until, workplace } from '../e2e/satsim.js';
import { traceSha256Of } from '../e2e/trace.js';
import { mountDisk, unmountAll } from './disk.js';

interface Result {
  readonly runDir: string;
  readonly outcome: string;
  readonly exitCode: number;
  readonly traceSha256: string | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | null;
}

const FULL = /(^|: )cannot (write|make|create|flush|close) \/\S+: the disk is full \(ENOSPC\)$/;
/** Whoever comes to the end of the disk first: a file of the run, or an exporter. */
const CODE = expect.stringMatching(/^(ARTIFACTS|EXPORTER_FAILED)$/) as string;
const REMEDY = /free some space, or choose another disk with paths\.artifacts_root/;

/** Leaves no byte free. */
function fill(dir: string): void {
  const file = openSync(join(dir, 'filler'), 'w');
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
  }
  closeSync(file);
}

/** A trace that is not whole has no hash. */
async function expectTrueTrace({ runDir, traceSha256 }: Result, label?: string): Promise<void> {
  if (traceSha256 !== null) expect(await traceSha256Of(runDir), label).toBe(traceSha256);
}

describe('a disk that is full', () => {
  const place = workplace();
  afterEach(async () => {
    await place.killAll();
    unmountAll();
    expect(place.leftovers()).toEqual([]);
  });
  afterAll(place.remove);
  const on = (disk: string): string[] => ['--set', `paths.artifacts_root=${disk}/runs`, '--format', 'json'];
  const runsOn = (disk: string): string[] => (existsSync(join(disk, 'runs')) ? readdirSync(join(disk, 'runs')) : []);
  const manifestOf = (runDir: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(runDir, 'manifests/run.json'), 'utf8')) as Record<string, unknown>;

  // From no room for the folders, through the inputs, the manifest and the trace, up to what a run needs.
  it('of any size: the run fails and says so, or is complete', async (context) => {
    const outcomes = new Set<string>();
    for (const size of [4, 16, 32, 44, 56, 64, 72, 80, 120, 200, 400, 800, 8000]) {
      const disk = mountDisk(context, place.dir, `disk-${size}`, `size=${size}k`);
      const { stdout, stderr, exitCode } = await place.satsim('run', iridium, ...on(disk));
      const printed = JSON.parse(stdout) as Result & { error: { exitCode?: number } | null };
      const label = `${size} KiB: ${stderr}`;
      if (exitCode === 0) {
        outcomes.add('completed');
        expect(manifestOf(printed.runDir), label).toMatchObject({ outcome: 'completed' });
        expect(await traceSha256Of(printed.runDir), label).toBe(printed.traceSha256);
      } else {
        expect(exitCode, label).toBe(1);
        expect(printed.error, label).toMatchObject({
          code: CODE,
          message: expect.stringMatching(FULL) as string,
          hint: expect.stringMatching(REMEDY) as string,
        });
        expect(stderr, label).toMatch(REMEDY);
        if (printed.runDir === undefined) {
          outcomes.add('not begun');
          expect(runsOn(disk), label).toEqual([]);
        } else {
          outcomes.add('failed');
          expect(printed, label).toMatchObject({ outcome: 'failed' });
          expect(manifestOf(printed.runDir), label).toMatchObject({ outcome: 'failed', reason: printed.error!.message, traceSha256: printed.traceSha256 });
          await expectTrueTrace(printed, label);
        }
      }
      const listed = JSON.parse((await place.satsim('list-runs', '--artifacts-root', `${disk}/runs`, '--format', 'json')).stdout) as { status: string }[];
      expect(
        listed.map(({ status }) => status),
        label,
      ).toEqual(printed.runDir === undefined ? [] : [exitCode === 0 ? 'completed' : 'failed']);
    }
    expect([...outcomes].toSorted()).toEqual(['completed', 'failed', 'not begun']);
  });

  it('when somebody else fills it in the middle of the run', async (context) => {
    const disk = mountDisk(context, place.dir, 'disk-shared', 'size=8m');
    const running = place.start('run', iridium, ...ENDLESS, ...on(disk));
    await until(() => runsOn(disk).length === 1);
    await pause(1500);
    fill(disk);
    // The run ends by itself: nobody has to find out first.
    const { stdout, exitCode } = await running;
    expect(exitCode).toBe(1);
    const printed = JSON.parse(stdout) as Result;
    expect(printed).toMatchObject({ outcome: 'failed', error: { code: CODE, message: expect.stringMatching(FULL) as string } });
    expect(manifestOf(printed.runDir)).toMatchObject({ outcome: 'failed', reason: printed.error!.message, traceSha256: printed.traceSha256 });
    await expectTrueTrace(printed);
  });

  it('when there is no room for the summary: the manifest tells the truth in the space that was kept for it', async (context) => {
    const disk = mountDisk(context, place.dir, 'disk-summary', 'size=8m');
    // Flows enough for a summary of several hundred KiB.
    const flows = Array.from({ length: 600 }, (_, i) => `{ id: flow-${i}, from: oslo, to: singapore }`).join(', ');
    const running = place.start('run', iridium, '--set', `traffic=[${flows}]`, '--set', 'assertions=[]', ...ENDLESS, ...on(disk));
    await until(() => runsOn(disk).length === 1);
    await pause(1500);
    fill(disk);
    const { stdout, exitCode } = await running;
    const printed = JSON.parse(stdout) as Result;
    expect({ exitCode, outcome: printed.outcome }).toEqual({ exitCode: 1, outcome: 'failed' });
    expect(manifestOf(printed.runDir)).toMatchObject({ outcome: 'failed', reason: printed.error!.message });
    // No half of one either.
    expect(existsSync(join(printed.runDir, 'summary.json'))).toBe(false);
    expect(readdirSync(printed.runDir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const shown = await place.satsim('show-run', '2', '--artifacts-root', `${disk}/runs`);
    expect(shown.stdout).toMatch(/ failed\n[^]*reason .*cannot \w+ .*the disk is full[^]*wrong {2}.*summary\.json/);
  });

  it('interrupted on it: still a true manifest', async (context) => {
    const disk = mountDisk(context, place.dir, 'disk-interrupted', 'size=8m');
    const running = place.start('run', iridium, ...ENDLESS, ...on(disk));
    await until(() => runsOn(disk).length === 1);
    await pause(700);
    fill(disk);
    running.kill('SIGINT');
    const { stdout, exitCode } = await running;
    const printed = JSON.parse(stdout) as Result;
    expect([1, 130]).toContain(exitCode);
    expect(manifestOf(printed.runDir)).toMatchObject({ outcome: printed.outcome, traceSha256: printed.traceSha256 });
    if (exitCode === 1) expect(printed).toMatchObject({ outcome: 'failed', traceSha256: null });
  });
});
