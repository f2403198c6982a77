/** An instant to the nanosecond. */
export interface Instant {
  /** Whole seconds since the Unix epoch, UTC. */
  readonly unixSeconds: number;
  /** 0 to 999,999,999. */
  readonly nanos: number;
}

/** @param ms whole milliseconds since the Unix epoch */
export function instantOfMs(ms: number): Instant {
  const unixSeconds = Math.floor(ms / 1000);
  return { unixSeconds, nanos: (ms - unixSeconds * 1000) * 1_000_000 };
}

/** `at + ms`, exact. */
export function addMs(at: Instant, ms: number): Instant {
  const seconds = Math.floor(ms / 1000);
  const nanos = at.nanos + (ms - seconds * 1000) * 1_000_000;
  const carry = nanos >= 1_000_000_000 ? 1 : 0;
  return { unixSeconds: at.unixSeconds + seconds + carry, nanos: nanos - carry * 1_000_000_000 };
}

/** Minutes from `epoch` to `at`. Whole minutes and the rest are kept apart until the last addition: no Julian date comes between. */
export function minutesSince(epochSeconds: number, epochNanos: number, at: Instant): number {
  const seconds = at.unixSeconds - epochSeconds;
  const minutes = Math.trunc(seconds / 60);
  return minutes + (seconds - minutes * 60 + (at.nanos - epochNanos) / 1e9) / 60;
}
