import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines; what is left at the end is a line, too. */
export class LineSplitter {
  readonly #tell: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  add(chunk: Uint8Array): void {
    const lines = (this.#rest + this.#decoder.write(Buffer.from(chunk))).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#tell(line);
  }

  end(): void {
    const line = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (line !== '') this.#tell(line);
  }
}
