import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BREAKAGES } from './broken-plugins.js';
import { builtPackage, type Kind, KINDS, packCore } from './plugin-packages.js';
import { workplace } from './satsim.js';

interface Report {
  readonly verdicts: readonly { readonly about: string; readonly rule: string; readonly verdict: string; readonly why: string | null }[];
  readonly ok: number;
  readonly fails: number;
  readonly skipped: number;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | null;
}

describe('satsim plugins check', () => {
  const place = workplace();
  const built = {} as Record<Kind, string>;
  beforeAll(async () => {
    const core = await packCore(place.dir);
    for (const kind of KINDS) built[kind] = await builtPackage(place, kind, core);
  });
  afterAll(place.remove);

  let copies = 0;
  /** A copy of a sound plugin, changed; returns how `plugins check` is to be told of it. */
  function broken(kind: Kind, file: string, changes: readonly (readonly [from: string, to: string])[]): string {
    const path = `./broken-${(copies += 1)}`;
    const dir = join(place.dir, path);
    cpSync(built[kind], dir, { recursive: true, filter: (source) => !source.includes('node_modules') });
    symlinkSync(join(built[kind], 'node_modules'), join(dir, 'node_modules'));
    let text = readFileSync(join(dir, file), 'utf8');
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      text = text.replace(from, () => to);
    }
    writeFileSync(join(dir, file), text);
    return path;
  }
  async function check(target: string): Promise<Report & { readonly exitCode: number | undefined; readonly failing: readonly string[] }> {
    const { stdout, exitCode } = await place.satsim('plugins', 'check', target, '--format', 'json');
    const report = JSON.parse(stdout) as Report;
    return { ...report, exitCode, failing: report.verdicts.filter(({ verdict }) => verdict === 'fails').map(({ rule }) => rule) };
  }

  it('there is a way to break each rule of each kind', async () => {
    for (const kind of KINDS) {
      const { verdicts } = await check(built[kind]);
      const rules = verdicts.filter(({ about }) => about.startsWith(kind)).map(({ rule }) => rule);
      expect(rules.slice(1)).toEqual(BREAKAGES.filter((one) => one.kind === kind).map(({ rule }) => rule));
    }
  });

  it.each(BREAKAGES)('$kind: fails exactly that rule: $rule', async ({ kind, rule, module, changes }) => {
    const report = await check(broken(kind, `dist/${module}.js`, changes));
    expect(report.failing).toEqual([rule]);
    expect(report.error).toMatchObject({ code: 'CONTRACT_BROKEN', message: expect.stringContaining(rule) });
    expect(report.exitCode).toBe(4);
  });

  it.each([
    [
      'an open peer range',
      'package.json',
      [['"peerDependencies": {\n    "@satsim/core": "^1.0.0"', '"peerDependencies": {\n    "@satsim/core": "*"']],
      /peer range of @satsim\/core is open/,
    ],
    [
      'a core that is not this one',
      'package.json',
      [['"peerDependencies": {\n    "@satsim/core": "^1.0.0"', '"peerDependencies": {\n    "@satsim/core": "^7.0.0"']],
      /needs @satsim\/core \^7/,
    ],
    ['a field that no manifest has', 'package.json', [['"manifest": 1', '"manifest": 1, "sigil": true']], /sigil/],
    [
      'another name than its module has',
      'package.json',
      [['"name": "my-foo"', '"name": "other"']],
      /contributes lane other, but the module does not export it/,
    ],
    ['a module that throws', 'dist/index.js', [['export default', "throw new Error('no moon today'); export default"]], /no moon today/],
    ['a module that ends the process', 'dist/index.js', [['export default', 'process.exit(0); export default']], /process\.exit/],
    ['no module', 'package.json', [['"default": "./dist/index.js"', '"default": "./dist/nothing.js"']], /exports no module/],
    ['a harness for something else', 'dist/harness.js', [["name: 'my-foo'", "name: 'other'"]], /does not contribute what these harnesses are for: lane other/],
    ['a harness module without harnesses', 'dist/harness.js', [['export const harnesses', 'export const tackle']], /no array `harnesses`/],
  ] as const)('exit 2: %s', async (_, file, changes, why) => {
    const report = await check(broken('lane', file, changes));
    expect(report.failing).toHaveLength(1);
    expect(report.verdicts.at(-1)).toMatchObject({ about: 'package', verdict: 'fails', why: expect.stringMatching(why) });
    expect(report.error).toMatchObject({ code: 'PLUGIN_INVALID', message: expect.stringMatching(why) });
    expect(report.exitCode).toBe(2);
  });

  it('exit 3: what it requires is missing; its contract is skipped, and why', async () => {
    const needs =
      '"summary": "Keeps a network in the state that the ticks say", "requires": { "executables": ["satsim-no-such-program"], "install": "apt install nothing" }';
    const report = await check(broken('lane', 'package.json', [['"summary": "Keeps a network in the state that the ticks say"', needs]]));
    expect(report).toMatchObject({ exitCode: 3, failing: ['this machine has what it requires'], skipped: 19 });
    expect(report.verdicts.at(-1)).toMatchObject({ verdict: 'skipped', why: 'this machine lacks what it requires' });
    expect(report.error).toMatchObject({ code: 'DEPENDENCY_MISSING', hint: 'apt install nothing' });
  });

  it('without a harness the rules that need one are skipped with the reason, never passed', async () => {
    const path = broken('lane', 'package.json', [['"./harness"', '"./tackle"']]);
    rmSync(join(place.dir, path, 'dist/harness.js'));
    const report = await check(path);
    const skipped = report.verdicts.filter(({ verdict }) => verdict === 'skipped').map(({ why }) => why);
    expect(skipped).toEqual([
      'the package exports no ./harness',
      ...Array<string>(7).fill('the harness has no observe()'),
      ...Array<string>(2).fill('the harness has no failNext()'),
      ...Array<string>(2).fill('the harness has no leftovers()'),
      expect.any(String),
    ]);
    // Two fresh lanes can't be compared either: it reports nothing, and nobody observes it.
    expect(report.failing).toEqual(['two fresh lanes agree on the same ticks']);
  });

  it('for people: a line for each rule, the reason beside it, the sum and the error', async () => {
    const path = broken('exporter', 'dist/exporter.js', [['number(lossPct)]', 'number(lossPct), Math.random()]']]);
    const { stdout, stderr } = await place.satsim('plugins', 'check', path);
    expect(stdout).toMatch(/^satsim-exporter-my-foo 0\.0\.0 \(broken-\d+\)\n\npackage\n {2}ok {7}the manifest is sound/);
    expect(stdout).toContain('  FAILS    same input, same bytes: these files differ: results/my-foo.tsv');
    expect(stdout).toContain('11 rules: 10 ok, 1 failed, 0 skipped');
    expect(stderr).toContain('error: plugin satsim-exporter-my-foo breaks a rule of its contract: exporter my-foo: same input, same bytes');
  });

  it.each(['flow', 'csv', 'jsonl', '@satsim/exporter-csv'])('satsim brings %s, and it keeps its contract without a skip', async (name) => {
    expect(await check(name)).toMatchObject({ exitCode: 0, fails: 0, skipped: 0, error: null });
  });

  it.each([
    ['nowhere', /no package of this name is installed/],
    ['./nowhere', /there is no file or folder/],
    ['.', /no package\.json|not a plugin/],
  ])('exit 2: nothing to check: %s', async (target, message) => {
    const { exitCode, stderr } = await place.satsim('plugins', 'check', target);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});

describe('satsim plugins list', () => {
  const place = workplace();
  afterAll(place.remove);

  it('names every plugin with kind, version and place, and runs none', async () => {
    const { stdout, exitCode } = await place.satsim('plugins', 'list', '--format', 'json');
    expect(exitCode).toBe(0);
    const { plugins, faults } = JSON.parse(stdout) as { plugins: { kind: string; name: string; dir: string }[]; faults: unknown[] };
    expect(plugins).toContainEqual(
      expect.objectContaining({
        kind: 'lane',
        name: 'flow',
        package: '@satsim/lane-flow',
        version: expect.stringMatching(/^\d/),
        fault: null,
        usable: true,
        missing: null,
      }),
    );
    expect(plugins.map(({ kind, name }) => `${kind} ${name}`)).toEqual(expect.arrayContaining(['exporter csv', 'exporter jsonl', 'tick-source geomrf']));
    expect(faults).toEqual([]);
  });

  it('says why one cannot be used: for itself, for its needs, for another of its name, for what is not built', async () => {
    const install = (name: string, contribution: object, peer = '^1.0.0') => {
      cpSync(join(place.dir, 'tmp'), join(place.dir, 'node_modules', name), { recursive: true });
      const satsim = { manifest: 1, contributes: [{ summary: 'A test', ...contribution }] };
      place.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '2.1.0', peerDependencies: { '@satsim/core': peer }, satsim }));
      // Would end the process if anybody ran it.
      place.write(`node_modules/${name}/index.js`, 'process.exit(77);');
    };
    install('old', { kind: 'lane', name: 'old' }, '^9.0.0');
    install('needy', { kind: 'exporter', name: 'needy', requires: { executables: ['satsim-no-such-program'] } });
    install('twin', { kind: 'lane', name: 'flow' });
    install('unbuilt', { kind: 'exporter', name: 'unbuilt' });
    rmSync(join(place.dir, 'node_modules/unbuilt/index.js'));
    place.write('package.json', JSON.stringify({ dependencies: { old: '1', needy: '1', twin: '1', unbuilt: '1' } }));
    const { stdout, exitCode } = await place.satsim('plugins', 'list');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^lane +old +2\.1\.0 +old +node_modules\/old +.*needs @satsim\/core \^9\.0\.0, but 1\.\d+\.\d+ is running$/m);
    expect(stdout).toMatch(/^exporter +needy .*needs the program satsim-no-such-program/m);
    expect(stdout).toMatch(/^exporter +unbuilt .*its module is not there: is it built\?$/m);
    expect(stdout.match(/^lane +flow .*two plugins claim lane flow: @satsim\/lane-flow and twin$/gm)).toHaveLength(2);
    expect((await place.satsim('plugins', 'check', 'flow')).stderr).toMatch(/flow is of several plugins: @satsim\/lane-flow and twin/);
  });
});
