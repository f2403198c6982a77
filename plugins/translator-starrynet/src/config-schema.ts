import { z } from 'zod';

const count = () => z.int().positive();
const seconds = () => z.number().positive().max(1e9);
const gbps = () => z.number().positive();
const percent = () => z.number().min(0).max(100);
const shell = {
  'Altitude (km)': z.number().min(100).max(400_000),
  Inclination: z.number().min(0).max(180),
  'Phase shift': z.int().nonnegative().default(0),
};

/** What the older and the newer format of StarryNet's `config.json` have in common. */
const common = {
  Name: z.string().default('starrynet'),
  'Duration (s)': seconds(),
  'satellite link bandwidth ("X" Gbps)': gbps(),
  'sat-ground bandwidth ("X" Gbps)': gbps(),
  'satellite link loss ("X"% )': percent().default(0),
  'sat-ground loss ("X"% )': percent().default(0),
  'antenna number': count().default(1),
  'Satellite link': z
    .string()
    .regex(/^grid$/i, 'only `grid` is known')
    .default('grid'),
};

/** One shell, its figures beside all others. */
const flat = z.object({
  ...common,
  ...shell,
  '# of orbit': count(),
  '# of satellites': count(),
  'update_time (s)': seconds().default(1),
  antenna_inclination_angle: z.number().min(0).max(90),
  'GS number': z.int().nonnegative().optional(),
});

const shells = z.object({
  ...common,
  Shells: z.array(z.object({ ...shell, Orbits: count(), 'Satellites per orbit': count() })).min(1),
  'step (s)': seconds().default(1),
  'antenna elevation angle': z.number().min(0).max(90),
});

/** Keys that say how StarryNet emulates, on which machines and with whose password: nothing of a scenario. */
const OF_THE_EMULATION =
  /^(?:Cycle \(s\)|IP version|Int(?:ra|er)-AS routing|Link policy|Handover policy|multi-machine .*|remote_machine_.*|Machines|container_.*)$/;

/** `Shells` tells the newer format from the older one. */
export const schemaOf = (config: object): typeof flat | typeof shells => ('Shells' in config ? shells : flat);

export type FlatConfig = z.output<typeof flat>;
export type ShellsConfig = z.output<typeof shells>;

/** Keys that a scenario may need, for all one knows, and that nobody here understands. */
export function unknownKeys(config: object): string[] {
  const known = Object.keys(schemaOf(config).shape);
  return Object.keys(config).filter((key) => !known.includes(key) && !OF_THE_EMULATION.test(key));
}
