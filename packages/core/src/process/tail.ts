/** The last bytes of a stream. */
export class Tail {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    while (this.#bytes - this.#chunks[0]!.byteLength >= this.#limit) this.#bytes -= this.#chunks.shift()!.byteLength;
  }

  toString(): string {
    return Buffer.concat(this.#chunks).subarray(-this.#limit).toString();
  }
}
