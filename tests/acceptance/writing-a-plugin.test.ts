import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/workspace.js';
import { sessionOf } from './docs-session.js';
import { startLocalRegistry } from './local-registry.js';
import { outsider } from './outsider.js';

const PAGE = readFileSync(join(ROOT, 'docs/writing-a-plugin.md'), 'utf8');

/** Stops at the first command that fails. What has no scope would be published for everybody: it goes to the local registry. */
const prelude = (registry: string): string => `set -euxo pipefail
npm() { if [ "$1" = publish ]; then command npm "$@" --registry ${registry}; else command npm "$@"; fi; }
`;

describe('docs/writing-a-plugin.md, from its first command to its last, by somebody who has nothing else', () => {
  let registry: Awaited<ReturnType<typeof startLocalRegistry>>;
  let me: ReturnType<typeof outsider>;
  let said = '';
  beforeAll(async () => {
    registry = await startLocalRegistry();
    me = outsider(registry.env);
    await registry.publishWorkspace();
    const script = me.write('session.sh', prelude(registry.url) + sessionOf(PAGE));
    said = await me.run('.', 'bash', script);
  }, 120_000);
  afterAll(async () => {
    me.remove();
    await registry.close();
  });

  it('has commands to run and files to write', () => {
    const session = sessionOf(PAGE);
    for (const part of ['npx satsim plugins new exporter', 'cat > src/exporter.ts', 'npm test', 'npx satsim plugins check', 'npm publish'])
      expect(session).toContain(part);
  });

  it('every test of every plugin passes, and none is skipped', () => {
    const counts = (word: string) => [...said.matchAll(new RegExp(`^(?:ℹ|#) ${word} (\\d+)$`, 'gm'))].map(([, count]) => Number(count));
    expect(counts('pass')).toHaveLength(5);
    for (const count of counts('pass')) expect(count).toBeGreaterThan(4);
    expect([...counts('fail'), ...counts('skipped')].filter((count) => count > 0)).toEqual([]);
    expect(said).toMatch(/rules: \d+ ok, 0 failed, 0 skipped/);
  });

  it('what it exports is there, run by its folder and by its name', () => {
    const runs = join(me.dir, 'my-network/artifacts/runs');
    const peaks = readdirSync(runs).flatMap((run) => {
      const results = join(runs, run, 'results');
      return readdirSync(results).includes('peaks.csv') ? [readFileSync(join(results, 'peaks.csv'), 'utf8').trim().split('\n')] : [];
    });
    expect(peaks.map((lines) => lines.length)).toEqual([61, 61, 61]);
    for (const line of peaks.flatMap(([, ...lines]) => lines)) expect(line).toMatch(/^\d+,(isl|gsl):\S+>\S+,\d+(\.\d+)?$/);
  });

  it('it is published with the version that the changeset makes, and its compiled code', () => {
    expect(registry.published('satsim-exporter-peaks')).toEqual(['0.1.0']);
    expect(readFileSync(join(me.dir, 'my-network/satsim-exporter-peaks/CHANGELOG.md'), 'utf8')).toContain('## 0.1.0');
  });
});

describe('docs/writing-a-plugin.md with the clone that it speaks of, while the packages are not on npm', () => {
  let me: ReturnType<typeof outsider>;
  beforeAll(() => {
    me = outsider({ npm_config_audit: 'false', npm_config_fund: 'false', npm_config_prefer_offline: 'true' });
    symlinkSync(ROOT, join(me.dir, 'satsim'));
  });
  afterAll(() => me.remove());

  it('from its first command to publishing', async () => {
    const [cli, inPlugin] = [...PAGE.matchAll(/^\| `npm install.*\| `(npm install .*)` \|$/gm)].map(([, command]) => command!);
    const session = sessionOf(PAGE.slice(0, PAGE.indexOf('## 5. Publish')))
      .replace('npm install @satsim/cli', cli!)
      .replace(/^npm install$/gm, inPlugin!);
    expect(session).not.toMatch(/^npm install (@satsim|$)/m);
    const said = await me.run('.', 'bash', me.write('session.sh', `set -euxo pipefail\n${session}`));
    expect(said).toMatch(/rules: \d+ ok, 0 failed, 0 skipped/);
    expect(said.match(/^exporter +peaks /m)).not.toBeNull();
  }, 120_000);
});
