import { styleText } from 'node:util';
import { EVENT_TYPES, LOG_LEVELS, runEvents, runLog } from '@satsim/runs';
import type { EventLine, LogLevel, LogLine } from '@satsim/runs';
import { Option } from 'commander';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { A_RUN, findRun } from '../find-run.js';
import { print } from '../output.js';
import { example } from '../program.js';
import { addFormatOption } from '../scenario-options.js';

interface FollowOptions {
  readonly artifactsRoot: string;
  readonly follow?: boolean;
  readonly format: 'text' | 'json';
}

const JSON_NOTE = '\nWith --format json each line is an object, as it stands in the run directory.\n';

export function defineLogs(command: Command): void {
  addCommon(command)
    .addOption(new Option('--level <level>', 'least urgent message to show').choices(LOG_LEVELS).default('debug'))
    .addHelpText('after', JSON_NOTE + example('satsim runs logs 20261120T101500Z-iridium --level warn', 'satsim runs logs 20261120T101500Z-iridium -f'))
    .action(logs);
}

export function defineEvents(command: Command): void {
  addCommon(command)
    .addOption(new Option('--type <type>', 'only these').choices(EVENT_TYPES))
    .addHelpText('after', JSON_NOTE + example('satsim runs events 20261120T101500Z-iridium --type handover', 'satsim runs events 20261120T101500Z-iridium -f'))
    .action(events);
}

function addCommon(command: Command): Command {
  return addFormatOption(addArtifactsRootOption(command.argument('<run>', A_RUN)), ['text', 'json']).option('-f, --follow', 'go on until the run ends');
}

async function logs(id: string, { artifactsRoot, follow = false, format, level }: FollowOptions & { readonly level: LogLevel }) {
  const least = LOG_LEVELS.indexOf(level);
  for await (const line of runLog(await findRun(artifactsRoot, id), { follow })) {
    if (LOG_LEVELS.indexOf(line.level) >= least) await print(format === 'json' ? JSON.stringify(line) : logText(line));
  }
}

async function events(id: string, { artifactsRoot, follow = false, format, type }: FollowOptions & { readonly type?: string }) {
  for await (const line of runEvents(await findRun(artifactsRoot, id), { follow })) {
    if (type === undefined || line.type === type) await print(format === 'json' ? JSON.stringify(line) : eventText(line));
  }
}

const COLOURS = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red' } as const;
/** Told in columns of their own, or known to whoever asked for this run. */
const APART = new Set(['level', 'time', 'msg', 'runId', 'tick', 'lane', 'exporter', 'source', 'err']);

/** `2026-11-20T10:15:00.123Z WARN  tick 12 ns3: …` */
function logText(line: LogLine): string {
  const who = ['lane', 'exporter', 'source'].flatMap((key) => (typeof line[key] === 'string' ? line[key] : []));
  const more = Object.entries(line).filter(([key]) => !APART.has(key));
  return [
    line.time,
    styleText(COLOURS[line.level] ?? 'white', line.level.toUpperCase().padEnd(5)),
    ...(line.tick === undefined ? [] : [`tick ${line.tick}`]),
    ...who.map((name) => `${name}:`),
    line.msg,
    ...(more.length === 0 ? [] : [JSON.stringify(Object.fromEntries(more))]),
  ].join(' ');
}

function eventText({ tickIndex, simTimeMs, type, linkId, nodeId, attributes }: EventLine): string {
  const more = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
  return [new Date(simTimeMs).toISOString(), `tick ${tickIndex}`, type.padEnd(13), linkId ?? nodeId ?? '', ...more].join(' ');
}
