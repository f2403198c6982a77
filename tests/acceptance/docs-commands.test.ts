import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, root, workplace } from '../e2e/satsim.js';

/** A session of its own, from its first command to its last: writing-a-plugin.test.ts. */
const SESSION = 'docs/writing-a-plugin.md';
const namesIn = (folder: string): string[] => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
const pages = ['README.md', 'CONTRIBUTING.md', ...namesIn('docs'), ...namesIn('plugins').map((plugin) => `${plugin}/README.md`)].filter(
  (name) => name.endsWith('.md') && name !== SESSION,
);

/** Run by .ci/run itself, or by what this test runs under. */
const RUN_ELSEWHERE = /^(git clone|cd |npm (ci|test|run (check|test:real|test:long|bench|generate|api))\b|npx changeset\b)/;

const linesOf = (page: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap(([, block]) => block!.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
const commands = pages.flatMap((page) => linesOf(page).map((command) => [page, command] as const));

/** Verbs that no page can simply call, and what calls them instead. */
const CALLED_ELSEWHERE: Readonly<Record<string, string>> = {
  // Goes on until somebody stops it.
  'engine serve': 'tests/e2e/engine.test.ts',
  // Of a run of Mininet that goes on, as root.
  capture: 'tests/real/mininet/environment.test.ts',
  // Would take what other tests have left on the machine.
  clean: 'tests/e2e/clean.test.ts',
};

describe('every command in the docs', () => {
  const place = workplace();
  beforeAll(() => symlinkSync(join(root, 'examples'), join(place.dir, 'examples')));
  afterAll(place.remove);

  it('is there to be run', () => expect(commands.filter(([page]) => page === 'README.md').length).toBeGreaterThan(2));

  it('calls every verb, and the help of each has an example', { timeout: 180_000 }, async () => {
    const verbsOf = async (...path: string[]): Promise<string[]> => {
      const help = await place.output(...path, '--help');
      expect(help, path.join(' ')).toMatch(new RegExp(`Examples?:\n  satsim ${path.join(' ')}`));
      const [, list = ''] = help.split('\nCommands:\n');
      const names = [...list.split('\n\n')[0]!.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name!).filter((name) => name !== 'help');
      const below = await Promise.all(names.map((name) => verbsOf(...path, name)));
      return names.flatMap((name, i) => (below[i]!.length === 0 ? [[...path, name].join(' ')] : below[i]!));
    };
    const verbs = await verbsOf();
    const some = ['run', 'validate', 'plan', 'list-runs', 'show-run', 'schema', 'doctor', 'engine serve', 'ephemeris', 'links', 'runs export', 'plugins new'];
    expect(verbs).toEqual(expect.arrayContaining(some));
    const called = [...commands.map(([, command]) => command), ...linesOf(SESSION)];
    const uncalled = verbs.filter((verb) => !called.some((command) => new RegExp(`\\bsatsim ${verb}(?![\\w-])`).test(command)));
    expect(uncalled.toSorted()).toEqual(Object.keys(CALLED_ELSEWHERE).toSorted());
    for (const [verb, test] of Object.entries(CALLED_ELSEWHERE))
      expect(readFileSync(join(root, test), 'utf8'), test).toContain(
        verb
          .split(' ')
          .map((word) => `'${word}'`)
          .join(', '),
      );
  });

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
