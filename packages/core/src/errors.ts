import type { FieldPath } from './contract/tick-source.js';

/**
 * One table of errors: stable code → exit code and what it is about. docs/errors.md is checked against it.
 * Exit codes: 1 runtime · 2 usage or invalid scenario · 3 missing dependency · 4 done, but what was to hold does not · 130 interrupted.
 */
export const ERRORS = {
  SCENARIO_INVALID: { exitCode: 2, title: 'The scenario has faults; all of them are listed with file, line and field' },
  USAGE: { exitCode: 2, title: 'The command line cannot be understood' },
  PLUGIN_INVALID: { exitCode: 2, title: 'A plugin is missing, unknown, claimed twice or breaks its manifest' },
  DEPENDENCY_MISSING: { exitCode: 3, title: 'A program or permission that a chosen plugin needs is not there' },
  ASSERTION_FAILED: { exitCode: 4, title: "The run went well, but one of the scenario's assertions does not hold" },
  CONTRACT_BROKEN: { exitCode: 4, title: 'A plugin breaks a rule of its contract' },
  VERIFICATION_FAILED: { exitCode: 4, title: 'A run, or what it wrote, is not what was recorded' },
  RESULTS_DIFFER: { exitCode: 4, title: 'What `satsim compare --check` holds against each other differs, or nothing could be' },
  INTERRUPTED: { exitCode: 130, title: 'Interrupted by SIGINT or SIGTERM' },
  LANE_FAILED: { exitCode: 1, title: 'A lane failed' },
  EXPORTER_FAILED: { exitCode: 1, title: 'An exporter failed' },
  TIMEBASE: { exitCode: 1, title: 'A tick is missing, repeated, out of order or off the time grid' },
  ARTIFACTS: { exitCode: 1, title: 'The run directory cannot be written or read' },
  TRACE_INVALID: { exitCode: 1, title: 'A recorded trace is damaged, cut off, or no trace' },
  LISTEN_FAILED: { exitCode: 1, title: 'A network address cannot be listened on' },
  SWEEP_FAILED: { exitCode: 1, title: 'Cells of a sweep failed' },
  RUN_STATE: { exitCode: 1, title: 'The run cannot do this in its present state' },
  GEOMRF_NOT_FOUND: { exitCode: 1, title: 'The engine does not know this scenario reference (any more)' },
  GEOMRF_INVALID_ARGUMENT: { exitCode: 2, title: 'The engine refuses the specification, the tick length or the selector' },
  GEOMRF_FAILED_PRECONDITION: { exitCode: 1, title: 'The engine is in the wrong state or speaks another schema version' },
  GEOMRF_RESOURCE_EXHAUSTED: { exitCode: 1, title: "The scenario is beyond the engine's limits" },
  GEOMRF_UNAUTHENTICATED: { exitCode: 1, title: 'The engine does not let this client in' },
  GEOMRF_UNAVAILABLE: { exitCode: 1, title: 'The engine cannot be reached or went away' },
  GEOMRF_DEADLINE_EXCEEDED: { exitCode: 1, title: 'The engine did not answer in time' },
  GEOMRF_INTERNAL: { exitCode: 1, title: 'The engine failed' },
  INTERNAL: { exitCode: 1, title: 'A defect in satsim: please report it' },
} as const satisfies Record<string, { exitCode: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

const BRAND = Symbol.for('satsim.error');

export interface SatsimErrorDetails {
  readonly cause?: unknown;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** Base of all errors that satsim raises on purpose. Recognise it with {@link isSatsimError}: copies of core differ. */
export class SatsimError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, details: SatsimErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = details.hint;
  }

  get exitCode(): number {
    return ERRORS[this.code].exitCode;
  }

  toJSON(): Record<string, unknown> {
    return { code: this.code, exitCode: this.exitCode, message: this.message, ...(this.hint === undefined ? {} : { hint: this.hint }) };
  }
}

export function isSatsimError(error: unknown): error is SatsimError {
  return error instanceof Error && BRAND in error;
}

/** What a thrown value says, also one that is no Error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One thing that is wrong with a scenario: what, where, and what to do. */
export interface ScenarioFault {
  readonly message: string;
  readonly path: FieldPath;
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
  readonly hint?: string;
}

/** A scenario, or a file it names, is wrong. Carries all faults at once. */
export class ScenarioError extends SatsimError {
  readonly faults: readonly ScenarioFault[];

  constructor(faults: readonly ScenarioFault[], details: SatsimErrorDetails = {}) {
    super('SCENARIO_INVALID', faults.map(formatFault).join('\n'), details);
    this.faults = faults;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), faults: this.faults.map((fault) => ({ ...fault, path: formatPath(fault.path) })) };
  }
}

/** `constellation[0].walker.planes` */
export function formatPath(path: FieldPath): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');
}

/** `file:line: field.path: what is wrong (what to do)` */
export function formatFault(fault: ScenarioFault): string {
  const where = [fault.file === null ? '' : fault.line === null ? fault.file : `${fault.file}:${fault.line}`, formatPath(fault.path)].filter(
    (part) => part !== '',
  );
  return [...where, fault.message].join(': ') + (fault.hint === undefined ? '' : ` (${fault.hint})`);
}

/** The engine, or the way to it, failed. */
export class GeomrfError extends SatsimError {
  readonly scenarioRef: string | null;
  readonly tickIndex: number | null;

  constructor(
    code: Extract<ErrorCode, `GEOMRF_${string}`>,
    message: string,
    details: SatsimErrorDetails & { readonly scenarioRef?: string | null; readonly tickIndex?: number | null } = {},
  ) {
    super(code, message, details);
    this.scenarioRef = details.scenarioRef ?? null;
    this.tickIndex = details.tickIndex ?? null;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), scenarioRef: this.scenarioRef, tickIndex: this.tickIndex };
  }
}

export class LaneError extends SatsimError {
  readonly lane: string;
  readonly tickIndex: number | null;

  constructor(lane: string, message: string, details: SatsimErrorDetails & { readonly tickIndex?: number | null } = {}) {
    super('LANE_FAILED', message, details);
    this.lane = lane;
    this.tickIndex = details.tickIndex ?? null;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), lane: this.lane, tickIndex: this.tickIndex };
  }
}

/** Ticks do not lie on the grid t0 + k·dt, in order, without gap or repetition. */
export class TimebaseError extends SatsimError {
  readonly tickIndex: number | null;

  constructor(message: string, details: SatsimErrorDetails & { readonly tickIndex?: number | null } = {}) {
    super('TIMEBASE', message, details);
    this.tickIndex = details.tickIndex ?? null;
  }
}

/** A program, kernel feature or permission is missing. The hint is the command that installs it. */
export class MissingDependencyError extends SatsimError {
  constructor(message: string, details: SatsimErrorDetails = {}) {
    super('DEPENDENCY_MISSING', message, details);
  }
}
