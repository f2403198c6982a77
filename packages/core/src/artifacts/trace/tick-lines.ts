import { columnTick } from '../../contract/column-tick.js';
import { linkId as linkIdOf } from '../../contract/tick.js';
import type { LinkBudget, LinkId, LinkIdentity, LinkState, TickColumns, TickUpdate } from '../../contract/tick.js';
import { BUDGET_COLUMNS } from './column-text.js';
import { LinkNumbers, parseLinkId } from './link-numbers.js';
import { TickPacker } from './tick-packer.js';
import type { TraceFormat } from './trace-header.js';

type Head = Omit<TickUpdate, 'removals' | 'updates' | 'columns'>;
type Owner = Pick<TickUpdate, 'runId' | 'scenarioRef'>;
type Json = Readonly<Record<string, unknown>>;

/** Reads the lines of one trace, in order: ticks share the identities of their links. */
export class TickLines {
  readonly #format: TraceFormat;
  readonly #owner: Owner;
  readonly #numbers = new LinkNumbers();
  readonly #packer = new TickPacker(this.#numbers);
  /** Numbers of the links of the last tick, by row: mostly the next has the same. */
  #last: Int32Array = new Int32Array(0);

  constructor(format: TraceFormat, owner: Owner) {
    this.#format = format;
    this.#owner = owner;
  }

  /** @throws Error saying what is wrong with the line */
  tick(line: string): TickUpdate {
    const value: unknown = JSON.parse(line);
    if (!isObject(value)) throw new Error('the line is no object');
    const { tickIndex, simTimeMs, snapshot, removals } = value;
    if (!isIndex(tickIndex)) throw new Error(`tickIndex is no whole number: ${show(tickIndex)}`);
    if (!Number.isSafeInteger(simTimeMs)) throw new Error(`simTimeMs is no whole number: ${show(simTimeMs)}`);
    if (typeof snapshot !== 'boolean') throw new Error(`snapshot is neither true nor false: ${show(snapshot)}`);
    if (!isList(removals) || !removals.every((id) => typeof id === 'string')) throw new Error('removals is no list of link ids');
    const head = { ...this.#owner, tickIndex, simTimeMs: simTimeMs as number, snapshot };
    return this.#format === 'satsim-trace/1' ? this.#ofObjects(head, removals, value['updates']) : this.#ofColumns(head, removals, value);
  }

  #ofObjects(start: Omit<Head, 'stats'>, removals: readonly LinkId[], updates: unknown): TickUpdate {
    if (!isList(updates)) throw new Error('updates is no list');
    const states = updates.map(linkState);
    const head = withStats(start, states.length);
    return states.some(({ rf }) => rf !== undefined)
      ? { ...head, removals, updates: states }
      : this.#packed(head, removals, this.#packer.pack({ removals, updates: states }));
  }

  #ofColumns(start: Omit<Head, 'stats'>, removals: readonly LinkId[], line: Json): TickUpdate {
    const ids = column(line, 'linkId', null);
    const n = ids.length;
    const columns: TickColumns = {
      links: this.#numbers.links,
      removals: this.#removed(removals),
      link: this.#linksOf(ids, line),
      up: flags(line, n),
      oneWayDelayMs: quantities(line, 'oneWayDelayMs', n),
      capacityMbps: quantities(line, 'capacityMbps', n),
      lossPct: quantities(line, 'lossPct', n),
    };
    this.#last = columns.link;
    const head = withStats(start, n);
    const tick = this.#packed(head, removals, columns);
    return line['slantRangeKm'] === undefined ? tick : { ...head, removals, updates: withBudgets(tick.updates, line) };
  }

  /** Columns can only remove what has a number: a link that never was has none. */
  #packed(head: Head, removals: readonly LinkId[], columns: TickColumns): TickUpdate {
    const tick = columnTick(head, columns);
    return columns.removals.length === removals.length ? tick : { ...tick, removals };
  }

  #removed(removals: readonly LinkId[]): Int32Array {
    return Int32Array.from(removals.flatMap((id) => this.#numbers.known(id) ?? []));
  }

  #linksOf(ids: readonly unknown[], line: Json): Int32Array {
    const link = new Int32Array(ids.length);
    const own = line['source'] === undefined ? null : identities(line, ids);
    const { links } = this.#numbers;
    for (let row = 0; row < ids.length; row += 1) {
      const id = ids[row];
      const guess = this.#last[row];
      if (own === null && guess !== undefined && links[guess]!.linkId === id) {
        link[row] = guess;
        continue;
      }
      if (typeof id !== 'string') throw new Error(`linkId[${row}] is no text: ${show(id)}`);
      const known = own === null ? this.#numbers.known(id) : undefined;
      link[row] = known ?? this.#numbers.of(own === null ? identityOf(id, row) : own(id, row));
    }
    return link;
  }
}

function withStats(head: Omit<Head, 'stats'>, links: number): Head {
  return { ...head, stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: links } };
}

