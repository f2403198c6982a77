/** Collects what is wrong with a message, each with the path of the field as the proto spells it. */
export class Faults {
  readonly #found: string[] = [];

  /** Records `path: message` unless `ok`; returns `ok`. */
  check(ok: boolean, path: string, message: string): boolean {
    if (!ok) this.#found.push(`${path}: ${message}`);
    return ok;
  }

  range(value: number, low: number, high: number, path: string, unit = ''): boolean {
    return this.check(value >= low && value <= high, path, `${value} is not between ${low} and ${high}${unit}`);
  }

  nonNegative(value: number, path: string): void {
    this.check(value >= 0 && Number.isFinite(value), path, `${value} is not a number of 0 or more`);
  }

  positive(value: number, path: string): void {
    this.check(value > 0 && Number.isFinite(value), path, `${value} is not a number above 0`);
  }

  finite(value: number, path: string): void {
    this.check(Number.isFinite(value), path, `${value} is not a number`);
  }

  /** A line each. */
  toString(): string {
    const shown = this.#found.slice(0, MAX_SHOWN);
    const more = this.#found.length - shown.length;
    return [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
  }

  get any(): boolean {
    return this.#found.length > 0;
  }
}

/** A status message has to fit into an HTTP/2 header. */
const MAX_SHOWN = 20;
