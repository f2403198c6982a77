import { SatsimError, type ArtifactStream, type Exporter, type ExporterDeps, type FlowSample } from '@satsim/core';
import { csvRows, HEADER } from './csv-rows.js';

export const RESULTS_FILE = 'results/flows.csv';

/** The file has its header from `open` on, also when no row follows. */
export class CsvExporter implements Exporter {
  readonly #artifacts: ExporterDeps['artifacts'];
  #file: ArtifactStream | null = null;

  constructor({ artifacts }: Pick<ExporterDeps, 'artifacts'>) {
    this.#artifacts = artifacts;
  }

  async open(): Promise<void> {
    this.#file = await this.#artifacts.openStream(RESULTS_FILE);
    await this.#file.write(HEADER);
  }

  async writeResults(samples: readonly FlowSample[]): Promise<void> {
    if (!this.#file) throw new SatsimError('EXPORTER_FAILED', 'exporter csv: a write came before open or after close');
    await this.#file.write(csvRows(samples));
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }
}
