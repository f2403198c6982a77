import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installOffline, KINDS, NAME, npm, packCore } from './plugin-packages.js';
import { root, workplace } from './satsim.js';

describe('satsim plugins new', () => {
  const place = workplace();
  afterAll(place.remove);

  describe.each(KINDS)('%s: a package outside any workspace', (kind) => {
    const dir = join(place.dir, `satsim-${kind}-${NAME}`);
    let ranges: Record<string, string> = {};

    beforeAll(async () => {
      const asJson = await place.output('plugins', 'new', kind, NAME, '--dir', `json-${kind}`, '--format', 'json');
      expect(JSON.parse(asJson)).toMatchObject({ package: `satsim-${kind}-${NAME}`, kind, name: NAME, dir: join(place.dir, `json-${kind}`) });
      expect((JSON.parse(asJson) as { files: string[] }).files).toContain('package.json');
      const { exitCode, stdout } = await place.satsim('plugins', 'new', kind, NAME);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`cd satsim-${kind}-${NAME}`);
      ranges = await installOffline(dir, await packCore(place.dir));
    });

    it('has manifest, source, kit test, README, changeset and CI file, and nothing to be filled in by hand', () => {
      const files = globSync('**/*', { cwd: dir, exclude: ['node_modules/**'] }).concat(globSync('.*/**/*', { cwd: dir }));
      expect(files).toEqual(
        expect.arrayContaining([
          'package.json',
          'tsconfig.json',
          'README.md',
          'src/index.ts',
          'src/harness.ts',
          'src/contract.test.ts',
          '.github/workflows/ci.yml',
          '.changeset/first-version.md',
        ]),
      );
      expect(existsSync(join(dir, '.gitignore'))).toBe(true);
      for (const file of files.filter((name) => /\.(ts|json|md|yml)$/.test(name))) expect(readFileSync(join(dir, file), 'utf8'), file).not.toMatch(/__\w+__/);
    });

    it('passes its own tests at once: every rule of the contract, none skipped', async () => {
      const { exitCode, stdout } = await npm(dir, 'test');
      expect(exitCode, stdout).toBe(0);
      expect(stdout).toMatch(/pass [1-9]/);
      expect(stdout).toMatch(/skipped 0/);
    });

    it('passes satsim plugins check', async () => {
      const { exitCode, stdout, stderr } = await place.satsim('plugins', 'check', `./satsim-${kind}-${NAME}`, '--format', 'json');
      expect(exitCode, stderr).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ package: `satsim-${kind}-${NAME}`, fails: 0, skipped: 0, error: null });
    });

    it('is fit to be published, without its tests', async () => {
      const { messages } = await publint({ pkgDir: dir, pack: false });
      // What this test itself has put there does not count.
      expect(messages.filter(({ code }) => code !== 'LOCAL_DEPENDENCY')).toEqual([]);
      const { stdout } = await npm(dir, 'pack', '--dry-run', '--json', '--ignore-scripts');
      const paths = (JSON.parse(stdout) as [{ files: { path: string }[] }])[0].files.map(({ path }) => path);
      expect(paths).toEqual(expect.arrayContaining(['dist/index.js', 'dist/harness.js', 'README.md']));
      expect(paths.filter((path) => path.includes('.test.'))).toEqual([]);
    });

    it('asks for versions that this repository is tested with', () => {
      for (const [name, range] of Object.entries(ranges)) {
        const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
        expect(range, name).toMatch(/^\^/);
        expect(majorOf(range), `${name} ${range}, installed ${version}`).toBe(majorOf(version));
      }
    });
  });

  const majorOf = (version: string): string => /\d+/.exec(version)![0];

  it('the lane and the exporter take part in a run by their names', async () => {
    const plugins = ['--plugin', `./satsim-lane-${NAME}`, '--plugin', `./satsim-exporter-${NAME}`];
    const args = ['run', join(root, 'examples/bent-pipe.satsim.yaml'), ...plugins, '--lane', 'flow', '--lane', NAME, '--exporter', NAME, '--format', 'json'];
    const { exitCode, stdout, stderr } = await place.satsim(...args);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'completed', ticks: 600 });
    const [id] = place.runs();
    const lines = readFileSync(join(place.dir, 'artifacts/runs', id!, `results/${NAME}.tsv`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines[0]).toBe('time\tlane\tflow\trtt_ms\tloss_pct');
    expect(lines).toHaveLength(601);
  });

  it('the translator makes a scenario, and is found by the content of the file', async () => {
    place.write('network.txt', `# ${NAME} 1\nshell LEO 6 11 780 86.4\nsite oslo 59.91 10.75\nsite quito -0.18 -78.47\n`);
    const translated = await place.satsim('translate', 'network.txt', '--plugin', `./satsim-translator-${NAME}`, '-o', 'network.satsim.yaml');
    expect(translated.exitCode, translated.stderr).toBe(0);
    expect((await place.satsim('validate', 'network.satsim.yaml')).exitCode).toBe(0);
  });

  it('a changeset leads to the first version', async () => {
    const dir = join(place.dir, `satsim-exporter-${NAME}`);
    expect((await npm(dir, 'exec', '--offline', '--', 'changeset', 'version')).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))).toMatchObject({ version: '0.1.0' });
    expect(readFileSync(join(dir, 'CHANGELOG.md'), 'utf8')).toContain('First version');
  });

  it('--dir says where', async () => {
    expect((await place.satsim('plugins', 'new', 'lane', 'b2', '--dir', 'deep/below/b2')).exitCode).toBe(0);
    expect(readFileSync(join(place.dir, 'deep/below/b2/src/lane.ts'), 'utf8')).toContain('class B2Lane');
  });

  it.each([
    ['a name that no manifest takes', ['lane', 'My_Lane'], /My_Lane cannot be the name of a plugin/],
    ['a kind that there is not', ['widget', 'foo'], /Allowed choices are lane, exporter, translator/],
    ['a folder that exists', ['lane', 'foo', '--dir', '.'], /exists already/],
    ['a folder that cannot be made', ['lane', 'foo', '--dir', 'package.json/foo'], /a part of the path is a file[^]*--dir$/],
  ])('refuses %s', async (_, args, message) => {
    place.write('package.json', '{}');
    const { exitCode, stderr } = await place.satsim('plugins', 'new', ...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});
