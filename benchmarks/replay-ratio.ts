// Starlink's first shell through a lane that does nothing: computed, played again from its trace, and computed without a trace, in
// turns, so that a slow or busy machine slows all: node benchmarks/replay-ratio.ts [SECONDS] [TURNS]. Prints the figures as JSON.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ReplayRatios {
  /** Link changes of the scenario as it stands, and what each takes in the trace. */
  readonly bytesPerChange: number;
  /** Of a run that has every link change in every tick. */
  readonly changes: number;
  /** The least seconds from the start of a run to its end, without that of the process. */
  readonly computeS: number;
  readonly replayS: number;
  /** Of the scenario as it stands, with a trace and without. */
  readonly recordedS: number;
  readonly bareS: number;
  readonly microsecondsPerChange: number;
  /** Playing by computing. */
  readonly replayRatio: number;
  /** A trace by none. */
  readonly recordRatio: number;
}

interface Summary {
  readonly runDir: string;
  readonly durationMs: number;
  readonly linksEmitted: number;
  readonly traceSha256: string;
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SCENARIO = at('../examples/starlink-shell1.satsim.yaml');
const EVERY_LINK = ['--set', 'links.thresholds={ delay_ms: 0, capacity_mbps: 0, loss_pct: 0 }'];
const NOTHING_ELSE = ['--plugin', at('./noop-lanes'), '--lane', 'noop-1', '--set', 'exporters={}'];

export function measureReplay(seconds: number, turns: number): ReplayRatios {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-bench-'));
  const root = ['--set', `paths.artifacts_root=${dir}`, '--set', 'traffic=[]', '--set', 'assertions=[]'];
  const end = ['--t1', new Date(Date.parse('2026-11-20T00:00:00Z') + seconds * 1000).toISOString()];
  const run = (...args: readonly string[]): Summary => satsim('run', SCENARIO, ...end, ...root, ...NOTHING_ELSE, ...args);
  try {
    const plain = run();
    const bytesPerChange = statSync(join(plain.runDir, 'traces/ticks.jsonl.zst')).size / plain.linksEmitted;
    const all = run(...EVERY_LINK);
    const measured = Array.from({ length: turns }, () => {
      const replayed = satsim('replay', all.runDir, '--set', `paths.artifacts_root=${dir}`, '--plugin', at('./noop-lanes'));
      if (replayed.traceSha256 !== all.traceSha256) throw new Error('what was played is not what was computed');
      return {
        compute: run(...EVERY_LINK).durationMs,
        replay: replayed.durationMs,
        recorded: run().durationMs,
        bare: run('--set', 'execution.record_trace=false').durationMs,
      };
    });
    // What else runs here only ever adds.
    const least = (what: keyof (typeof measured)[number]): number => Math.min(...measured.map((turn) => turn[what])) / 1000;
    const [computeS, replayS, recordedS, bareS] = [least('compute'), least('replay'), least('recorded'), least('bare')];
    return {
      bytesPerChange,
      changes: all.linksEmitted,
      computeS,
      replayS,
      recordedS,
      bareS,
      microsecondsPerChange: (replayS * 1e6) / all.linksEmitted,
      replayRatio: replayS / computeS,
      recordRatio: recordedS / bareS,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function satsim(...args: readonly string[]): Summary {
  const { status, stdout, stderr } = spawnSync(process.execPath, [at('../packages/cli/bin/satsim.js'), ...args, '--format', 'json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`satsim ${args.join(' ')}: exit ${status}\n${stderr}`);
  const { runDir } = JSON.parse(stdout) as { runDir: string };
  return JSON.parse(readFileSync(join(runDir, 'summary.json'), 'utf8')) as Summary;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [seconds = '600', turns = '5'] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(measureReplay(Number(seconds), Number(turns))));
}
