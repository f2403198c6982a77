/** One interval of what a receiver got. */
export interface IperfInterval {
  readonly durationS: number;
  readonly goodputMbps: number;
  /** Datagrams; `null` for TCP, which loses none. */
  readonly datagrams: { readonly lost: number; readonly received: number } | null;
}

const INTERVAL = /^\[ *\d+\] +([\d.]+)-([\d.]+) +sec +[\d.]+ \w+ +([\d.]+) Kbits\/sec(?: +[\d.]+ ms +(-?\d+)\/(-?\d+) )?/;

/** Reads a line of `iperf3 --server --format k`; `null` for lines that are no interval, and for the sum at the end. */
export function iperfInterval(line: string): IperfInterval | null {
  const found = INTERVAL.exec(line);
  if (!found || /\b(sender|receiver)\b/.test(line)) return null;
  const [, fromS, toS, kbits, lost, total] = found;
  // Datagrams that come late take back what was counted as lost before.
  const datagrams = lost === undefined ? null : { lost: Math.max(0, Number(lost)), received: Math.max(0, Number(total) - Number(lost)) };
  return { durationS: Number(toS) - Number(fromS), goodputMbps: Math.round(Number(kbits) * 1000) / 1e6, datagrams };
}
