import { distance } from 'fastest-levenshtein';

/** The known word that was probably meant: nearest by edit distance, when near enough; else one that starts like it. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (word.length < 2) return undefined;
  const lower = word.toLowerCase();
  const limit = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length * 0.4));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of known) {
    const edits = distance(lower, candidate.toLowerCase());
    if (edits < least && edits < candidate.length) [best, least] = [candidate, edits];
  }
  return (
    best ??
    (lower.length < 3 ? undefined : known.find((candidate) => candidate.toLowerCase().startsWith(lower) || lower.startsWith(`${candidate.toLowerCase()}_`)))
  );
}