function identityOf(id: LinkId, row: number): LinkIdentity {
  const identity = parseLinkId(id);
  if (identity === null) throw new Error(`linkId[${row}] is not kind:source>target: ${show(id)}`);
  return identity;
}

/** For ids that say nothing by themselves. */
function identities(line: Json, { length }: readonly unknown[]): (linkId: LinkId, row: number) => LinkIdentity {
  const [kinds, sources, targets] = [column(line, 'kind', length), column(line, 'source', length), column(line, 'target', length)];
  return (linkId: LinkId, row: number): LinkIdentity => {
    const [kind, source, target] = [kinds[row], sources[row], targets[row]];
    if (kind !== 'isl' && kind !== 'gsl' && kind !== 'terrestrial') throw new Error(`kind[${row}] is no kind of link: ${show(kind)}`);
    if (typeof source !== 'string' || typeof target !== 'string') throw new Error(`source[${row}] or target[${row}] is no text`);
    return { linkId, kind, source, target };
  };
}

function column(line: Json, name: string, length: number | null): readonly unknown[] {
  const values = line[name];
  if (!isList(values)) throw new Error(`${name} is no list`);
  if (length !== null && values.length !== length) throw new Error(`${name} has ${values.length} values where linkId has ${length}`);
  return values;
}

function flags(line: Json, length: number): Uint8Array {
  const values = column(line, 'up', length);
  const flag = new Uint8Array(length);
  for (let row = 0; row < length; row += 1) {
    const value = values[row];
    if (value === true) flag[row] = 1;
    else if (value !== false) throw new Error(`up[${row}] is neither true nor false: ${show(value)}`);
  }
  return flag;
}

function quantities(line: Json, name: string, length: number): Float64Array {
  const values = column(line, name, length);
  const numbers = new Float64Array(length);
  for (let row = 0; row < length; row += 1) {
    const value = values[row];
    // x - x is 0 for every finite x and NaN for the others.
    if (typeof value !== 'number' || value - value !== 0) throw new Error(`${name}[${row}] is no number: ${show(value)}`);
    numbers[row] = value;
  }
  return numbers;
}

function withBudgets(updates: readonly LinkState[], line: Json): readonly LinkState[] {
  const columns = BUDGET_COLUMNS.map((name) => [name, column(line, name, updates.length)] as const);
  return updates.map((link, row) => {
    const values = Object.fromEntries(columns.map(([name, list]) => [name, list[row]]));
    // Every budget has a slant range.
    return values['slantRangeKm'] === null ? link : { ...link, rf: budget(values, `row ${row}`) };
  });
}

function budget(values: Json, where: string): LinkBudget {
  for (const name of BUDGET_COLUMNS) {
    const value = values[name];
    const fits = (value === null && name !== 'slantRangeKm') || (name === 'modcod' ? typeof value === 'string' : Number.isFinite(value));
    if (!fits) throw new Error(`${where}: ${name} of a budget cannot be ${show(value)}`);
  }
  const { elevationDeg, azimuthDeg, slantRangeKm, snrDb, marginDb, modcod } = values as unknown as LinkBudget;
  return { elevationDeg, azimuthDeg, slantRangeKm, snrDb, marginDb, modcod };
}

/** One update of a canonical line, which people write, too. */
function linkState(value: unknown, row: number): LinkState {
  const fail = (what: string): never => {
    throw new Error(`updates[${row}]: ${what}`);
  };
  if (!isObject(value)) return fail('it is no object');
  const { linkId, source, target, kind, up, rf } = value;
  if (typeof linkId !== 'string' || typeof source !== 'string' || typeof target !== 'string') return fail('linkId, source or target is no text');
  if (kind !== 'isl' && kind !== 'gsl' && kind !== 'terrestrial') return fail(`kind is none of isl, gsl, terrestrial: ${show(kind)}`);
  if (typeof up !== 'boolean') return fail(`up is neither true nor false: ${show(up)}`);
  if (linkId !== linkIdOf(kind, source, target)) return fail(`linkId is ${show(linkId)}, not kind:source>target`);
  const quantity = (name: string, most: number): number => {
    const number = value[name];
    return typeof number === 'number' && number >= 0 && number <= most
      ? number
      : fail(`${name} is no number from 0${most < Number.MAX_VALUE ? ` to ${most}` : ''}: ${show(number)}`);
  };
  const oneWayDelayMs = quantity('oneWayDelayMs', Number.MAX_VALUE);
  const capacityMbps = quantity('capacityMbps', Number.MAX_VALUE);
  const lossPct = quantity('lossPct', 100);
  const state = { linkId, source, target, kind, up, oneWayDelayMs, capacityMbps, lossPct } as const;
  if (rf === undefined) return state;
  return { ...state, rf: isObject(rf) ? budget(rf, `updates[${row}]`) : fail('rf is no object') };
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
