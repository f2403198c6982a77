import { type IperfInterval, iperfInterval } from './iperf-report.js';
import type { Measured } from './running-flow.js';

/** A second in which nothing arrived. */
export const OUTAGE: Measured = { rttMs: null, oneWayDelayMs: null, lossPct: 100, goodputMbps: 0 };

/** What one iperf3 server prints, as measurements. */
export class ReceiverReport {
  readonly #datagramsPerS: number;
  /** Datagrams of intervals in which none came: told as lost already. iperf3 counts them when the next one comes. */
  #toldLost = 0;

  /** @param datagramsPerS that are sent; 0 for TCP */
  constructor(datagramsPerS: number) {
    this.#datagramsPerS = datagramsPerS;
  }

  /** `null` for a line that is no interval, or only the rest at the end. */
  hear(line: string): Measured | null {
    const interval = iperfInterval(line);
    return interval === null || interval.durationS < 0.5 ? null : this.#measured(interval);
  }

  #measured({ durationS, goodputMbps, datagrams }: IperfInterval): Measured {
    if (goodputMbps === 0) {
      this.#toldLost += this.#datagramsPerS * durationS;
      return OUTAGE;
    }
    if (datagrams === null) return { ...OUTAGE, lossPct: 0, goodputMbps };
    const lost = Math.max(0, datagrams.lost - this.#toldLost);
    this.#toldLost = 0;
    return { ...OUTAGE, lossPct: (100 * lost) / (lost + datagrams.received), goodputMbps };
  }
}
