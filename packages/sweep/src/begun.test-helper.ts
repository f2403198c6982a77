import { join } from 'node:path';
import type { SweepDefinition } from './definition.js';
import type { PlannedCell } from './planned.js';
import { prepareSweep, type PreparedSweep, type SweepChoice } from './prepare-sweep.js';

/** Every cell of a sweep `s` of two cells, below a folder: planned by nobody, with runs in `runs`. */
export async function prepared(root: string, choice: Partial<SweepChoice> = {}, planned: Partial<PlannedCell> = {}): Promise<PreparedSweep> {
  const definition: SweepDefinition = { name: 's', scenario: '/s.yaml', set: {}, grid: { a: [1, 2] }, list: [], seed: 0, include: [], exclude: [] };
  const plan = async (): Promise<PlannedCell> => ({
    scenario: {},
    inputs: [],
    components: {},
    engineVersion: null,
    artifactsRoot: join(root, 'runs'),
    ...planned,
  });
  const all: SweepChoice = { sweepsRoot: join(root, 'sweeps'), include: {}, exclude: {}, rerun: 'missing', ...choice };
  return prepareSweep({ definition, file: null, locate: () => null }, all, plan, new AbortController().signal);
}
