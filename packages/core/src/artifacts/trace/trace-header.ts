import { z } from 'zod';

/** What is hashed, and what people and translators write: each tick's canonical text. */
const CANONICAL = 'satsim-trace/1';
/** What a run writes: the same ticks in columns. */
const COLUMNAR = 'satsim-trace/2';

export type TraceFormat = typeof CANONICAL | typeof COLUMNAR;

/** Line 1 of a trace: what the ticks depend on. Times in milliseconds, `t0` since the Unix epoch. */
export interface TraceHeader {
  readonly seed: number;
  readonly t0: number;
  readonly dt: number;
  readonly specSha256: string;
  readonly engineVersion: string;
}

const schema = z.looseObject({
  format: z.enum([CANONICAL, COLUMNAR]),
  seed: z.int().nonnegative(),
  t0: z.int(),
  dt: z.int().positive(),
  specSha256: z.string(),
  engineVersion: z.string(),
});

/** Keys sorted, with a newline; in the canonical form it is a part of what is hashed. */
export function headerLine({ dt, engineVersion, seed, specSha256, t0 }: TraceHeader, form: 'canonical' | 'columnar'): string {
  return `${JSON.stringify({ dt, engineVersion, format: form === 'canonical' ? CANONICAL : COLUMNAR, seed, specSha256, t0 })}\n`;
}

/**
 * Reads what {@link headerLine} wrote.
 * @throws Error saying what is wrong with the line
 */
export function parseHeader(line: string): { readonly header: TraceHeader; readonly format: TraceFormat } {
  const { data, error } = schema.safeParse(JSON.parse(line));
  if (!data) {
    const [first] = error.issues;
    throw new Error(`the first line is no header of a trace: ${[first?.path.join('.'), first?.message].filter(Boolean).join(': ')}`);
  }
  const { format, seed, t0, dt, specSha256, engineVersion } = data;
  return { format, header: { seed, t0, dt, specSha256, engineVersion } };
}
