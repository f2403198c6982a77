/** One interval of what a receiver got. */
export interface IperfInterval {
  /** Seconds since the flow's first packet. */
  readonly fromS: number;
  readonly toS: number;
  readonly goodputMbps: number;
  /** Percent of datagrams that were lost; `null` for TCP, which loses none. */
  readonly lossPct: number | null;
}

const INTERVAL = /^\[ *\d+\] +([\d.]+)-([\d.]+) +sec +[\d.]+ \w+ +([\d.]+) Kbits\/sec(?: +[\d.]+ ms +-?\d+\/-?\d+ \((-?[\d.]+|nan|-nan)%\))?/;

/** Reads a line of `iperf3 --server --format k`; `null` for lines that are no interval, and for the sum at the end. */
export function iperfInterval(line: string): IperfInterval | null {
  const found = INTERVAL.exec(line);
  if (!found || /\b(sender|receiver)\b/.test(line)) return null;
  const [, fromS, toS, kbits, loss] = found;
  if (loss === undefined) return { fromS: Number(fromS), toS: Number(toS), goodputMbps: Number(kbits) / 1000, lossPct: null };
  // An interval without a single datagram has no share: what was sent was lost.
  const lossPct = loss.includes('nan') ? 100 : Math.min(100, Math.max(0, Number(loss)));
  return { fromS: Number(fromS), toS: Number(toS), goodputMbps: Number(kbits) / 1000, lossPct };
}
