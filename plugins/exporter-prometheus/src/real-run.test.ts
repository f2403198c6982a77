import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readOpenMetrics } from './openmetrics.test-helper.js';
import { METRICS_FILE } from './prometheus-exporter.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'satsim-prometheus-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('a real run: its metrics can be scraped while it goes on, and are in the file afterwards', async () => {
  const args = [
    'run',
    join(root, 'examples/iridium.satsim.yaml'),
    '--plugin',
    join(root, 'plugins/exporter-prometheus'),
    '--exporter',
    'prometheus',
    '--format',
    'json',
  ];
  const options = ['exporters.prometheus.port=0', 'time.mode=realtime', 'time.dt=100ms', 'time.t1=2026-11-20T00:00:03Z', 'assertions=[]'].flatMap((option) => [
    '--set',
    option,
  ]);
  const run = spawn(process.execPath, [join(root, 'packages/cli/bin/satsim.js'), ...args, ...options], { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  run.stdout.on('data', (chunk) => (stdout += String(chunk)));
  const ended = new Promise<number | null>((resolve) => run.once('exit', resolve));

  const url = await found(() => /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(logOf(dir))?.[0], run);
  const ticks = async () => Number(/^satsim_ticks_total (\d+)$/m.exec(await (await fetch(url)).text())?.[1]);
  const early = await ticks();
  await pause(500);
  const later = await ticks();
  expect(later).toBeGreaterThan(early);

  expect(await ended).toBe(0);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  const { runDir, flows } = JSON.parse(stdout) as { runDir: string; flows: { id: string; rttMs: { max: number }; samples: number }[] };
  const families = readOpenMetrics(readFileSync(join(runDir, METRICS_FILE), 'utf8'));
  expect(families.get('satsim_ticks')!.series.get('satsim_ticks_total')!.at(-1)).toEqual({ timeMs: Date.parse('2026-11-20T00:00:02.900Z'), value: 30 });
  for (const { id, rttMs, samples } of flows) {
    const points = families.get('satsim_flow_rtt_seconds')!.series.get(`satsim_flow_rtt_seconds{flow="${id}",lane="flow"}`)!;
    expect(points).toHaveLength(samples);
    expect(Math.max(...points.map(({ value }) => value))).toBeCloseTo(rttMs.max / 1000, 9);
  }
  expect(families.get('satsim_lane_apply_seconds')!.series.get('satsim_lane_apply_seconds_count{lane="flow"}')!.at(-1)!.value).toBe(30);
});

function logOf(folder: string): string {
  const runs = join(folder, 'artifacts/runs');
  const [id] = existsSync(runs) ? readdirSync(runs) : [];
  const log = join(runs, id ?? '', 'logs/run.jsonl');
  return id !== undefined && existsSync(log) ? readFileSync(log, 'utf8') : '';
}

async function found<T>(look: () => T | undefined, run: { readonly exitCode: number | null }): Promise<T> {
  for (;;) {
    const what = look();
    if (what !== undefined) return what;
    if (run.exitCode !== null) throw new Error(`the run ended with ${run.exitCode}`);
    await pause(20);
  }
}
