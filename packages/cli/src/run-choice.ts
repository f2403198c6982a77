import { momentOf, parseParam, RUN_STATUSES } from '@satsim/runs';
import type { RunFilter } from '@satsim/runs';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { collect } from './scenario-options.js';

type Status = NonNullable<RunFilter['statuses']>[number];

/** What `list-runs` and `runs gc` choose runs by. */
export interface RunChoice {
  readonly name?: string;
  readonly tag?: readonly string[];
  readonly outcome?: readonly Status[];
  readonly since?: string;
  readonly until?: string;
  readonly param?: readonly string[];
}

export function addRunChoice(command: Command): Command {
  return command
    .option('--name <pattern>', "the scenario's name; * and ? stand for anything and any character")
    .option('--tag <text>', 'with this tag (repeatable: with all of them)', collect)
    .option('--outcome <outcome>', `${RUN_STATUSES.join(', ')} (repeatable: any of them)`, status)
    .option('--since <time>', 'started then or later: 2026-11-20, 2026-11-20T10:15:00Z, or 7d for seven days ago')
    .option('--until <time>', 'started before then')
    .option('--param <condition>', 'on a field of the scenario, such as seed=7 or links.gsl.min_elevation_deg>=25 (repeatable: all of them)', collect);
}

/** @throws SatsimError USAGE */
export function filterOf({ name, tag, outcome, since, until, param }: RunChoice): RunFilter {
  const now = Date.now();
  return {
    name,
    ...(tag && { tags: tag }),
    ...(outcome && { statuses: outcome }),
    sinceMs: since === undefined ? undefined : momentOf('--since', since, now),
    untilMs: until === undefined ? undefined : momentOf('--until', until, now),
    params: (param ?? []).map(parseParam),
  };
}

function status(text: string, before: readonly Status[] = []): readonly Status[] {
  const found = RUN_STATUSES.find((one) => one === text);
  if (found === undefined) throw new InvalidArgumentError(`It is one of ${RUN_STATUSES.join(', ')}.`);
  return [...before, found];
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError('It is a whole number.');
  return number;
}
