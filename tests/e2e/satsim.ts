import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect } from 'vitest';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const bin = join(root, 'packages/cli/bin/satsim.js');
export const iridium = join(root, 'examples/iridium.satsim.yaml');

/** Ten seconds of the Iridium example. */
export const SHORT = ['--t1', '2026-11-20T00:00:10Z'];
/** Goes on until somebody stops it. */
export const ENDLESS = ['--set', 'time.mode=realtime', '--set', 'time.dt=100ms', '--t1', '2026-11-21T00:00:00Z'];

/** What `run --format json` prints, as far as tests look at it. */
export interface FinishedRun {
  readonly runId: string;
  readonly runDir: string;
  readonly outcome: string;
  readonly ticks: number;
  readonly traceSha256: string;
  readonly lanes: readonly { name: string; state: string; ticks: number; error: string | null }[];
  readonly flows: readonly {
    id: string;
    lane: string;
    rttMs: { min: number; median: number; p99: number; max: number };
    availability: number;
    pathChanges: number;
  }[];
  readonly error: unknown;
}

export interface ErrorObject {
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
  readonly hint?: string;
  readonly faults?: readonly { message: string; path: string; file: string | null; line: number | null }[];
}

/** A folder of its own for one test file: working directory, temporary folder and runs are all in it. */
export function workplace() {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-e2e-'));
  const temporary = join(dir, 'tmp');
  mkdirSync(temporary);
  const env = { TMPDIR: temporary };
  const runsDir = join(dir, 'artifacts/runs');
  // In the order in which they started: their ids only tell seconds apart.
  const manifests = () =>
    existing(runsDir)
      .map((id) => JSON.parse(readFileSync(join(runsDir, id, 'manifests/run.json'), 'utf8')) as Record<string, unknown>)
      .toSorted((a, b) => String(a['startedAt']).localeCompare(String(b['startedAt'])));
  const begin = (...args: string[]) => execa(process.execPath, [bin, ...args], { cwd: dir, env, reject: false });
  const begun: ReturnType<typeof begin>[] = [];
  /** What the command prints; it has to succeed. */
  const output = async (...args: string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await begin(...args);
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };
  return {
    dir,
    env,
    /** Runs the command to its end; whatever its exit code. */
    satsim: begin,
    output,
    /** A run that has to succeed. */
    run: async (...args: string[]): Promise<FinishedRun> => JSON.parse(await output('run', ...args, '--format', 'json')) as FinishedRun,
    /** Starts the command; what still goes on at the end of a test is for {@link killAll}. */
    start(...args: string[]) {
      const process = begin(...args);
      begun.push(process);
      return process;
    },
    killAll: async (): Promise<void> => {
      for (const process of begun.splice(0)) if (process.kill('SIGKILL')) await process;
    },
    write(name: string, content: string): string {
      writeFileSync(join(dir, name), content);
      return join(dir, name);
    },
    runs: () => existing(runsDir),
    manifests,
    /** What a finished command must not leave: temporary folders (the engine's socket is in one) and processes. */
    leftovers: () => [...existing(temporary), ...processesNaming(dir)],
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export async function until(condition: () => boolean, limitMs = 15_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${condition.toString()}`);
    await pause(20);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function existing(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Command lines of processes whose working directory or arguments name the folder (Linux; elsewhere none are found). */
function processesNaming(dir: string): string[] {
  return existing('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return command.includes(dir) || readFileSync(`/proc/${pid}/environ`, 'utf8').includes(dir) ? [`process ${pid}: ${command}`] : [];
      } catch {
        return [];
      }
    });
}
