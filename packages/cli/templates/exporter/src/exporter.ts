import { type ArtifactStream, type Exporter, type ExporterDeps, type FlowSample, SatsimError } from '@satsim/core';
import type { __Name__Config } from './config.js';

export const OUTPUT = 'results/__name__.tsv';

/** One line for each result of a lane. Take part in more by `writeTick`, `writeEvents` and `writeMetrics`. */
export class __Name__Exporter implements Exporter {
  readonly #deps: ExporterDeps<__Name__Config>;
  #file: ArtifactStream | null = null;

  /** May not do any work: that is for `open`. */
  constructor(deps: ExporterDeps<__Name__Config>) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    this.#file = await this.#deps.artifacts.openStream(OUTPUT);
    await this.#file.write('time\tlane\tflow\trtt_ms\tloss_pct\n');
  }

  async writeResults(samples: readonly FlowSample[]): Promise<void> {
    if (!this.#file) throw new SatsimError('EXPORTER_FAILED', 'exporter __name__: a write came before open or after close');
    await this.#file.write(samples.map((sample) => this.#line(sample)).join(''));
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  #line({ simTimeMs, lane, flow, rttMs, lossPct }: FlowSample): string {
    const number = (value: number | null) => value?.toFixed(this.#deps.config.decimals) ?? '';
    return `${[new Date(simTimeMs).toISOString(), lane, flow, number(rttMs), number(lossPct)].join('\t')}\n`;
  }
}
