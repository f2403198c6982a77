import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, root, workplace } from '../e2e/satsim.js';

/** A session of its own, from its first command to its last: writing-a-plugin.test.ts. */
const SESSION = 'docs/writing-a-plugin.md';
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md') && name !== SESSION,
);

/** Run by .ci/run itself, or by what this test runs under. */
const RUN_ELSEWHERE = /^(git clone|cd |npm (ci|test|run (check|test:real|test:long|bench|generate|api))\b|npx changeset\b)/;

const commands = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap(([, block]) => block!.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((command) => [page, command] as const),
);

describe('every command in the docs', () => {
  const place = workplace();
  beforeAll(() => symlinkSync(join(root, 'examples'), join(place.dir, 'examples')));
  afterAll(place.remove);

  it('is there to be run', () => expect(commands.filter(([page]) => page === 'README.md').length).toBeGreaterThan(2));

  for (const [page, command] of commands) {
    if (RUN_ELSEWHERE.test(command)) continue;
    it(`${page}: ${command}`, async () => {
      // As in a shell, so that pipes and redirections work; RUN stands for the last run's id.
      const script = command.replace(/\bnpx satsim\b/g, '"$NODE" "$SATSIM"');
      expect(script, 'only satsim is run here, and what it has written').toMatch(/\$SATSIM|bash artifacts\//);
      const { exitCode, stderr } = await execa('bash', ['-c', `set -o pipefail; ${script}`], {
        cwd: place.dir,
        env: { NODE: process.execPath, SATSIM: bin },
        reject: false,
      });
      expect(exitCode, stderr).toBe(0);
    });
  }
});
