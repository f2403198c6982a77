import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoted } from './slurm.js';

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
