import type * as FastCheck from 'fast-check';
import type { LaneDeps } from '../contract/lane.js';
import { LinkTable } from '../contract/link-table.js';
import type { TickUpdate } from '../contract/tick.js';
import { messageOf } from '../errors.js';
import { type ContractCase, contractCase, ContractViolation, LIMIT_MS } from './contract-case.js';
import { copyTick } from './column-ticks.js';
import { withBench } from './lane-bench.js';
import type { LaneContractOptions, LaneSubject } from './lane-subject.js';
import { faultsInForce } from './links-in-force.js';
import { randomTicks } from './random-ticks.js';
import { tellTicks } from './tick-story.js';

export interface LanePropertyOptions<Subject extends LaneSubject> extends Pick<LaneContractOptions<Subject>, 'observe' | 'limitMs'> {
  /** Sequences to try, each with a fresh lane and up to eight ticks; 100 by default. Fewer where a lane builds something slow. */
  readonly runs?: number;
  /** Tries the sequences of an earlier run again, as its failure says. By default each run tries others. */
  readonly seed?: number;
}

/**
 * The tier of the kit that tries what nobody thought of: random valid tick sequences against a model of the links in force.
 * A failure is told as the shortest sequence that still fails. Needs the npm package `fast-check` beside the kit.
 *
 *     for (const { rule, skip, run } of laneProperties(create, { observe })) test(rule, { skip: skip !== false }, run);
 *
 * @param create makes a fresh lane from deps that the kit owns; called once for each sequence
 */
export function laneProperties<Subject extends LaneSubject>(
  create: (deps: LaneDeps) => Subject | Promise<Subject>,
  options: LanePropertyOptions<Subject>,
): readonly ContractCase[] {
  const skip = options.observe === undefined ? 'the harness has no observe()' : whyNoFastCheck();
  const rule = 'whatever the ticks, the links in force after each are those that the ticks say';
  return [contractCase(rule, skip, () => tryRandomTicks(create, options))];
}

async function tryRandomTicks<Subject extends LaneSubject>(
  create: (deps: LaneDeps) => Subject | Promise<Subject>,
  { runs = 100, seed, observe, limitMs = LIMIT_MS }: LanePropertyOptions<Subject>,
): Promise<void> {
  const fc = await import('fast-check');
  const property = fc.asyncProperty(randomTicks(fc), (ticks) =>
    withBench(create, { observe: observe! }, limitMs, async (bench) => {
      const table = new LinkTable();
      await bench.prepare();
      for (const [at, tick] of ticks.entries()) {
        table.apply(tick);
        await bench.apply(copyTick(tick)).catch((error: unknown) => fail(ticks, at, `applyTick rejected: ${messageOf(error)}`));
        const wrong = faultsInForce(table, await bench.observe());
        if (wrong.length > 0) fail(ticks, at, wrong.join('; '));
      }
    }),
  );
  const details: FastCheck.RunDetails<[readonly TickUpdate[]]> = await fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
  if (details.failed) throw new ContractViolation(`${messageOf(details.errorInstance)}\n(to try it again: seed: ${details.seed}, runs: ${details.numRuns})`);
}

function fail(ticks: readonly TickUpdate[], at: number, what: string): never {
  throw new ContractViolation(`${tellTicks(ticks.slice(0, at + 1))}\nthen ${what}`);
}

/** The package is an optional peer: whoever uses this tier installs it, and nobody else has it. */
function whyNoFastCheck(): string | false {
  try {
    import.meta.resolve('fast-check');
    return false;
  } catch {
    return 'fast-check is not installed: npm install --save-dev fast-check';
  }
}
