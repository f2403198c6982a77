import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWorkspace, ROOT } from '../architecture/workspace.js';
import { startLocalRegistry } from './local-registry.js';
import { outsider } from './outsider.js';

const LANE = '@acme/satsim-lane-census';
const EXPORTER = '@acme/satsim-exporter-outages';
const PUBLISHED = readWorkspace().filter(({ json }) => json.private !== true);

/** Both third-party plugins by their names, in three seconds of a network of 12 satellites. */
const SCENARIO = `
name: outside
time: { t0: "2026-11-20T00:00:00Z", duration: 3s }
constellation:
  - walker: { name: W, pattern: delta, planes: 3, per_plane: 4, altitude_km: 8000, inclination_deg: 55, phasing: 1 }
ground:
  - { id: oslo, lat: 59.91, lon: 10.75 }
  - { id: singapore, lat: 1.35, lon: 103.82 }
links: { isl: { pattern: plus_grid, capacity_mbps: 100 }, gsl: { min_elevation_deg: 5, capacity_mbps: 100 } }
traffic: [{ id: os-sg, from: oslo, to: singapore }]
lanes: [census, flow]
census: { file: links.csv }
exporters: { outages: { path: results/outages.json } }
`;

interface Summary {
  readonly runDir: string;
  readonly outcome: string;
  readonly lanes: readonly { readonly name: string; readonly state: string; readonly ticks: number }[];
}

