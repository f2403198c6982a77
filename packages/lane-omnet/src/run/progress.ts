import type { Logger } from '@satsim/core';

const STATUS = /^\*\* Event #(\d+)\s+t=([\d.e+-]+)/;
const EVERY_MS = 5_000;

/** Tells, every few seconds, how far a simulation is. */
export function progressTeller(endS: number, logger: Logger, now: () => number = () => performance.now()): (line: string) => void {
  let told = now();
  return (line) => {
    const [, event, t] = STATUS.exec(line) ?? [];
    if (t === undefined || now() - told < EVERY_MS) return;
    told = now();
    logger.info({ event: Number(event), t: Number(t) }, `simulated ${Number(t).toFixed(1)} of ${endS} s`);
  };
}
