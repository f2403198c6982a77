/** Somebody has to know when something changes. */
export class Signal {
  readonly #listeners = new Set<() => void>();

  /** @returns what ends it */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
