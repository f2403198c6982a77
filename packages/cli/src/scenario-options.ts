import { Option } from 'commander';
import type { Command } from 'commander';

/** What every verb that reads a scenario understands. */
export interface ScenarioOptions {
  readonly set?: readonly string[];
  readonly dt?: string;
  readonly t0?: string;
  readonly t1?: string;
  readonly seed?: string;
  readonly plugin?: readonly string[];
  readonly artifactsRoot?: string;
}

/** Which lanes and exporters, over what the scenario says. */
export interface ChoiceOptions {
  readonly mode?: string;
  readonly lane?: readonly string[];
  readonly exporter?: readonly string[];
}

export function addScenarioOptions(command: Command): Command {
  command
    .argument('<file>', 'scenario, YAML or JSON')
    .option('--set <key=value>', 'override a field, for example links.gsl.min_elevation_deg=25 (repeatable)', collect)
    .option('--t0 <time>', 'start, ISO 8601 UTC; same as --set time.t0=…')
    .option('--t1 <time>', 'end, exclusive; same as --set time.t1=…')
    .option('--dt <duration>', 'tick length such as 100ms or 1s; same as --set time.dt=…')
    .option('--seed <number>', 'same as --set seed=…');
  return addPluginOption(command);
}

export function addPluginOption(command: Command): Command {
  return command.option('--plugin <name-or-path>', 'a plugin that is not installed beside the project (repeatable)', collect);
}

export function addChoiceOptions(command: Command): Command {
  return command
    .option('--mode <name>', 'a lane, or parallel for all that the scenario configures')
    .option('--artifacts-root <folder>', 'where the run directory is made; same as --set paths.artifacts_root=…')
    .option('--lane <name>', 'run this lane, whatever the scenario chooses (repeatable)', collect)
    .option('--exporter <name>', 'run this exporter besides those of the scenario (repeatable)', collect);
}

export function addFormatOption(command: Command, formats: readonly string[]): Command {
  const option = new Option('--format <format>', 'how to print the result').choices(formats).default(formats[0]);
  // What is a table of one verb is text of another: to those that print tables they mean the same.
  const checked = option.parseArg as (text: string, before: unknown) => unknown;
  const forPeople = ['text', 'table'];
  if (formats.includes('csv')) option.argParser((text, before) => checked(forPeople.includes(text) ? formats[0]! : text, before));
  return command.addOption(option);
}

export function addLogLevelOption(command: Command): Command {
  return command.addOption(
    new Option('--log-level <level>', 'least urgent message to show on stderr').choices(['debug', 'info', 'warn', 'error']).default('warn'),
  );
}

/** All overrides as the scenario loader takes them; the shortcuts come last, so they win. */
export function overridesOf(options: ScenarioOptions): readonly string[] {
  const { dt, t0, t1, seed, artifactsRoot } = options;
  const shortcuts = { 'time.t0': quoted(t0), 'time.t1': quoted(t1), 'time.dt': quoted(dt), seed, 'paths.artifacts_root': quoted(artifactsRoot) };
  return [...(options.set ?? []), ...Object.entries(shortcuts).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))];
}

/** A text, whatever YAML would take it for. */
function quoted(value: string | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
