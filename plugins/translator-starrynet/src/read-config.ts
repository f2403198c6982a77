import { ScenarioError } from '@satsim/core';
import { type FlatConfig, schemaOf, type ShellsConfig, unknownKeys } from './config-schema.js';

export interface Shell {
  readonly altitudeKm: number;
  readonly inclinationDeg: number;
  readonly planes: number;
  readonly perPlane: number;
  readonly phaseShift: number;
}

/** Either format, with its figures under one name each. */
export interface Config {
  readonly path: string;
  readonly name: string;
  readonly shells: readonly Shell[];
  readonly durationS: number;
  readonly stepS: number;
  readonly islGbps: number;
  readonly gslGbps: number;
  readonly islLossPct: number;
  readonly gslLossPct: number;
  readonly antennas: number;
  readonly elevationDeg: number;
  readonly groundCount: number | null;
  readonly unknownKeys: readonly string[];
}

/** Paths of files that are a configuration of StarryNet by their content, sorted. */
export function configPaths(files: ReadonlyMap<string, Uint8Array>): string[] {
  return [...files].flatMap(([path, content]) => (path.endsWith('.json') && looksLikeConfig(parseJson(content)) ? path : [])).sort();
}

function looksLikeConfig(value: unknown): boolean {
  if (!isMap(value)) return false;
  const shell: unknown = Array.isArray(value['Shells']) ? value['Shells'][0] : value;
  return isMap(shell) && 'Altitude (km)' in shell && 'Inclination' in shell;
}

/** @throws ScenarioError with all faults, each naming its key */
export function readConfig(path: string, content: Uint8Array): Config {
  const value = parseJson(content);
  if (value instanceof SyntaxError) throw new ScenarioError([{ message: `this is not valid JSON: ${value.message}`, path: [], file: path, line: null }]);
  if (!isMap(value)) throw new ScenarioError([{ message: 'a configuration of StarryNet is a JSON object', path: [], file: path, line: null }]);
  const parsed = schemaOf(value).safeParse(value);
  if (!parsed.success) {
    throw new ScenarioError(
      parsed.error.issues.map(({ path: field, message }) => ({
        message: at(value, field) === undefined ? 'is missing' : message,
        path: field as (string | number)[],
        file: path,
        line: null,
      })),
    );
  }
  const config: FlatConfig | ShellsConfig = parsed.data;
  const common = {
    path,
    name: config.Name,
    durationS: config['Duration (s)'],
    islGbps: config['satellite link bandwidth ("X" Gbps)'],
    gslGbps: config['sat-ground bandwidth ("X" Gbps)'],
    islLossPct: config['satellite link loss ("X"% )'],
    gslLossPct: config['sat-ground loss ("X"% )'],
    antennas: config['antenna number'],
    unknownKeys: unknownKeys(value),
  };
  return 'Shells' in config
    ? {
        ...common,
        shells: config.Shells.map((shell) => ({ ...orbitOf(shell), planes: shell.Orbits, perPlane: shell['Satellites per orbit'] })),
        stepS: config['step (s)'],
        elevationDeg: config['antenna elevation angle'],
        groundCount: null,
      }
    : {
        ...common,
        shells: [{ ...orbitOf(config), planes: config['# of orbit'], perPlane: config['# of satellites'] }],
        stepS: config['update_time (s)'],
        elevationDeg: config.antenna_inclination_angle,
        groundCount: config['GS number'] ?? null,
      };
}

function orbitOf(shell: FlatConfig | ShellsConfig['Shells'][number]): Pick<Shell, 'altitudeKm' | 'inclinationDeg' | 'phaseShift'> {
  return { altitudeKm: shell['Altitude (km)'], inclinationDeg: shell.Inclination, phaseShift: shell['Phase shift'] };
}

function parseJson(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(content)) as unknown;
  } catch (error) {
    return error;
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Error);
const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
