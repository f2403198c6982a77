/** One start of a simulation. All paths are absolute, or from the folder that it is started in. */
export interface Launch {
  readonly iniFile: string;
  readonly iniConfig: string;
  /** Folders with NED files. */
  readonly nedFolders: readonly string[];
  readonly resultFolder: string;
  readonly endS: number;
  readonly seed: number;
  /** Parameters by their patterns, for example `**.traceFile`. */
  readonly strings: Readonly<Record<string, string>>;
  readonly runArgs: readonly string[];
}

/** Ingredients of the fingerprint: time, module and length of each event's message, and what modules add. */
const FINGERPRINT = '0000-0000/tplx';

/** The argument list of a simulation, without a shell in between. OMNeT++ ignores an option that it doesn't know. */
export function launchArguments({ iniFile, iniConfig, nedFolders, resultFolder, endS, seed, strings, runArgs }: Launch): string[] {
  return [
    '-u',
    'Cmdenv',
    '-s',
    '-f',
    iniFile,
    '-c',
    iniConfig,
    '-r',
    '0',
    '-n',
    nedFolders.join(';'),
    `--result-dir=${resultFolder}`,
    `--sim-time-limit=${endS}s`,
    `--seed-set=${seed}`,
    '--cmdenv-express-mode=true',
    '--cmdenv-status-frequency=1s',
    `--fingerprint=${FINGERPRINT}`,
    '--**.param-recording=false',
    ...Object.entries(strings).map(([pattern, value]) => `--${pattern}=${nedString(value)}`),
    ...runArgs,
  ];
}

/** A string as NED and ini files write it. */
export function nedString(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
