import { isDeepStrictEqual } from 'node:util';
import { linkId, type LinkKind, type LinkState, type TickUpdate } from '../contract/tick.js';
import { check } from './contract-case.js';
import type { TickSourceBench, TickSourceRule } from './tick-source-bench.js';
import { columnRule } from './tick-source-column-rule.js';
import type { TickSourceSubject } from './tick-source-subject.js';

const never = new AbortController().signal;

/** What a tick source says. */
export function contentRules<Subject extends TickSourceSubject>(): readonly TickSourceRule<Subject>[] {
  const ofTicks = (rule: string, judge: (ticks: readonly TickUpdate[], bench: TickSourceBench<Subject>) => void): TickSourceRule<Subject> => ({
    rule,
    judge: async (bench) => judge(await bench.readAll(await bench.open()), bench),
  });
  return [
    {
      rule: 'resolve says the same twice, and each node once',
      async judge(bench) {
        const resolved = await bench.resolve(never);
        const ids = resolved.nodes.map(({ id }) => id);
        check(ids.length > 0, 'the network has no nodes');
        check(new Set(ids).size === ids.length, `a node is told twice: ${ids.find((id, at) => ids.indexOf(id) !== at)}`);
        const again = await bench.another((other) => other.resolve(never));
        check(
          isDeepStrictEqual(resolved.nodes, again.nodes) && isDeepStrictEqual(resolved.spec, again.spec),
          'two fresh sources resolve the same scenario differently',
        );
      },
    },
    ofTicks('ticks come as 0, 1, 2 … to the last one: none is missing, none comes twice', (ticks, { run }) => {
      const wrong = ticks.findIndex(({ tickIndex }, at) => tickIndex !== at);
      check(wrong < 0, `tick ${ticks[wrong]?.tickIndex} where ${wrong} was due`);
      check(ticks.length === run.tickCount, `${ticks.length} ticks came, and the run has ${run.tickCount}`);
    }),
    ofTicks('each tick lies on the grid t0 + k·dt', (ticks, { run }) => {
      for (const { tickIndex, simTimeMs } of ticks) {
        const dueMs = run.t0Ms + tickIndex * run.dtMs;
        check(simTimeMs === dueMs, `tick ${tickIndex} is of ${simTimeMs}, not ${dueMs}`);
      }
    }),
    ofTicks('the first tick is a snapshot', ([first]) => {
      check(first?.snapshot === true, first ? `tick ${first.tickIndex} came first and is none` : 'no tick came');
    }),
    {
      rule: 'links are whole: named by kind and ends, between nodes of the network, with sound numbers',
      async judge(bench) {
        const { nodes } = await bench.resolve(never);
        const ids = new Set(nodes.map(({ id }) => id));
        const links = (await bench.readAll(await bench.open())).flatMap(({ tickIndex, updates }) => updates.map((link) => ({ tickIndex, link })));
        check(links.length > 0, 'nothing to judge: no tick has a link; give the harness a scenario that has some');
        for (const { tickIndex, link } of links) {
          const fault = linkFault(link, ids);
          check(fault === null, `tick ${tickIndex}: ${link.linkId}: ${fault}`);
        }
      },
    },
    columnRule(),
    {
      rule: 'events are aligned to ticks, and seq only grows',
      unless: ({ without }) => without?.events ?? null,
      async judge(bench) {
        const { run } = bench;
        const stream = await bench.open();
        check(stream.events !== null, 'events is null: say so in the harness by `without: { events: why }`');
        const events = await bench.readEvents(stream);
        check(events.length > 0, 'nothing to judge: there is no event in the whole run; give the harness a scenario in which something happens');
        for (const [at, { seq, tickIndex, simTimeMs }] of events.entries()) {
          const inRun = Number.isInteger(tickIndex) && tickIndex >= 0 && tickIndex < run.tickCount;
          check(inRun && simTimeMs === run.t0Ms + tickIndex * run.dtMs, `event ${seq} is of tick ${tickIndex} at ${simTimeMs}, which is no tick of the run`);
          const before = events[at - 1];
          check(before === undefined || seq > before.seq, `event ${seq} comes after event ${before?.seq}`);
          check(before === undefined || tickIndex >= before.tickIndex, `event ${seq} of tick ${tickIndex} comes after one of tick ${before?.tickIndex}`);
        }
      },
    },
    {
      rule: 'the ephemeris tells every node once: a position, or its name among the failures',
      unless: ({ without }) => without?.ephemeris ?? null,
      async judge(bench) {
        const { nodes } = await bench.resolve(never);
        const { ephemeris } = await bench.open();
        check(ephemeris !== null, 'ephemeris is null: say so in the harness by `without: { ephemeris: why }`');
        const { timeMs, states, failures } = await ephemeris(bench.run.t0Ms);
        check(timeMs === bench.run.t0Ms, `it was asked for ${bench.run.t0Ms} and tells ${timeMs}`);
        const told = [...states, ...failures].map(({ id }) => id).sort();
        const due = nodes.map(({ id }) => id).sort();
        check(isDeepStrictEqual(told, due), `it should tell ${due.join(', ')}, and tells ${told.join(', ')}`);
        for (const { id, positionKm, velocityKmS } of states)
          check([...positionKm, ...velocityKmS].every(Number.isFinite), `${id} is nowhere: ${positionKm.join(', ')}`);
        for (const { id, reason } of failures) check(reason !== '', `${id} fails without a reason`);
      },
    },
    {
      rule: 'two opens agree on every tick',
      unless: ({ determinism }) => (determinism === 'statistical' ? 'the source says that it is statistical' : null),
      async judge(bench) {
        const mine = await record(bench);
        const others = await bench.another(record);
        const differs = mine.findIndex((tick, at) => !isDeepStrictEqual(tick, others[at]));
        check(differs < 0 && mine.length === others.length, `they differ at tick ${differs < 0 ? Math.min(mine.length, others.length) : differs}`);
      },
    },
  ];
}

const KINDS: ReadonlySet<string> = new Set<LinkKind>(['isl', 'gsl', 'terrestrial']);

function linkFault(link: LinkState, ids: ReadonlySet<string>): string | null {
  const { source, target, kind, oneWayDelayMs, capacityMbps, lossPct } = link;
  if (!KINDS.has(kind)) return `there is no kind of link '${kind}'`;
  if (link.linkId !== linkId(kind, source, target)) return `its id should be ${linkId(kind, source, target)}`;
  for (const end of [source, target]) if (!ids.has(end)) return `${end} is no node of the network`;
  if (!(Number.isFinite(oneWayDelayMs) && oneWayDelayMs >= 0)) return `oneWayDelayMs is ${oneWayDelayMs}`;
  if (!(Number.isFinite(capacityMbps) && capacityMbps >= 0)) return `capacityMbps is ${capacityMbps}`;
  return lossPct >= 0 && lossPct <= 100 ? null : `lossPct is ${lossPct}`;
}

/** Ticks without what belongs to one run only. */
async function record<Subject extends TickSourceSubject>(bench: TickSourceBench<Subject>) {
  const ticks = await bench.readAll(await bench.open());
  return ticks.map(({ tickIndex, simTimeMs, snapshot, removals, updates }) => ({
    tickIndex,
    simTimeMs,
    snapshot,
    removals: [...removals],
    updates: updates.map((link) => ({ ...link })),
  }));
}
