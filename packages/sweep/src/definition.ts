import { z } from 'zod';

/** As `--set` names fields: `links.gsl.min_elevation_deg`, `ground[0].lat`. */
const PATH = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\d+\])*$/;
const path = z.string().regex(PATH, 'expected a field of the scenario, such as links.gsl.min_elevation_deg');
/** What a scenario file may say. */
const value = z.unknown();
const values = z.record(path, value);

const range = z.tuple([z.number(), z.number()]);
const distribution = z.union([
  z.strictObject({ uniform: range.refine(([from, to]) => from < to, 'expected the lower end first') }),
  z.strictObject({ loguniform: range.refine(([from, to]) => from > 0 && from < to, 'expected two numbers above 0, the lower first') }),
  z.strictObject({ choice: z.array(value).min(1) }),
]);
export type Distribution = z.output<typeof distribution>;

/** A parameter, `cell` or `replicate`, and the value, or one of the values, that it must have. */
const matcher = z.record(z.string().min(1), value);

/** Also of a folder: no way out of the one that holds the sweeps. */
export const sweepName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected letters, digits and `.`, `_`, `-`');

/** What a `*.sweep.yaml` says. */
export const sweepSchema = z.strictObject({
  name: sweepName.optional().describe('Also the id of the sweep and the name of its folder; that of the file where it is not said'),
  scenario: z.string().min(1).describe('The scenario that all cells start from; relative to this file'),
  set: values.default({}).describe('Fields that are the same in every cell'),
  grid: z.record(path, z.array(value).min(1)).default({}).describe('Every combination of these values'),
  list: z.array(values).default([]).describe('Combinations that are written out'),
  random: z
    .strictObject({ samples: z.int().min(1).max(1_000_000), parameters: z.record(path, distribution) })
    .optional()
    .describe('Combinations that are drawn'),
  replicates: z.int().min(1).max(1_000_000).optional().describe('How often each combination runs, each time with another seed'),
  seed: z.int().nonnegative().default(0).describe('Of what is drawn, and of the seeds of replicates'),
  include: z.array(matcher).default([]).describe('Only cells that fit one of these'),
  exclude: z.array(matcher).default([]).describe('No cell that fits one of these'),
});

export type SweepFile = z.output<typeof sweepSchema>;
export type Matcher = z.output<typeof matcher>;

/** A sweep with its name, and its scenario by absolute path. */
export interface SweepDefinition extends Omit<SweepFile, 'name' | 'grid'> {
  readonly name: string;
  readonly grid: Readonly<Record<string, readonly unknown[]>>;
}
