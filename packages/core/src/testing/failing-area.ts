import type { ArtifactArea, ArtifactStream } from '../contract/services.js';

/** An artifact folder that can be told to refuse: to take anything, or only to bring it to the disk in the end. */
export class FailingArea implements ArtifactArea {
  readonly dir: string;
  readonly #area: ArtifactArea;
  failing: 'never' | 'writing' | 'closing' = 'never';
  /** Whether anything was refused. */
  refused = false;

  constructor(area: ArtifactArea) {
    this.#area = area;
    this.dir = area.dir;
  }

  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    // An atomic write reaches the disk before it resolves: both ways of failing are one.
    if (this.failing !== 'never') this.#refuse();
    await this.#area.writeFile(path, content);
  }

  async openStream(path: string): Promise<ArtifactStream> {
    if (this.failing === 'writing') this.#refuse();
    const stream = await this.#area.openStream(path);
    return {
      write: async (chunk) => {
        if (this.failing === 'writing') this.#refuse();
        await stream.write(chunk);
      },
      close: async () => {
        await stream.close();
        if (this.failing === 'closing') this.#refuse();
      },
    };
  }

  #refuse(): never {
    this.refused = true;
    throw Object.assign(new Error('ENOSPC: no space left on device (contract kit)'), { code: 'ENOSPC' });
  }
}
