/** One rule of a contract, ready to be run by any test runner. */
export interface ContractCase {
  /** What must hold, in words. */
  readonly rule: string;
  /** Why the rule can't be judged with this harness; `false` when it can. A skipped rule is not a passed one. */
  readonly skip: string | false;
  /** Rejects when the rule is broken. */
  run(): Promise<void>;
}

/** What the contract allows between an abort and the rejection, and for a finalize; milliseconds. */
export const LIMIT_MS = 1_000;

/** For what has no limit in the contract, so that a plugin that hangs fails its case instead of the test run. */
export const PATIENCE_MS = 30_000;

export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
}

export function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new ContractViolation(otherwise);
}

/** A rule as a case. To run one that is skipped is a violation, so that nobody takes it for a pass. */
export function contractCase(rule: string, skip: string | false, judge: () => Promise<void>): ContractCase {
  return {
    rule,
    skip,
    async run() {
      check(skip === false, `skipped: ${skip}`);
      await judge();
    },
  };
}

/** Resolves or rejects as the work does, but not later than the limit. */
export async function inTime<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new ContractViolation(`${what} took more than ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws ContractViolation when the work resolves, or takes too long */
export async function mustReject(work: () => Promise<unknown>, limitMs: number, what: string): Promise<void> {
  const outcome = inTime((async () => work())(), limitMs, what).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const rejected = await outcome;
  check(rejected !== null, `${what} resolved; it must reject`);
  if (rejected.error instanceof ContractViolation) throw rejected.error;
}
