import { SatsimError, type EngineEvent, type Exporter, type ExporterDeps, type FlowSample, type TickUpdate } from '@satsim/core';
import type { ParquetConfig } from './config.js';
import { type LinkRow, LinkRows, TICKS } from './link-rows.js';
import { ParquetTable } from './parquet-table.js';
import { EVENTS, FLOWS } from './result-tables.js';

interface Tables {
  readonly ticks: ParquetTable<LinkRow>;
  readonly events: ParquetTable<EngineEvent>;
  readonly flows: ParquetTable<FlowSample>;
}

/** Three files, each there whole or not at all. */
export class ParquetExporter implements Exporter {
  readonly #deps: Pick<ExporterDeps<ParquetConfig>, 'artifacts' | 'config'>;
  readonly #opened: { close(): Promise<void> }[] = [];
  readonly #rows = new LinkRows();
  #tables: Tables | null = null;

  constructor(deps: Pick<ExporterDeps<ParquetConfig>, 'artifacts' | 'config'>) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    const { artifacts, config } = this.#deps;
    const rows = config.row_group_rows;
    const ticks = await ParquetTable.open(artifacts, TICKS, rows);
    this.#opened.push(ticks);
    const events = await ParquetTable.open(artifacts, EVENTS, rows);
    this.#opened.push(events);
    const flows = await ParquetTable.open(artifacts, FLOWS, rows);
    this.#opened.push(flows);
    this.#tables = { ticks, events, flows };
  }

  async writeTick(tick: TickUpdate): Promise<void> {
    await this.#writable().ticks.add(this.#rows.of(tick));
  }

  async writeEvents(events: readonly EngineEvent[]): Promise<void> {
    await this.#writable().events.add(events);
  }

  async writeResults(samples: readonly FlowSample[]): Promise<void> {
    await this.#writable().flows.add(samples);
  }

  async close(): Promise<void> {
    this.#tables = null;
    const closed = await Promise.allSettled(this.#opened.splice(0).map((table) => table.close()));
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
  }

  #writable(): Tables {
    if (!this.#tables) throw new SatsimError('EXPORTER_FAILED', 'exporter parquet: a write came before open or after close');
    return this.#tables;
  }
}
