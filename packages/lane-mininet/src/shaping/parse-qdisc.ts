/** What `tc -j qdisc show` prints, as far as it is read. */
export type QdiscOutput = readonly {
  readonly kind?: string;
  readonly dev?: string;
  readonly options?: {
    readonly delay?: { readonly delay: number };
    readonly 'loss-random'?: { readonly loss: number };
    readonly rate?: number | { readonly rate: number };
    readonly limit?: number;
  };
}[];

/** What an interface has; `null` where no queueing discipline says it. */
export interface Applied {
  readonly rateBps: number | null;
  readonly delayUs: number | null;
  readonly lossPct: number | null;
  readonly queuePackets: number | null;
}

export const NOTHING: Applied = { rateBps: null, delayUs: null, lossPct: null, queuePackets: null };

/** By interface. tc says rates in bytes a second, delays in seconds, losses as shares; it leaves zeros out. */
export function parseQdiscs(qdiscs: QdiscOutput): ReadonlyMap<string, Applied> {
  const applied = new Map<string, Applied>();
  for (const { kind, dev, options } of qdiscs) {
    if (dev === undefined) continue;
    const set = (change: Partial<Applied>): void => void applied.set(dev, { ...NOTHING, ...applied.get(dev), ...change });
    if (kind === 'netem') {
      const rate = typeof options?.rate === 'object' ? { rateBps: options.rate.rate * 8 } : {};
      const [delayUs, lossPct] = [(options?.delay?.delay ?? 0) * 1e6, (options?.['loss-random']?.loss ?? 0) * 100];
      set({ delayUs, lossPct, queuePackets: options?.limit ?? null, ...rate });
    }
    if (kind === 'tbf' && typeof options?.rate === 'number') set({ rateBps: options.rate * 8 });
    if (kind === 'pfifo') set({ queuePackets: options?.limit ?? null });
  }
  return applied;
}

const UNIT: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** Bit/s of the one htb class that `tc -j class show` prints: as text before iproute2 6.2, which has no JSON for classes. */
export function parseClassRate(lines: readonly string[]): number | null {
  for (const line of lines) {
    const text = /^class htb .*? rate ([\d.]+)([KMGT]?)bit /.exec(line);
    if (text) return Number(text[1]) * UNIT[text[2]!]!;
    const found = line.startsWith('[') ? (JSON.parse(line) as readonly { readonly class?: string; readonly rate?: number }[]) : [];
    const rate = found.find((each) => each.class === 'htb')?.rate;
    if (rate !== undefined) return rate * 8;
  }
  return null;
}
