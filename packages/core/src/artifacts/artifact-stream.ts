import { type FileHandle, open } from 'node:fs/promises';
import type { ArtifactStream } from '../contract/services.js';
import { artifactError } from './artifact-error.js';

/** Bytes gathered before they go to the disk; as many again may be on their way there. */
const BATCH_BYTES = 256 * 1024;
/** What was written is on its way to the disk after this time even if it is little: a run that crashes leaves its data. */
const FLUSH_AFTER_MS = 1_000;

/** A file that grows. Writes go to the disk in batches, one at a time, while the caller already gathers the next. */
export class FileStream implements ArtifactStream {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #chosenBy: string | null;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #inFlight: Promise<void> = Promise.resolve();
  #failure: Error | null = null;
  #closing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  private constructor(file: FileHandle, path: string, chosenBy: string | null) {
    this.#file = file;
    this.#path = path;
    this.#chosenBy = chosenBy;
  }

  /**
   * @param chosenBy what decides where it is, for what errors tell to do
   * @throws SatsimError ARTIFACTS
   */
  static async open(path: string, chosenBy: string | null): Promise<FileStream> {
    try {
      return new FileStream(await open(path, 'w'), path, chosenBy);
    } catch (error) {
      throw artifactError(error, 'create', path, chosenBy);
    }
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    this.#throwFailure();
    if (this.#closing) throw artifactError(new Error('it is closed already'), 'write', this.#path);
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#chunks.push(bytes);
    this.#bytes += bytes.byteLength;
    if (this.#bytes >= BATCH_BYTES) {
      await this.#inFlight;
      this.#send();
      // The batch before this one may have failed while we waited.
      this.#throwFailure();
    } else {
      this.#timer ??= setTimeout(() => this.#send(), FLUSH_AFTER_MS).unref();
    }
  }

  /**
   * Resolves when what was written is with the system: it survives the end of this process.
   * @throws SatsimError ARTIFACTS
   */
  async flush(): Promise<void> {
    this.#send();
    await this.#inFlight;
    this.#throwFailure();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#send();
    await this.#inFlight;
    try {
      if (!this.#failure) await this.#file.sync();
    } catch (error) {
      this.#failure = artifactError(error, 'flush', this.#path, this.#chosenBy);
    }
    await this.#file.close().catch((error: unknown) => {
      this.#failure ??= artifactError(error, 'close', this.#path, this.#chosenBy);
    });
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Never rejects: a failure is told to whoever writes or closes next. */
  #send(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#bytes === 0) return;
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#bytes = 0;
    this.#inFlight = this.#inFlight.then(async () => {
      if (this.#failure) return;
      try {
        await writeAll(this.#file, chunks);
      } catch (error) {
        this.#failure = artifactError(error, 'write', this.#path, this.#chosenBy);
      }
    });
  }
}

/** `writev` may take less than all of it, for example just before the disk is full. */
async function writeAll(file: FileHandle, chunks: Uint8Array[]): Promise<void> {
  const total = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const { bytesWritten } = await file.writev(chunks);
  if (bytesWritten === total) return;
  let rest = Buffer.concat(chunks).subarray(bytesWritten);
  while (rest.byteLength > 0) rest = rest.subarray((await file.write(rest)).bytesWritten);
}
