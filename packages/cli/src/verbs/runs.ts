import type { Command } from 'commander';
import { defineExport } from '../runs/export.js';
import { defineEvents, defineLogs } from '../runs/follow.js';
import { defineGc, defineRm } from '../runs/remove.js';
import { example } from '../program.js';
import { defineTag } from '../runs/tag.js';

export function define(command: Command): void {
  command.addHelpText('after', example('satsim runs tag 20261120T101500Z-iridium +keep', 'satsim runs gc --older-than 30d --except-tag keep --dry-run'));
  defineTag(command.command('tag').description('add tags to a run, and take them away'));
  defineRm(command.command('rm').description('remove runs that are over'));
  defineGc(command.command('gc').description('remove runs that are over, by age, number, outcome, tag'));
  defineLogs(command.command('logs').description('the log of a run, also while it goes on'));
  defineEvents(command.command('events').description('passes, handovers and changes of links of a run, also while it goes on'));
  defineExport(command.command('export').description('write a run that is over in another format, or as an archive'));
}
