import type { Exporter } from '../contract/exporter.js';

/** An exporter and what its harness keeps with it. */
export interface ExporterSubject {
  readonly exporter: Exporter;
}

/** What stands in an exporter's output, in the order in which it stands there; only what this exporter writes. */
export interface ReadBack {
  /** `tickIndex` of each tick. */
  readonly ticks?: readonly number[];
  /** `seq` of each event. */
  readonly events?: readonly number[];
  /** `simTimeMs` of each flow sample. */
  readonly results?: readonly number[];
  /** `tickIndex` of each tick's metrics. */
  readonly metrics?: readonly number[];
}

export interface ExporterContractOptions<Subject extends ExporterSubject> {
  /** As in the manifest; `exact` by default. */
  readonly determinism?: 'exact' | 'statistical';
  /**
   * Reads the output back.
   * @param files content of the run directory by relative path, sorted, with forward slashes
   */
  readonly readBack?: (files: ReadonlyMap<string, Uint8Array>, subject: Subject) => ReadBack | Promise<ReadBack>;
  /** Makes everything that the exporter writes from now on fail. By default the kit lets its artifact folder fail. */
  readonly failSink?: (subject: Subject) => void | Promise<void>;
}
