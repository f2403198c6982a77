// node benchmarks/discovery.ts [--plugins N] [--runs N]: discovery and checks of installed plugins, each run in a fresh
// process. Prints JSON. The plugins' modules end the process when anybody runs them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { discoverPlugins, missingRequirements } from '@satsim/core';

const { values } = parseArgs({
  options: { plugins: { type: 'string', default: '50' }, runs: { type: 'string', default: '15' }, in: { type: 'string' } },
});

const round = (ms: number | undefined): number => Number((ms ?? Number.NaN).toFixed(1));

/** A project with so many plugins installed, each beside a library that is none. */
function install(dir: string, count: number): void {
  const write = (path: string, content: object | string): void =>
    writeFileSync(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content));
  const names = Array.from({ length: count }, (_, k) => `@acme/satsim-lane-${k}`);
  for (const [k, name] of names.entries()) {
    for (const one of [name, `library-${k}`]) mkdirSync(join(dir, 'node_modules', one), { recursive: true });
    write(join('node_modules', `library-${k}`, 'package.json'), { name: `library-${k}`, version: '1.0.0' });
    write(join('node_modules', name, 'index.js'), "throw new Error('run');");
    write(join('node_modules', name, 'package.json'), {
      name,
      version: '1.0.0',
      type: 'module',
      exports: { '.': './index.js', './package.json': './package.json' },
      peerDependencies: { '@satsim/core': '^1.0.0' },
      satsim: {
        manifest: 1,
        contributes: [
          { kind: 'lane', name: `lane-${k}`, summary: 's', requires: { platforms: ['linux'], executables: ['tc', 'ip'], capabilities: ['CAP_NET_ADMIN'] } },
        ],
      },
    });
  }
  const dependencies = Object.fromEntries(names.flatMap((name, k) => [[name, '^1.0.0'] as const, [`library-${k}`, '^1.0.0'] as const]));
  write('package.json', { name: 'project', version: '1.0.0', dependencies });
}

async function measureHere(dir: string): Promise<void> {
  const started = performance.now();
  const registry = await discoverPlugins({ cwd: dir, hostPackageJson: join(dir, 'package.json') });
  const found = performance.now();
  for (const { contributes } of registry.candidates) for (const contribution of contributes) missingRequirements(contribution);
  const checked = performance.now();
  if (registry.faults.length > 0) throw new Error(JSON.stringify(registry.faults));
  console.log(JSON.stringify({ plugins: registry.candidates.length, discoveryMs: found - started, requirementsMs: checked - found }));
}

if (values.in !== undefined) {
  await measureHere(values.in);
} else {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-discovery-'));
  try {
    install(dir, Number(values.plugins));
    const measured = Array.from({ length: Number(values.runs) }, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--in', dir], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      return JSON.parse(stdout) as { plugins: number; discoveryMs: number; requirementsMs: number };
    });
    const of = (key: 'discoveryMs' | 'requirementsMs') => {
      const sorted = measured.map((each) => each[key]).toSorted((a, b) => a - b);
      return { min: round(sorted[0]), median: round(sorted[sorted.length >> 1]), max: round(sorted.at(-1)) };
    };
    const report = { plugins: measured[0]?.plugins, runs: measured.length, discoveryMs: of('discoveryMs'), requirementsMs: of('requirementsMs') };
    console.log(JSON.stringify({ node: process.version, cpu: cpus()[0]?.model, ...report }, null, 2));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
