import { createHash } from 'node:crypto';

/** JSON with sorted keys: the same text for the same value, in whatever order it was written. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
