// Needs root and Mininet, and no netem. Takes as long as it says.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measured } from './index.ts';

const DT_MS = 100;
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface Tick {
  readonly tickIndex: number;
  readonly driftMs: number;
  readonly deliveredAtMs: number;
  readonly appliedAtMs: { readonly mininet: number };
}

/** Of how many ticks late: what is not in force when the next one is due. */
interface Lateness {
  readonly latePct: number;
  /** By how much the latest was late. */
  readonly mostMs: number;
}

function latenessOf(inForceMs: readonly number[]): Lateness {
  const late = inForceMs.map((ms) => ms - DT_MS).filter((ms) => ms > 0);
  return { latePct: (100 * late.length) / inForceMs.length, mostMs: Math.max(0, ...late) };
}

/** A process that does nothing but to wake every tick: what this machine itself makes late. @returns what ends it */
function control(): () => Promise<Lateness> {
  const script = `const woken = []; const begun = performance.now(); let k = 0;
    const next = () => { woken.push(performance.now() - begun - k * ${DT_MS}); k += 1; setTimeout(next, Math.max(0, begun + k * ${DT_MS} - performance.now())); };
    next(); process.stdin.resume().on('end', () => { console.log(JSON.stringify(woken)); process.exit(); });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const closed = new Promise((resolve) => child.on('close', resolve));
  return async () => {
    child.stdin.end();
    await closed;
    return latenessOf(JSON.parse(printed) as number[]);
  };
}

interface Once {
  readonly ticks: Lateness;
  /** What tick 0 took, which brings the whole network. */
  readonly firstMs: number;
  readonly timer: Lateness;
}

/** Iridium by ticks of 100 ms as a user runs it: how many ticks are late, and by how much; beside it, what a bare timer is. */
async function once(duration: string): Promise<Once> {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-bench-'));
  const endControl = control();
  try {
    const sets = [
      'time.mode=realtime',
      `time.dt=${DT_MS}ms`,
      'time.t1=null',
      `time.duration=${duration}`,
      'mininet.shaping.delay=none',
      `paths.artifacts_root=${dir}`,
    ];
    const args = [at('../../packages/cli/bin/satsim.js'), 'run', at('../../examples/iridium.satsim.yaml'), '--lane', 'mininet', '--format', 'json'];
    const run = spawn(process.execPath, [...args, ...sets.flatMap((set) => ['--set', set])], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    run.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
    const status = await new Promise((resolve) => run.on('close', resolve));
    if (status !== 0) throw new Error(`the run ended with exit code ${String(status)}\n${said}`);
    const [runId] = readdirSync(dir);
    const ticks = readFileSync(join(dir, runId!, 'metrics/ticks.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Tick);
    // The clock of the run begins when the network of tick 0 is in force.
    const begunMs = ticks[1]!.deliveredAtMs - ticks[1]!.driftMs - DT_MS;
    const inForceMs = ticks.map(({ tickIndex, appliedAtMs }) => appliedAtMs.mininet - begunMs - tickIndex * DT_MS);
    return { ticks: latenessOf(inForceMs), firstMs: ticks[0]!.appliedAtMs.mininet - ticks[0]!.deliveredAtMs, timer: await endControl() };
  } finally {
    await endControl().catch(() => undefined);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** @param duration of each run, such as `10m` */
export async function benchRealtime(runs: number, duration: string): Promise<Record<string, Measured>> {
  const found: Once[] = [];
  for (let run = 0; run < runs; run += 1) found.push(await once(duration));
  const figure = (unit: string, limit: number, value: (each: Once) => number): Measured => ({ unit, limit, values: found.map(value) });
  return {
    'ticks late': figure('%', 0.1, ({ ticks }) => ticks.latePct),
    'latest tick': figure('ms', DT_MS, ({ ticks }) => ticks.mostMs),
    'the network of tick 0, before the clock begins': figure('ms', Infinity, ({ firstMs }) => firstMs),
    'a bare timer beside it, late': figure('%', Infinity, ({ timer }) => timer.latePct),
    'its latest': figure('ms', Infinity, ({ timer }) => timer.mostMs),
  };
}
