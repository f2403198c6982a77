import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf, type Json } from './check-czml.test-helper.js';
import { CZML_FILE } from './czml-exporter.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const scenario = path('../../../examples/iridium.satsim.yaml');

describe('ten minutes of Iridium', () => {
  const place = mkdtempSync(join(tmpdir(), 'satsim-czml-'));
  afterAll(() => rmSync(place, { recursive: true, force: true }));
  const satsim = async (...args: string[]) =>
    JSON.parse(
      (
        await promisify(execFile)(process.execPath, [path('../../../packages/cli/bin/satsim.js'), ...args, '--format', 'json'], {
          cwd: place,
          maxBuffer: 2 ** 24,
        })
      ).stdout,
    );
  let packets: readonly Json[] = [];
  let text = '';
  let runDir = '';
  beforeAll(async () => {
    ({ runDir } = await satsim('run', scenario, '--plugin', path('..'), '--set', 'exporters={czml: {}, jsonl: {}}'));
    text = readFileSync(join(runDir, CZML_FILE), 'utf8');
    packets = JSON.parse(text) as Json[];
  });
  const startingWith = (prefix: string) => packets.filter(({ id }) => id.startsWith(prefix));

  it('is a sound document of sane size', () => {
    expect(faultsOf(packets)).toEqual([]);
    expect(startingWith('node/')).toHaveLength(70);
    expect(startingWith('link/isl/').length).toBeGreaterThan(100);
    expect(startingWith('flow/').length).toBeGreaterThanOrEqual(4);
    expect(text.length).toBeLessThan(200_000);
  });

  it('tells every handover of the run', () => {
    const events = readFileSync(join(runDir, 'results/events.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Json);
    const handovers = events
      .filter(({ type }) => type === 'handover')
      .map(({ simTimeMs, nodeId, attributes }) => `${nodeId} ${new Date(simTimeMs).toISOString()} ${attributes.from} → ${attributes.to}`);
    const told = startingWith('handover/').flatMap(({ id, label }) =>
      label.text.map(({ interval, string }: Json) => `${id.slice('handover/'.length)} ${interval.split('/')[0]} ${string}`),
    );
    expect(handovers.length).toBeGreaterThan(0);
    expect(told).toHaveLength(handovers.length);
    expect(new Set(told)).toEqual(new Set(handovers));
  });

  it('interpolated half-way between its samples it is within 5 m of the engine', async () => {
    const states = (await satsim('ephemeris', scenario, '--at', '2026-11-20T00:01:00Z')) as { id: string; x_km: number; y_km: number; z_km: number }[];
    for (const { id, x_km, y_km, z_km } of states) {
      const { position } = packets.find((packet) => packet.id === `node/${id}`)!;
      const [x, y, z] = 'epoch' in position ? lagrange(position.cartesian, 60) : position.cartesian;
      expect(Math.hypot(x - x_km * 1e3, y - y_km * 1e3, z - z_km * 1e3), id).toBeLessThan(5);
    }
  });
});

/** Through the first six samples, as Cesium does it near the beginning. */
function lagrange(samples: readonly number[], seconds: number): number[] {
  const points = Array.from({ length: 6 }, (_, i) => samples.slice(i * 4, i * 4 + 4));
  return [1, 2, 3].map((axis) =>
    points.reduce(
      (sum, point, i) =>
        sum + points.reduce((product, other, j) => (i === j ? product : (product * (seconds - other[0]!)) / (point[0]! - other[0]!)), point[axis]!),
      0,
    ),
  );
}
