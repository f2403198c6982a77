import type { MessageInitShape } from '@bufbuild/protobuf';
import type { LinkColumnsSchema, LinkDeltaBatch, LinkDeltaBatchSchema, LinkKey, LinkUpdate } from '@satsim/geomrf-proto';

type BatchInit = Exclude<MessageInitShape<typeof LinkDeltaBatchSchema>, LinkDeltaBatch>;
type ColumnsInit = MessageInitShape<typeof LinkColumnsSchema>;
type KeyInit = Pick<LinkKey, 'src' | 'dst' | 'linkType'>;
type UpdateInit = Partial<Omit<LinkUpdate, 'key'>> & { readonly key?: KeyInit };

const textOf = ({ linkType, src, dst }: KeyInit): string => `${linkType} ${src} ${dst}`;
const indices = (values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
const reals = (values: readonly number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);

/** For tests: turns the messages of a stream's batches into columns, as an engine would that gives back the lowest index first. */
export class ColumnEncoder {
  readonly #nodeIds: readonly string[];
  readonly #modcods: readonly string[];
  readonly #debug: boolean;
  readonly #indexOf = new Map<string, number>();
  readonly #free: number[] = [];
  #first = true;

  constructor(nodeIds: readonly string[], { modcods = [], debug = false }: { readonly modcods?: readonly string[]; readonly debug?: boolean } = {}) {
    this.#nodeIds = nodeIds;
    this.#modcods = modcods;
    this.#debug = debug;
  }

  /** Takes over a batch of an unbroken stream that the client had from an earlier one: names are still to be sent. */
  unsent(batch: BatchInit): void {
    this.encode(batch);
    this.#first = true;
  }

  encode({ removals = [], updates = [], ...batch }: BatchInit): BatchInit {
    if (batch.isFullSnapshot) {
      this.#indexOf.clear();
      this.#free.length = 0;
    }
    const removed = (removals as KeyInit[]).flatMap((key) => this.#leave(key));
    const all = updates as UpdateInit[];
    const entering = all.filter(({ key }) => !this.#indexOf.has(textOf(key!)));
    const entered = entering.map(({ key }) => this.#enter(key!));
    const node = (id: string): number => this.#nodeIds.indexOf(id);
    const of = (name: 'oneWayDelayS' | 'capacityBps' | 'lossRate' | 'rangeM' | 'elevationDeg' | 'azimuthDeg' | 'snrDb' | 'snrMarginDb', absent: number) =>
      reals(all.map((update) => update[name] ?? absent));
    const columns: ColumnsInit = {
      removed: indices(removed),
      entered: indices(entered),
      enteredSource: indices(entering.map(({ key }) => node(key!.src))),
      enteredTarget: indices(entering.map(({ key }) => node(key!.dst))),
      enteredType: Uint8Array.from(entering, ({ key }) => key!.linkType),
      link: indices(all.map(({ key }) => this.#indexOf.get(textOf(key!))!)),
      up: Uint8Array.from(all, ({ up }) => (up === true ? 1 : 0)),
      oneWayDelayS: of('oneWayDelayS', 0),
      capacityBps: of('capacityBps', 0),
      lossRate: of('lossRate', 0),
      ...(this.#first ? { nodeIds: [...this.#nodeIds], modcods: [...this.#modcods] } : {}),
      ...(this.#debug
        ? {
            rangeM: of('rangeM', NaN),
            elevationDeg: of('elevationDeg', NaN),
            azimuthDeg: of('azimuthDeg', NaN),
            snrDb: of('snrDb', NaN),
            snrMarginDb: of('snrMarginDb', NaN),
            modcod: indices(all.map(({ modcod }) => (modcod === undefined ? -1 : this.#modcods.indexOf(modcod)))),
          }
        : {}),
    };
    this.#first = false;
    return { ...batch, columns };
  }

  #leave(key: KeyInit): number[] {
    const index = this.#indexOf.get(textOf(key));
    if (index === undefined) return [];
    this.#indexOf.delete(textOf(key));
    this.#free.push(index);
    return [index];
  }

  #enter(key: KeyInit): number {
    const known = this.#indexOf.get(textOf(key));
    if (known !== undefined) throw new Error(`twice in one batch: ${textOf(key)}`);
    const index = this.#free.sort((a, b) => b - a).pop() ?? this.#indexOf.size;
    this.#indexOf.set(textOf(key), index);
    return index;
  }
}
