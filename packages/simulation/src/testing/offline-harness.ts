import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ArtifactArea, LaneDeps, LinkState } from '@satsim/core';
import type { OfflineLane } from '../offline/offline-lane.js';

/** A lane over files that can fail or hang. */
export interface OfflineSubject {
  readonly lane: OfflineLane;
  readonly disk: TestDisk;
}

export interface OfflineHarnessOptions<Config> {
  /** As in the manifest. */
  readonly name: string;
  /** Makes the lane over these deps: with the simulator, or with {@link standInSimulator} on machines that don't have it. */
  readonly create: (deps: LaneDeps<Config>) => OfflineLane;
  /** Sequences of the property tier: each plays its traces after every tick. */
  readonly propertyRuns?: number;
}

/**
 * The contract kit's eyes and hands on an offline lane: what it observes is what the simulator reports after playing the
 * traces so far; what fails or hangs is the next thing that the lane writes.
 */
export function offlineHarness<Config>({ name, create, propertyRuns }: OfflineHarnessOptions<Config>) {
  return {
    kind: 'lane' as const,
    name,
    ...(propertyRuns === undefined ? {} : { propertyRuns }),
    create(deps: LaneDeps<Config>): OfflineSubject {
      const disk = new TestDisk(deps.artifacts);
      return { lane: create({ ...deps, artifacts: disk }), disk };
    },
    observe: ({ lane }: OfflineSubject): Promise<readonly LinkState[]> => lane.observe(),
    failNext: ({ disk }: OfflineSubject): void => void (disk.next = 'fails'),
    hangNext: ({ disk }: OfflineSubject): void => void (disk.next = 'hangs'),
    leftovers: ({ disk }: OfflineSubject): readonly string[] => [...disk.open].map((path) => `the open file ${path}`),
  };
}

/** A folder whose files have at once what was written to them; the next thing can be made to fail, or never to end. */
class TestDisk implements ArtifactArea {
  readonly dir: string;
  readonly open = new Set<string>();
  next: 'works' | 'fails' | 'hangs' = 'works';

  constructor({ dir }: ArtifactArea) {
    this.dir = dir;
  }

  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    await this.#fate();
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), content);
  }

  async openStream(path: string) {
    await this.writeFile(path, '');
    this.open.add(path);
    return {
      write: async (chunk: string | Uint8Array): Promise<void> => {
        await this.#fate();
        appendFileSync(join(this.dir, path), chunk);
      },
      close: async (): Promise<void> => {
        this.open.delete(path);
      },
    };
  }

  async #fate(): Promise<void> {
    const fate = this.next;
    this.next = 'works';
    if (fate === 'fails') throw new Error('the disk refuses');
    if (fate === 'hangs') await new Promise(() => {});
  }
}
