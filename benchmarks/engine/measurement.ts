/** What a step found, so that two implementations can be held against each other. */
export interface Check {
  readonly timeMs: number;
  readonly visiblePairs: number;
  readonly gslRangeKm: number;
  /** That are up. */
  readonly isls: number;
  readonly islRangeKm: number;
  /** Between all cities, where the step routes: ordered pairs with a way, and the sum of their delays. */
  readonly routes?: number;
  readonly routeDelayMs?: number;
}

export interface Measurement {
  readonly ticks: number;
  readonly meanCpuMs: number;
  readonly medianCpuMs: number;
  readonly p99CpuMs: number;
  readonly meanWallMs: number;
  /** The process at its largest. */
  readonly rssMiB: number;
  readonly checks: readonly Check[];
}

export interface Effort {
  /** Ticks before measuring begins, and ticks measured; either ends early when its time is over, but not before three ticks. */
  readonly warmUp: number;
  readonly ticks: number;
  readonly seconds: number;
}

/**
 * Steps through ticks and measures each: CPU of the whole process, with garbage collection and whatever other threads do,
 * and wall time.
 *
 * @param begin between warm-up and measuring
 */
export async function measure(
  step: (tick: number) => unknown,
  { warmUp, ticks, seconds }: Effort,
  begin: () => Promise<void> = async () => undefined,
): Promise<Omit<Measurement, 'rssMiB' | 'checks'>> {
  let tick = 0;
  await repeat(warmUp, seconds / 4, async () => void (await step(tick++)));
  await begin();
  const cpu: number[] = [];
  const wall: number[] = [];
  await repeat(ticks, seconds, async () => {
    const started = performance.now();
    const before = process.cpuUsage();
    await step(tick++);
    const { user, system } = process.cpuUsage(before);
    wall.push(performance.now() - started);
    cpu.push((user + system) / 1000);
  });
  const sorted = cpu.toSorted((a, b) => a - b);
  return {
    ticks: cpu.length,
    meanCpuMs: mean(cpu),
    medianCpuMs: sorted[sorted.length >> 1]!,
    p99CpuMs: sorted[Math.ceil(0.99 * sorted.length) - 1]!,
    meanWallMs: mean(wall),
  };
}

const LEAST_TICKS = 3;

async function repeat(count: number, limitS: number, one: () => Promise<void>): Promise<void> {
  const end = performance.now() + limitS * 1000;
  for (let done = 0; done < count && (done < LEAST_TICKS || performance.now() < end); done++) await one();
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
