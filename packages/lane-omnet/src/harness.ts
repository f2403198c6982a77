import type { PluginHarness } from '@satsim/core/testing';
import { OfflineLane, type OfflineSimulator, type SimulationJob } from '@satsim/simulation';
import { offlineHarness, standInSimulator } from '@satsim/simulation/testing';
import type { LaneDeps } from '@satsim/core';
import type { OmnetConfig } from './config.js';
import { LANE, OmnetSimulator } from './omnet-simulator.js';
import { missingFor } from './toolchain/toolchain.js';

/** OMNeT++ where this machine has it; elsewhere what plays the traces without packets. */
class WhatIsThere implements OfflineSimulator {
  readonly #deps: LaneDeps<OmnetConfig>;
  #simulator: OfflineSimulator | null = null;

  constructor(deps: LaneDeps<OmnetConfig>) {
    this.#deps = deps;
  }

  async prepare(signal: AbortSignal): Promise<void> {
    const missing = await missingFor(this.#deps.config);
    this.#simulator = missing.length === 0 ? new OmnetSimulator(this.#deps) : standInSimulator(LANE);
    await this.#simulator.prepare(signal);
  }

  run(job: SimulationJob, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    return this.#simulator!.run(job, signal);
  }
}

const omnet = offlineHarness<OmnetConfig>({ name: LANE, create: (deps) => new OfflineLane(LANE, deps, new WhatIsThere(deps)), propertyRuns: 10 });

export const harnesses: readonly PluginHarness[] = [omnet];
