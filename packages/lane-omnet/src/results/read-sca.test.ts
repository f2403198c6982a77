import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readSca } from './read-sca.js';

async function sca(...lines: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'satsim-sca-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'General-#0.sca');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

it('reads the scalars and the attributes of the run, and passes over all else', async () => {
  const file = await sca(
    'version 3',
    'run General-0-20261121-07:20:53-24767',
    'attr configname General',
    'attr iterationvars "$n=3, $m=\\"a\\""',
    'config **.param-recording false',
    'config *.controller.traceFile "\\"../links.trace\\""',
    '',
    'scalar N.controller link_rows 121800',
    'scalar N.voice "mean delay" 1.25e-3',
    'attr unit s',
    'statistic N.a queueLength:stats',
    'field count 17',
    'bin -inf 3',
    'par N.a number 0',
    'scalar N.voice worst nan',
    'scalar N.voice best -inf',
  );
  const { attributes, scalars } = await readSca('omnet', file);
  expect(Object.fromEntries(attributes)).toEqual({ configname: 'General', iterationvars: '$n=3, $m="a"' });
  expect(scalars).toEqual([
    { module: 'N.controller', name: 'link_rows', value: 121_800 },
    { module: 'N.voice', name: 'mean delay', value: 0.001_25 },
    { module: 'N.voice', name: 'worst', value: Number.NaN },
    { module: 'N.voice', name: 'best', value: Number.NEGATIVE_INFINITY },
  ]);
});

it.each([
  ['another format', ['version 2'], ':1: this is not a file of scalars of version 3: version 2'],
  ['a word for a number', ['version 3', 'scalar N.a sent many'], ':2: `scalar MODULE NAME VALUE` is wanted, not scalar N.a sent many'],
  ['a cut line', ['version 3', 'scalar N.a sent 1', 'scalar N.a'], ':3: `scalar MODULE NAME VALUE` is wanted, not scalar N.a'],
  ['an empty file', [], ':1: the file is empty'],
])('%s is an error with file and line', async (_, lines, expected) => {
  const file = await sca(...lines);
  await expect(readSca('omnet', file)).rejects.toMatchObject({ code: 'LANE_FAILED', message: `${file}${expected}` });
});

it('a file that is not there is an error', async () => {
  await expect(readSca('omnet', '/nowhere/x.sca')).rejects.toMatchObject({
    code: 'LANE_FAILED',
    message: expect.stringContaining('cannot read /nowhere/x.sca'),
  });
});
