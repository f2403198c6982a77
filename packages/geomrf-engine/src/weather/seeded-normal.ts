import { normalQuantile } from './normal-distribution.js';

/** Finaliser of MurmurHash3: each bit of the input changes half of the output's. */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const lowWord = (value: number): number => value | 0; // ToInt32 takes the value modulo 2^32
const highWord = (value: number): number => Math.floor(value / 2 ** 32) | 0;

/**
 * Standard normal numbers that are looked up instead of drawn: each is a function of the seed, the name, and its two indices
 * alone, so that any of them is there at once, in any order.
 */
export class SeededNormal {
  readonly #keys: readonly [number, number];

  /** @param name whose numbers they are: other names have other numbers */
  constructor(seed: bigint, name: string) {
    const words = [Number(BigInt.asIntN(32, seed)), Number(BigInt.asIntN(32, seed >> 32n)), ...Array.from(name, (letter) => letter.codePointAt(0)!)];
    const keyOf = (start: number): number => words.reduce((key, word) => mix(Math.imul(key, 31) + word + 0x9e3779b9), start);
    this.#keys = [keyOf(1), keyOf(2)];
  }

  /** @param index whole, of at most 53 bits */
  at(level: number, index: number): number {
    return normalQuantile(this.uniformAt(level, index));
  }

  /** Above 0 and below 1. */
  uniformAt(level: number, index: number): number {
    const [high, low] = [hash(this.#keys[0], level, index), hash(this.#keys[1], level, index)];
    // 53 random bits, in the middles of their intervals.
    return ((high >>> 0) * 2 ** 21 + (low >>> 11) + 0.5) / 2 ** 53;
  }
}

function hash(key: number, level: number, index: number): number {
  return mix(mix(mix(key + Math.imul(level + 1, 0x9e3779b9)) ^ lowWord(index)) ^ highWord(index));
}
