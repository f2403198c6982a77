import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workplace } from '../../e2e/satsim.js';
import { lacksMininet, laneOf, prefixOf, remainders } from './machine.js';
import { small } from './scenarios.js';

interface Sample {
  readonly simTimeMs: number;
  readonly flow: string;
  readonly lossPct: number;
  readonly hops: number | null;
}

const T0_MS = Date.parse('2026-11-20T00:00:00Z');
const [FIRST_S, FLAPS, END_S] = [3, 10, 24];

describe.skipIf(lacksMininet())('a link that goes down and comes back, again and again', () => {
  const place = workplace();
  afterAll(async () => {
    await place.killAll();
    place.remove();
  });

  // Once more where the processor is so busy that it holds a packet back until its link is cut; in another order it is dozens, each time.
  it('no packet is lost, as no two routers ever send to each other: each change turns a part of the ring round', { timeout: 90_000, retry: 1 }, async () => {
    const faults = Array.from({ length: FLAPS }, (_, i) => `{ at: ${FIRST_S + 2 * i}s, for: 1s, link: [E-1-3, E-1-4] }`).join(', ');
    const traffic = ['west, to: east', 'east, to: west'].map((ends, i) => `{ id: p${i}, from: ${ends}, kind: ping, every: 5ms, start: 1s }`).join(', ');
    const scenario = small({ seconds: END_S, dt: '500ms', ring: true, traffic, faults });
    const finished = await place.run(place.write('flapping.satsim.yaml', scenario));
    expect(finished).toMatchObject({ outcome: 'completed', lanes: [{ error: null, figures: { readBackDifferences: 0 } }] });
    const samples = readFileSync(join(finished.runDir, 'results/flows.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Sample);
    const lost = samples.filter(({ lossPct }) => lossPct > 0).map(({ flow, simTimeMs }) => `${flow} at ${(simTimeMs - T0_MS) / 1000} s`);
    expect(lost).toEqual([]);
    // Both ways were taken, all the time.
    for (const flow of ['p0', 'p1']) {
      const own = samples.filter((sample) => sample.flow === flow);
      expect(own.length).toBeGreaterThan(100 * (END_S - 2));
      const changes = own.filter(({ hops }, i) => i > 0 && hops !== own[i - 1]!.hops);
      expect(changes.length).toBeGreaterThanOrEqual(2 * FLAPS - 1);
    }
    const shown = await place.output('show-run', finished.runId);
    expect(shown).toMatch(/^lane mininet: applyMedianMs [^]*, readBackInterfaces \d+, readBackDifferences 0$/m);
    expect(shown).toMatch(/^pace {3}(no tick was late|\d+ ticks were late, the latest by [\d.]+ ms)$/m);
    expect(remainders([prefixOf(laneOf(place, finished.runId).nodes())])).toEqual([]);
  });
});
