import { createHash } from 'node:crypto';
import type { Distribution } from './definition.js';

/** Of drawn numbers: more say nothing, and fewer depend on the last bit of a logarithm. */
const DIGITS = 12;

/**
 * Value number `sample` of one parameter. It depends on the seed, the parameter's path and the number alone: other
 * parameters, and more samples, change nothing about it.
 */
export function draw(distribution: Distribution, seed: number, path: string, sample: number): unknown {
  const share = first48Bits(`satsim-sweep random ${seed} ${path} ${sample}`) / 2 ** 48;
  if ('choice' in distribution) return distribution.choice[Math.floor(share * distribution.choice.length)];
  if ('uniform' in distribution) return between(distribution.uniform, ([from, to]) => from + share * (to - from));
  return between(distribution.loguniform, ([from, to]) => from * Math.exp(share * Math.log(to / from)));
}

/** The seed of replicate `replicate` (from 1): the first 48 bits of SHA-256 over `satsim-sweep replicate <seed> <replicate>`. */
export function replicateSeed(seed: number, replicate: number): number {
  return first48Bits(`satsim-sweep replicate ${seed} ${replicate}`);
}

function first48Bits(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}

/** Rounding may not leave the range. */
function between(range: readonly [number, number], value: (range: readonly [number, number]) => number): number {
  return Math.min(range[1], Math.max(range[0], Number(value(range).toPrecision(DIGITS))));
}
