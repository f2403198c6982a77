import { readFileSync } from 'node:fs';
import { Command } from 'commander';

/** Adds arguments, options, examples and the action to a command that already has its name and summary. */
export type DefineVerb = (command: Command) => void;

interface Verb {
  readonly name: string;
  readonly summary: string;
  /** Imported only when the verb is used or asked for help, so that `satsim --help` stays quick. */
  readonly load: () => Promise<{ readonly define: DefineVerb }>;
}

const VERBS: readonly Verb[] = [
  { name: 'run', summary: 'run a scenario and show what the network did', load: () => import('./verbs/run.js') },
  { name: 'validate', summary: 'check a scenario without running it', load: () => import('./verbs/validate.js') },
  { name: 'plan', summary: 'show what a run would do (same as run --dry-run)', load: () => import('./verbs/plan.js') },
  { name: 'replay', summary: 'play the recorded ticks of a run again, into any lanes', load: () => import('./verbs/replay.js') },
  { name: 'verify', summary: 'compute a run anew and hold it against what was recorded', load: () => import('./verbs/verify.js') },
  { name: 'sweep', summary: 'run a scenario in many variants, and hold their results together', load: () => import('./verbs/sweep.js') },
  { name: 'list-runs', summary: 'list the runs under an artifacts root', load: () => import('./verbs/list-runs.js') },
  { name: 'show-run', summary: 'show one run again', load: () => import('./verbs/show-run.js') },
  { name: 'runs', summary: 'tag, remove, follow and export runs', load: () => import('./verbs/runs.js') },
  { name: 'compare', summary: 'how lanes of a run, or runs, agree on each flow', load: () => import('./verbs/compare.js') },
  {
    name: 'report',
    summary: 'map, charts and tables of a run, of runs held against each other, or of a sweep: one HTML file',
    load: () => import('./verbs/report.js'),
  },
  { name: 'links', summary: 'every directed link of a scenario at one moment', load: () => import('./verbs/links.js') },
  { name: 'ephemeris', summary: 'positions and velocities at one moment', load: () => import('./verbs/ephemeris.js') },
  { name: 'passes', summary: 'when satellites rise above a site, culminate and set', load: () => import('./verbs/passes.js') },
  { name: 'coverage', summary: 'how much of the time each site has a satellite, and its gaps', load: () => import('./verbs/coverage.js') },
  { name: 'elements', summary: 'the element sets of a scenario', load: () => import('./verbs/elements.js') },
  { name: 'translate', summary: 'make a scenario of a description in another format', load: () => import('./verbs/translate.js') },
  { name: 'plugins', summary: 'list, check and make plugins', load: () => import('./verbs/plugins.js') },
  { name: 'engine', summary: 'serve the Geo/RF engine to others', load: () => import('./verbs/engine.js') },
  { name: 'capture', summary: 'packets of one interface of a run that goes on, as pcap', load: () => import('./verbs/capture.js') },
  { name: 'clean', summary: 'remove what killed runs have left on this machine', load: () => import('./verbs/clean.js') },
  { name: 'schema', summary: 'print a JSON Schema', load: () => import('./verbs/schema.js') },
  { name: 'doctor', summary: 'what this machine can run, and how to get the rest', load: () => import('./verbs/doctor.js') },
];

/** The command line as commander sees it; only the verb that `argv` names has its options. */
export async function createProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command('satsim')
    .description('Runs one satellite-network scenario through several lanes at once, all fed by the same stream of ticks.')
    .version(version())
    .helpCommand('help [verb...]', 'help for a verb')
    // Errors are printed by the caller, in the format that was asked for.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText('after', example('satsim run examples/iridium.satsim.yaml'));
  const words = argv.filter((word) => !word.startsWith('-'));
  const chosen = words[0] === 'help' ? words[1] : words[0];
  for (const { name, summary, load } of VERBS) {
    const command = program.command(name).description(summary);
    if (name === chosen) (await load()).define(command);
  }
  return program;
}

/** The verb that the words begin with, as far as there is one: `runs tag`. */
export function verbOf(program: Command, words: readonly string[]): string {
  const [first, ...rest] = words.filter((word) => !word.startsWith('-'));
  const found = program.commands.find((command) => command.name() === first);
  return found === undefined ? '' : `${found.name()} ${verbOf(found, rest)}`.trim();
}

/** Text for the end of a command's help. */
export function example(...lines: readonly string[]): string {
  return `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

export function version(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
