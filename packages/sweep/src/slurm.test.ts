import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prepared } from './begun.test-helper.js';
import { emitSlurm, quoted } from './slurm.js';

it('arguments come out of a shell as they were', () => {
  const word = fc.string({ unit: 'grapheme' }).filter((text) => !/[\0\n\r]/.test(text));
  const text = fc.array(fc.oneof(word, fc.stringMatching(/^['"$`\\ ;&|*?!#~{}()<>]{1,8}$/)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(text, (words) => {
      const script = `eval "arguments=(${'$'}1)"; printf '%s\\0' "\${arguments[@]}"`;
      const out = execFileSync('bash', ['-c', script, 'bash', words.map(quoted).join(' ')], { encoding: 'utf8' });
      expect(out.split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 100 },
  );
});

it('more cells than an array may have tasks are several arrays, and no place of the sweep is misread', async () => {
  const root = mkdtempSync(join(tmpdir(), 'satsim "slurm\\ 100% '));
  try {
    const sweep = await prepared(root);
    const cells = Array.from({ length: 2_400 }, (_, i) => ({ ...sweep.cells[0]!, cell: { cell: `cell-${i + 1}`, parameters: { a: i + 1 }, replicate: null } }));
    const options = { command: [], satsim: '1.0.0', program: ['echo'], runArguments: [], cwd: root };
    const { script, submit } = await emitSlurm({ ...sweep, cells }, { ...options, jobs: 50 });
    expect(submit).toEqual([`sbatch ${quoted(script)}`, `sbatch --array=1-1000%50 ${quoted(script)} 1000`, `sbatch --array=1-400%50 ${quoted(script)} 2000`]);
    const text = readFileSync(script, 'utf8');
    expect(text).toContain('\n#SBATCH --array=1-1000%50\n');
    // As sbatch reads it: a backslash goes before what is meant as it stands, and of `%` there have to be two.
    const [, log] = /^#SBATCH --output="(.*)"$/m.exec(text)!;
    expect(log!.replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%')).toBe(join(root, 'sweeps/s/slurm-%A_%a.log'));
    const task = (id: number, ...after: string[]) =>
      execFileSync('bash', [script, ...after], { encoding: 'utf8', env: { PATH: process.env['PATH'], SLURM_ARRAY_TASK_ID: String(id) } });
    expect(task(7)).toContain('cell:cell-7\n');
    expect(task(400, '2000')).toContain('cell:cell-2400\n');

    const few = await emitSlurm({ ...(await prepared(root)), cells: cells.slice(0, 1_000) }, { ...options, jobs: null });
    expect(few.submit).toHaveLength(1);
    expect(readFileSync(script, 'utf8')).toContain('\n#SBATCH --array=1-1000\n');
  } finally {
    rmSync(root, { recursive: true });
  }
});
