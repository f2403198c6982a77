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
}

const UNIT: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * By interface. tc says rates in bytes a second, delays in seconds, losses as shares; it leaves zeros out.
 *
 * @param classes `tc class show` of each of the devices in turn: htb has no JSON, and does not say of which device it speaks
 */
export function parseApplied(qdiscs: QdiscOutput, devices: readonly string[], classes: string): ReadonlyMap<string, Applied> {
  const applied = new Map<string, Applied>();
  const set = (device: string | undefined, change: Partial<Applied>): void => {
    if (device !== undefined) applied.set(device, { rateBps: null, delayUs: null, lossPct: null, ...applied.get(device), ...change });
  };
  for (const { kind, dev, options } of qdiscs) {
    if (kind === 'netem') {
      const rate = typeof options?.rate === 'object' ? { rateBps: options.rate.rate * 8 } : {};
      set(dev, { delayUs: (options?.delay?.delay ?? 0) * 1e6, lossPct: (options?.['loss-random']?.loss ?? 0) * 100, ...rate });
    }
    if (kind === 'tbf' && typeof options?.rate === 'number') set(dev, { rateBps: options.rate * 8 });
  }
  const rates = [...classes.matchAll(/^class htb .*? rate ([\d.]+)([KMGT]?)bit /gm)];
  rates.forEach(([, value, unit], index) => set(devices[index], { rateBps: Number(value) * UNIT[unit!]! }));
  return applied;
}
