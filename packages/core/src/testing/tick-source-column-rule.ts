import { isDeepStrictEqual } from 'node:util';
import { columnTick } from '../contract/column-tick.js';
import type { LinkIdentity, TickUpdate } from '../contract/tick.js';
import { check } from './contract-case.js';
import type { TickSourceRule } from './tick-source-bench.js';
import type { TickSourceSubject } from './tick-source-subject.js';

/** What a source that has columns says by them. One without keeps the rule, too. */
export function columnRule<Subject extends TickSourceSubject>(): TickSourceRule<Subject> {
  return {
    rule: 'columns, where a tick has them, say what its removals and updates say, and a link keeps its number',
    async judge(bench) {
      const named = new Map<number, LinkIdentity>();
      const ticks = await bench.readAll(await bench.open(), (tick) => {
        for (const number of numbersOf(tick)) named.set(number, named.get(number) ?? { ...tick.columns!.links[number]! });
      });
      for (const tick of ticks) {
        const fault = columnFault(tick, named);
        check(fault === null, `tick ${tick.tickIndex}: ${fault}`);
      }
    },
  };
}

function numbersOf({ columns }: TickUpdate): number[] {
  return columns === undefined ? [] : [...columns.removals, ...columns.link];
}

/** @param named the links by their numbers, as they were when a tick first had them */
function columnFault(tick: TickUpdate, named: ReadonlyMap<number, LinkIdentity>): string | null {
  const { columns, ...head } = tick;
  if (columns === undefined) return null;
  if (Object.keys(tick).includes('columns')) return 'columns is enumerable, so that copies have it: make the tick by columnTick()';
  const { links, link, up, oneWayDelayMs, capacityMbps, lossPct } = columns;
  if (![up, oneWayDelayMs, capacityMbps, lossPct].every(({ length }) => length === link.length)) return 'the columns differ in length';
  const renamed = numbersOf(tick).find((number) => !isDeepStrictEqual({ ...links[number] }, named.get(number)));
  if (renamed !== undefined) return `link ${renamed} is ${links[renamed]?.linkId}, and was ${named.get(renamed)?.linkId} before`;
  const told = columnTick(head, columns);
  if (!isDeepStrictEqual(told.removals, [...tick.removals])) return `the columns remove ${told.removals.join(', ')}, the tick ${tick.removals.join(', ')}`;
  const row = told.updates.findIndex((update, at) => !isDeepStrictEqual(update, { ...tick.updates[at] }));
  if (row >= 0) return `the columns say ${JSON.stringify(told.updates[row])}, the tick ${JSON.stringify(tick.updates[row])}`;
  return told.updates.length === tick.updates.length ? null : `the columns have ${told.updates.length} updates, the tick ${tick.updates.length}`;
}
