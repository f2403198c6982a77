import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { iridium, root, SHORT, workplace } from './satsim.js';

interface Plan {
  tickCount: number;
  seed: number;
  nodes: Record<string, number>;
  lanes: { name: string }[];
  privileges: string[];
  scenario: { time: Record<string, unknown> };
  spec: { nodes: unknown[] };
}

describe('without running', () => {
  const place = workplace();
  afterAll(place.remove);
  const { output } = place;

  it('run --dry-run and plan say the same, and do nothing', async () => {
    const planned = await output('plan', iridium, ...SHORT, '--seed', '7', '--format', 'json');
    expect(await output('run', iridium, ...SHORT, '--seed', '7', '--format', 'json', '--dry-run')).toBe(planned);
    const plan = JSON.parse(planned) as Plan;
    expect(plan).toMatchObject({ tickCount: 10, seed: 7, nodes: { satellite: 66, user_terminal: 4 }, lanes: [{ name: 'flow' }], privileges: [] });
    expect(plan.scenario.time).toEqual({ t0: '2026-11-20T00:00:00Z', t1: '2026-11-20T00:00:10Z', dt: '1s', mode: 'offline' });
    expect(plan.spec.nodes).toHaveLength(70);
    expect(await output('plan', iridium)).toContain('600 ticks of 1 s');
    expect(readdirSync(place.dir)).toEqual(['tmp']);
    expect(place.leftovers()).toEqual([]);
  });

  it('plan says what it needs to be allowed: root, or capabilities', async () => {
    const asked = ['plan', iridium, ...SHORT, '--lane', 'mininet', '--set', 'time.mode=realtime'];
    const what = 'root or CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_ADMIN';
    expect((JSON.parse(await output(...asked, '--format', 'json')) as Plan).privileges).toEqual([`lane mininet needs ${what}`]);
    expect(await output(...asked)).toContain(`\nprivileges ${what}, for lane mininet\n`);
    expect(await output('plan', iridium, ...SHORT)).toContain('\nprivileges none\n');
  });

  it('the scenario that plan tells is a scenario file: a literal ${ in it stays one', async () => {
    const plan = async (file: string, ...more: string[]) => JSON.parse(await output('plan', file, ...more, '--format', 'json')) as Plan;
    const given = (await plan(iridium, ...SHORT)).scenario;
    const file = join(place.dir, 'tmp/literal.json');
    writeFileSync(file, JSON.stringify({ ...given, paths: { artifacts_root: 'runs of $${HOME}' } }));
    const { scenario } = await plan(file);
    expect(scenario).toMatchObject({ paths: { artifacts_root: expect.stringMatching(/runs of \$\$\{HOME\}$/) } });
    writeFileSync(file, JSON.stringify(scenario));
    expect((await plan(file)).scenario).toEqual(scenario);
    rmSync(file);
  });

  it('validate is content with every example', async () => {
    // One has a lane that asks for more of the machine: tests/real.
    const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.satsim.yaml') && name !== 'iridium-mininet.satsim.yaml');
    for (const example of examples) {
      const answer = JSON.parse(await output('validate', join(root, 'examples', example), '--format', 'json')) as { valid: boolean; warnings: string[] };
      expect(answer, example).toMatchObject({ valid: true, lanes: ['flow'], warnings: [] });
    }
  });

  it('validate warns, and run refuses with 3, where this machine lacks what a lane needs', async () => {
    const plugin = join(root, 'tests/e2e/fixtures/needy-lane');
    const chosen = ['--plugin', plugin, '--lane', 'needy'];
    const { stderr, exitCode } = await place.satsim('validate', iridium, ...chosen);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/warning: lane needy needs the program no-such-program.*apt-get install no-such-package/);
    const refused = await place.satsim('run', iridium, ...chosen, '--format', 'json');
    expect(refused.exitCode).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'DEPENDENCY_MISSING', hint: 'apt-get install no-such-package' } });
    const doctor = JSON.parse(await output('doctor', '--plugin', plugin, '--format', 'json')) as {
      plugins: { name: string; usable: boolean; install: string | null }[];
    };
    expect(doctor.plugins.find(({ name }) => name === 'needy')).toMatchObject({ usable: false, install: 'apt-get install no-such-package' });
    expect(doctor.plugins.find(({ name }) => name === 'flow')).toMatchObject({ usable: true });
    expect(place.runs()).toEqual([]);
  });

  it('doctor asks lanes what they need with their default configuration, as run does with that of the scenario', async () => {
    const plugin = join(root, 'tests/e2e/fixtures/asking-lane');
    const { plugins } = JSON.parse(await output('doctor', '--plugin', plugin, '--format', 'json')) as { plugins: { name: string }[] };
    expect(plugins.find(({ name }) => name === 'asking')).toMatchObject({
      usable: false,
      fault: null,
      missing: 'lane asking needs a kernel 3 deep for no scenario',
      install: 'modprobe deep',
    });
    const { stdout, exitCode } = await place.satsim('run', iridium, '--plugin', plugin, '--lane', 'asking', '--set', 'asking.depth=5', '--format', 'json');
    expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({
      exitCode: 3,
      error: { message: 'lane asking needs a kernel 5 deep for iridium', hint: 'modprobe deep' },
    });
  });

  it('schema scenario prints a JSON Schema of the file', async () => {
    const schema = JSON.parse(await output('schema', 'scenario')) as { $schema: string; properties: Record<string, unknown> };
    expect(schema.$schema).toContain('2020-12');
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['name', 'time', 'constellation', 'ground', 'traffic']));
  });

  it('schema scenario knows the blocks of what is installed, and of what --plugin names; a broken plugin is no obstacle', async () => {
    const broken = join(place.dir, 'broken');
    mkdirSync(broken);
    const contributes = [{ kind: 'lane', name: 'broken', summary: 's' }];
    const peerDependencies = { '@satsim/core': '^1.0.0' };
    const manifest = { name: 'broken', version: '1.0.0', type: 'module', exports: './index.js', peerDependencies, satsim: { manifest: 1, contributes } };
    writeFileSync(join(broken, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(broken, 'index.js'), "throw new Error('no');");
    const plugins = [join(root, 'tests/e2e/fixtures/asking-lane'), broken].flatMap((folder) => ['--plugin', folder]);
    const { stdout, stderr, exitCode } = await place.satsim('schema', 'scenario', ...plugins);
    rmSync(broken, { recursive: true });
    interface Block {
      readonly anyOf: readonly [{ readonly properties: object }];
    }
    const { properties } = JSON.parse(stdout) as {
      properties: Record<'ns3' | 'asking' | 'broken', Block> & { exporters: { properties: Record<'parquet', Block> } };
    };
    expect(exitCode).toBe(0);
    expect(properties.ns3.anyOf[0].properties).toHaveProperty('ip_version');
    expect(properties.exporters.properties.parquet.anyOf[0].properties).toHaveProperty('row_group_rows');
    expect(properties.asking.anyOf[0].properties).toHaveProperty('depth');
    expect(properties.broken.anyOf[0]).toEqual({});
    expect(stderr).toMatch(/^warning: .*broken.*: no$/m);
  });

  it('schema sweep prints a JSON Schema of sweep files', async () => {
    const schema = JSON.parse(await output('schema', 'sweep')) as { $schema: string; properties: object; required: string[] };
    expect(schema.$schema).toContain('2020-12');
    expect(schema).toMatchObject({ required: ['scenario'], additionalProperties: false });
    expect(schema.properties).toHaveProperty('grid');
  });

  it('help goes as deep as verbs do, and an error names the verb whose help says more', async () => {
    expect(await output('help', 'runs', 'tag')).toBe(await output('runs', 'tag', '--help'));
    expect(await output('help', 'runs')).toBe(await output('runs', '--help'));
    const hints = [
      [['runs', 'tag'], 'See `satsim runs tag --help`'],
      [['links', '--nonsense'], 'See `satsim links --help`'],
      [['runs', 'nonsense'], 'See `satsim runs --help`'],
      [['nonsense', 'tag'], 'See `satsim --help`'],
    ] as const;
    for (const [words, hint] of hints) {
      const { stderr, exitCode } = await place.satsim(...words);
      expect([exitCode, stderr], words.join(' ')).toEqual([2, expect.stringContaining(hint)]);
    }
  });

  it('--artifacts-root is where the run would be made', async () => {
    const { scenario } = JSON.parse(await output('plan', iridium, '--artifacts-root', 'other/runs', '--format', 'json')) as { scenario: { paths: unknown } };
    expect(scenario.paths).toEqual({ artifacts_root: 'other/runs' });
  });
});
