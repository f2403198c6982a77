import { describe, expect, it } from 'vitest';
import { loadScenario } from './load.js';
import { faultLines, LANES, loadFiles, VALID } from './load-files.test-helper.js';

describe('include', () => {
  it('merges maps, replaces lists; the including file wins, later includes over earlier ones', async () => {
    const loaded = await loadFiles({
      'main.yaml': 'include: [a.yaml, b.yaml]\nname: main\nground: [{ id: only, lat: 1, lon: 1 }]\n',
      'a.yaml': `${VALID.replace('traffic:\n  - { id: os-sg, from: oslo, to: singapore }\n', '')}seed: 1\nlinks: { gsl: { min_elevation_deg: 20 }, isl: { seam: true } }\n`,
      'b.yaml': 'seed: 2\nlinks: { gsl: { policy: max_snr } }\n',
    });
    expect(faultLines(loaded)).toEqual([]);
    expect(loaded.scenario).toMatchObject({
      name: 'main',
      seed: 2,
      ground: [{ id: 'only' }],
      links: { gsl: { min_elevation_deg: 20, policy: 'max_snr' }, isl: { seam: true } },
    });
    expect(loaded.scenario?.ground).toHaveLength(1);
    expect(loaded.scenario).not.toHaveProperty('include');
  });

  it('gives the bytes of what it includes, each file once, and reads none that is known', async () => {
    const loaded = await loadFiles({
      'main.yaml': 'include: [a.yaml, sub/b.yaml]\nname: main\n',
      'a.yaml': VALID,
      'sub/b.yaml': 'include: ../a.yaml\nseed: 2\n',
    });
    expect(loaded.included?.map(({ path }) => path.slice(loaded.baseDir.length + 1))).toEqual(['a.yaml', 'sub/b.yaml']);
    expect(loaded.included?.map(({ content }) => Buffer.from(content).toString())).toEqual([VALID, 'include: ../a.yaml\nseed: 2\n']);
    const files = loaded.included!.map((file) => (file.path.endsWith('b.yaml') ? { ...file, content: Buffer.from('seed: 3\n') } : file));
    const main = { path: loaded.file, sha256: '', content: Buffer.from(loaded.source) };
    const known = await loadScenario(loaded.file, { laneNames: LANES, env: {}, files: [main, ...files] });
    expect(known.scenario).toMatchObject({ name: 'main', seed: 3 });
  });

  it('takes nested includes relative to the file they stand in, and points faults at the file and line', async () => {
    const loaded = await loadFiles({
      'main.yaml': 'include: sub/a.yaml\nname: main\n',
      'sub/a.yaml': 'include: b.yaml\n',
      'sub/b.yaml': `# comment\n${VALID}sead: 3\nlinks:\n  isl: { max_range_km: far }\n`,
    });
    expect(faultLines(loaded)).toEqual(['b.yaml:11 sead: unknown key `sead`', 'b.yaml:13 links.isl.max_range_km: expected a number, found the text "far"']);
    expect(loaded.locate(['name'])).toMatchObject({ file: expect.stringMatching(/main\.yaml$/), line: 2 });
  });

  it('lets one way to say the end replace the other', async () => {
    expect((await loadFiles({ 'main.yaml': 'include: a.yaml\ntime: { duration: 1m }\n', 'a.yaml': VALID })).scenario?.time.t1).toBe('2026-11-20T00:01:00.000Z');
  });

  it('names the include of a file that is not there, and does not say that its keys are missing', async () => {
    const loaded = await loadFiles({ 'main.yaml': 'seed: x\ninclude:\n  - gone.yaml\n' });
    expect(faultLines(loaded)).toEqual([
      'main.yaml:1 seed: expected a number, found the text "x"',
      expect.stringMatching(/^main\.yaml:3 include\[0\]: `.*gone\.yaml` cannot be read: there is no such file/),
    ]);
    expect(loaded.scenario).toBeNull();
  });

  it('refuses a circle, and an avalanche', async () => {
    expect(faultLines(await loadFiles({ 'main.yaml': `include: a.yaml\n${VALID}`, 'a.yaml': 'seed: 1\ninclude: main.yaml\n' }))).toEqual([
      'a.yaml:2 include: the include goes in a circle: main.yaml → a.yaml → main.yaml',
    ]);
    const avalanche = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`f${n}.yaml`, n === 19 ? VALID : `include: [f${n + 1}.yaml, f${n + 1}.yaml]\n`]),
    );
    expect(faultLines(await loadFiles(avalanche))).toEqual([expect.stringContaining('more than 256 files are included')]);
  });

  it('wants a path or a list of paths', async () => {
    expect(faultLines(await loadFiles({ 'main.yaml': `${VALID}include: [3, "\${NOPE}"]\n` }))).toEqual([
      'main.yaml:10 include[0]: expected the path of a file, or a list of them',
      'main.yaml:10 include[1]: the environment variable NOPE is not set',
    ]);
    expect(faultLines(await loadFiles({ 'main.yaml': `${VALID}`, 'a.yaml': '' }))).toEqual([]);
  });

  it('does not complain of values that were replaced', async () => {
    expect(faultLines(await loadFiles({ 'main.yaml': 'include: a.yaml\nseed: 1\n', 'a.yaml': `${VALID}seed: \${NOPE}\n` }))).toEqual([]);
  });
});