describe('packed, published and installed outside the workspace', () => {
  let registry: Awaited<ReturnType<typeof startLocalRegistry>>;
  let me: ReturnType<typeof outsider>;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    me = outsider(registry.env);
    await registry.publishWorkspace();
    // A later core, as far as npm and the peer check can tell. Not `latest`: who doesn't ask for it gets the present one.
    await registry.publish(me.copyPackage(join(ROOT, 'packages/core'), 'later/core', { version: '1.1.0' }), '--tag', 'next');
    for (const name of ['satsim-lane-census', 'satsim-exporter-outages']) await registry.publish(me.copyPackage(fixture(name), `authors/${name}`));
    const peers = { '@satsim/core': '^1.1.0' };
    await registry.publish(
      me.copyPackage(fixture('satsim-exporter-outages'), 'later/exporter', { version: '1.1.0', peerDependencies: peers }),
      '--tag',
      'next',
    );
  });
  afterAll(async () => {
    me.remove();
    await registry.close();
  });

  const fixture = (name: string): string => join(ROOT, 'tests/acceptance/fixtures', name);
  const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const project = (name: string): void => {
    me.write(`${name}/package.json`, { name, private: true });
    me.write(`${name}/net.satsim.yaml`, SCENARIO);
  };
  const coreOf = (manifest: Record<string, unknown>) =>
    (manifest.components as { name: string; version: string }[]).find(({ name }) => name === '@satsim/core');

  /** Runs the scenario and looks at what both plugins left. */
  async function runs(cwd: string, satsim: readonly string[], ...options: string[]): Promise<Record<string, unknown>> {
    const [file, ...args] = [...satsim, 'run', 'net.satsim.yaml', '--format', 'json', ...options];
    const { runDir, outcome, lanes } = JSON.parse(await me.run(cwd, file!, ...args)) as Summary;
    expect(outcome).toBe('completed');
    expect(lanes.map(({ name, ticks }) => `${name} ${ticks}`).sort()).toEqual(['census 3', 'flow 3']);
    const census = readFileSync(join(runDir, 'lanes/census/links.csv'), 'utf8').trim().split('\n');
    expect(census).toHaveLength(4);
    // 12 satellites × 4 neighbours.
    for (const line of census.slice(1)) expect(Number(line.split(',')[1])).toBeGreaterThanOrEqual(48);
    const { counts } = json(join(runDir, 'results/outages.json')) as { counts: Record<string, { samples: number }> };
    expect(Object.keys(counts).sort()).toEqual(['census os-sg', 'flow os-sg']);
    expect(counts['census os-sg']).toMatchObject({ samples: 3 });
    return json(join(runDir, 'manifests/run.json'));
  }

  it('every public package is published', () => {
    expect(PUBLISHED.length).toBeGreaterThan(8);
    for (const {
      json: { name },
    } of PUBLISHED)
      expect(registry.published(name), name).toContain('1.0.0');
  });

  it('a project installs satsim and two plugins of strangers and uses them by name', async () => {
    project('local');
    await me.run('local', 'npm', 'install', '@satsim/cli', LANE, EXPORTER);
    const manifest = await runs('local', ['npx', 'satsim']);
    expect(manifest).toMatchObject({ lanes: expect.arrayContaining(['census']), exporters: ['outages'] });
    expect(manifest.components).toContainEqual({ name: LANE, version: '1.0.0', gitSha: null });
    expect(coreOf(manifest)).toMatchObject({ version: '1.0.0' });
  });

  it('no package relies on what it does not declare: each sees only its own dependencies', async () => {
    project('strict');
    const names = PUBLISHED.map(({ json: { name } }) => name);
    await me.run('strict', 'npm', 'install', '--install-strategy=linked', LANE, EXPORTER, ...names);
    await runs('strict', ['npx', 'satsim']);
    const entries = PUBLISHED.flatMap(({ json: { name, exports } }) => Object.keys(exports!).map((entry) => name + entry.slice(1)));
    me.write(
      'strict/import-all.mjs',
      entries
        .filter((entry) => !entry.endsWith('.json'))
        .map((entry) => `import '${entry}';\n`)
        .join(''),
    );
    await me.run('strict', 'node', 'import-all.mjs');

    // It would be seen: the same lane with its zod left out of package.json.
    await registry.publish(me.copyPackage(fixture('satsim-lane-census'), 'later/lane', { version: '1.0.1', dependencies: {} }), '--tag', 'forgetful');
    await me.run('strict', 'npm', 'install', '--install-strategy=linked', `${LANE}@forgetful`);
    const failed = await me.start('strict', 'npx', ['satsim', 'run', 'net.satsim.yaml']);
    expect(failed.exitCode).toBe(2);
    expect(failed.stderr).toMatch(/plugin @acme\/satsim-lane-census: .*zod/);
  });

  it('installed globally, where no package.json names a plugin', async () => {
    const prefix = join(me.dir, 'global');
    me.write('anywhere/net.satsim.yaml', SCENARIO);
    await me.run('anywhere', 'npm', 'install', '--global', '--prefix', prefix, '@satsim/cli', LANE, EXPORTER);
    await runs('anywhere', [join(prefix, 'bin/satsim')], '--plugin', LANE, '--plugin', EXPORTER);
  });

  it('by path: a checkout with a copy of core of its own, of an earlier minor version than the one that runs', async () => {
    project('by-path');
    await me.run('by-path', 'npm', 'install', '@satsim/cli', '@satsim/core@1.1.0');
    await me.run('authors/satsim-lane-census', 'npm', 'install');
    await me.run('authors/satsim-exporter-outages', 'npm', 'install');
    expect(json(join(me.dir, 'authors/satsim-lane-census/node_modules/@satsim/core/package.json'))).toMatchObject({ version: '1.0.0' });
    const manifest = await runs(
      'by-path',
      ['npx', 'satsim'],
      '--plugin',
      '../authors/satsim-lane-census',
      '--plugin',
      '../authors/satsim-exporter-outages/index.js',
    );
    expect(coreOf(manifest)).toMatchObject({ version: '1.1.0' });
  });

  it('two plugins for different minor versions of core run on the later one', async () => {
    project('minors');
    await me.run('minors', 'npm', 'install', '@satsim/cli', LANE, `${EXPORTER}@next`);
    const manifest = await runs('minors', ['npx', 'satsim']);
    expect(coreOf(manifest)).toMatchObject({ version: '1.1.0' });
    expect(manifest.components).toContainEqual({ name: EXPORTER, version: '1.1.0', gitSha: null });
  });

  it('a plugin for a later core than the one that runs is refused before anything starts, and hurts no run without it', async () => {
    project('too-early');
    await me.run('too-early', 'npm', 'install', '@satsim/cli', LANE);
    const refused = await me.start('too-early', 'npx', ['satsim', 'run', 'net.satsim.yaml', '--plugin', '../later/exporter']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/plugin @acme\/satsim-exporter-outages: it needs @satsim\/core \^1\.1\.0, but 1\.0\.0 is running/);

    await me.run('too-early', 'npm', 'install', '--legacy-peer-deps', `${EXPORTER}@next`);
    const byName = await me.start('too-early', 'npx', ['satsim', 'run', 'net.satsim.yaml', '--format', 'json']);
    expect(byName.exitCode).toBe(2);
    expect(JSON.parse(String(byName.stdout))).toMatchObject({
      error: { code: 'PLUGIN_INVALID', message: expect.stringContaining('it needs @satsim/core ^1.1.0') },
    });
    me.write('too-early/net.satsim.yaml', SCENARIO.replace(/^exporters: .*$/m, 'exporters: { jsonl: {} }'));
    await me.run('too-early', 'npx', 'satsim', 'run', 'net.satsim.yaml');
  });
});
