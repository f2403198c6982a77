import { changeTags, readRunDir, SatsimError } from '@satsim/core/records';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { A_RUN, findRun } from '../find-run.js';
import { print, printJson } from '../output.js';
import { example } from '../program.js';
import { addFormatOption } from '../scenario-options.js';

export function defineTag(command: Command): void {
  command.argument('<run>', A_RUN).argument('[changes...]', '+tag adds, -tag takes away; without any the tags are shown');
  addFormatOption(addArtifactsRootOption(command), ['text', 'json'])
    // `-tag` is no option.
    .allowUnknownOption()
    .addHelpText(
      'after',
      `\nThe run manifest keeps the tags that the run was started with; changes stand beside it in tags.jsonl.\n${example(
        'satsim runs tag 20261120T101500Z-iridium +keep +paper -draft',
        'satsim runs tag 20261120T101500Z-iridium',
      )}`,
    )
    .action(tag);
}

async function tag(id: string, changes: readonly string[], { artifactsRoot, format }: { readonly artifactsRoot: string; readonly format: 'text' | 'json' }) {
  const [add, remove] = ['+', '-'].map((sign) => changes.filter((change) => change.startsWith(sign)).map((change) => change.slice(1))) as [string[], string[]];
  const option = changes.find((change) => change.startsWith('--'));
  if (option !== undefined) throw new SatsimError('USAGE', `unknown option '${option}'`, { hint: 'See `satsim runs tag --help`' });
  const odd = changes.find((change) => !/^[+-]./s.test(change));
  if (odd !== undefined) throw new SatsimError('USAGE', `${odd} is no change of tags`, { hint: `write +${odd} to add it, or -${odd} to take it away` });
  const both = add.find((one) => remove.includes(one));
  if (both !== undefined) throw new SatsimError('USAGE', `${both} cannot be added and taken away at once`);
  const { runId, runDir } = await findRun(artifactsRoot, id);
  if (changes.length > 0) await changeTags(runDir, add, remove);
  const { tags } = await readRunDir(runDir);
  await (format === 'json' ? printJson({ runId, runDir, tags }) : print(tags.join('\n')));
}
