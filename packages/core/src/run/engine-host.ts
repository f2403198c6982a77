import type { EngineHost } from '../contract/tick-source.js';
import type { EmbeddedEngine, RunOptions } from './types.js';

/** Starts the embedded engine when the tick source first asks for it, and stops it if it was ever asked for. */
export class RunEngine implements EngineHost {
  readonly #startEngine: RunOptions['startEngine'];
  #starting: Promise<EmbeddedEngine> | null = null;

  constructor(startEngine: RunOptions['startEngine']) {
    this.#startEngine = startEngine;
  }

  async start(signal: AbortSignal): Promise<string> {
    this.#starting ??= this.#startEngine(signal);
    return (await this.#starting).target;
  }

  async stop(): Promise<void> {
    // One that failed to start told so to whoever asked for it, and has nothing to stop.
    const engine = await this.#starting?.catch(() => null);
    await engine?.stop();
  }
}
