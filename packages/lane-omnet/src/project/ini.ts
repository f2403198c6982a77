import type { OmnetConfig } from '../config.js';
import { NETWORK } from './ned.js';

/** What the generated ini file says beside the configuration. */
export interface IniFacts {
  readonly seed: number;
  readonly endS: number;
  readonly reportTick: number;
  /** Paths from the ini file's folder. */
  readonly traceFile: string;
  readonly routesFile: string;
}

/** The generated `omnetpp.ini`, next to the network's NED file; everything that the command line doesn't say. */
export function generateIni({ in_flight, record_vectors, result_format }: OmnetConfig, facts: IniFacts): string {
  const sqlite = [
    'outputvectormanager-class = "omnetpp::envir::SqliteOutputVectorManager"',
    'outputscalarmanager-class = "omnetpp::envir::SqliteOutputScalarManager"',
  ];
  return [
    '# Written by satsim from the run; the next run writes it anew.',
    '[General]',
    `network = ${NETWORK}`,
    `sim-time-limit = ${facts.endS}s`,
    `seed-set = ${facts.seed}`,
    `*.controller.traceFile = "${facts.traceFile}"`,
    `*.controller.routesFile = "${facts.routesFile}"`,
    `*.controller.reportTick = ${facts.reportTick}`,
    `*.controller.inFlight = "${in_flight}"`,
    `**.vector-recording = ${record_vectors}`,
    '**.param-recording = false',
    'cmdenv-express-mode = true',
    'cmdenv-performance-display = false',
    'cmdenv-status-frequency = 1s',
    ...(result_format === 'sqlite' ? sqlite : []),
    '',
  ].join('\n');
}
