import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const bin = fileURLToPath(new URL('../../packages/cli/bin/satsim.js', import.meta.url));

export interface FinishedRun {
  readonly runId: string;
  readonly runDir: string;
  readonly outcome: string;
  readonly ticks: number;
  readonly traceSha256: string;
  readonly flows: readonly {
    id: string;
    lane: string;
    rttMs: { min: number; median: number; p99: number; max: number };
    availability: number;
    pathChanges: number;
  }[];
}

/** A folder of its own for one test file, with the real command in it. */
export function workplace() {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-acceptance-'));
  const satsim = async (...args: string[]): Promise<string> => (await execa(process.execPath, [bin, ...args], { cwd: dir })).stdout;
  return {
    dir,
    satsim,
    write(name: string, content: string): string {
      const path = join(dir, name);
      writeFileSync(path, content);
      return path;
    },
    run: async (...args: string[]): Promise<FinishedRun> => JSON.parse(await satsim('run', ...args, '--format', 'json')) as FinishedRun,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export const readJsonLines = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
