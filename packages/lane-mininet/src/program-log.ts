import type { ArtifactArea, ArtifactStream } from '@satsim/core';

/** What a program prints, in a file of the lane's folder. The program waits for nobody: that the disk refuses is told when somebody asks. */
export class ProgramLog {
  readonly #stream: ArtifactStream;
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly reason: unknown } | null = null;

  private constructor(stream: ArtifactStream) {
    this.#stream = stream;
  }

  /** @throws SatsimError ARTIFACTS */
  static async open(artifacts: ArtifactArea, path: string): Promise<ProgramLog> {
    return new ProgramLog(await artifacts.openStream(path));
  }

  write(line: string): void {
    this.#writing = this.#writing
      .then(() => (this.#failure ? undefined : this.#stream.write(`${line}\n`)))
      .catch((reason: unknown) => void (this.#failure ??= { reason }));
  }

  /** @throws SatsimError ARTIFACTS when something could not be written */
  check(): void {
    if (this.#failure) throw this.#failure.reason;
  }

  /** Resolves when all that can be is in the file; {@link check} tells whether it is all. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#stream.close().catch((reason: unknown) => void (this.#failure ??= { reason }));
  }
}
