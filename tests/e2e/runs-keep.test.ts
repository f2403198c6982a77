import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDLESS, type ErrorObject, iridium, SHORT, until, workplace } from './satsim.js';

interface Listing {
  readonly runId: string;
  readonly status: string;
  readonly tags: string[];
}

describe('satsim runs', () => {
  const place = workplace();
  const { output } = place;
  afterAll(async () => {
    await place.killAll();
    place.remove();
  });
  const list = async (...args: string[]) => JSON.parse(await output('list-runs', '--format', 'json', ...args)) as Listing[];
  let done: string;
  beforeAll(async () => {
    done = (await place.run(iridium, ...SHORT, '--exporter', 'jsonl', '--tag', 'first')).runId;
  });

  it('tag adds and takes away; the run manifest stays as it was', async () => {
    const manifest = join(place.dir, 'artifacts/runs', done, 'manifests/run.json');
    const before = readFileSync(manifest, 'utf8');
    expect(JSON.parse(await output('runs', 'tag', done, '+keep', '-first', '+two words', '--format', 'json'))).toMatchObject({
      runId: done,
      tags: ['keep', 'two words'],
    });
    expect(await output('runs', 'tag', done.slice(0, -2))).toBe('keep\ntwo words');
    expect((await list('--tag', 'keep')).map(({ runId }) => runId)).toEqual([done]);
    expect(await list('--tag', 'first')).toEqual([]);
    expect(readFileSync(manifest, 'utf8')).toBe(before);
    // A mistyped option is no tag to take away.
    expect(await place.satsim('runs', 'tag', done, '--dry-run')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("unknown option '--dry-run'") as string,
    });
    const { exitCode, stderr } = await place.satsim('runs', 'tag', done, 'plain');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('+plain')]);
  });

  it('list-runs chooses by name, outcome, time and fields of the scenario', async () => {
    expect(await list('--name', 'irid*', '--outcome', 'completed', '--since', '1h', '--param', 'time.dt=1s', '--param', 'seed>=42')).toHaveLength(1);
    expect(await list('--name', 'starlink')).toEqual([]);
    expect(await list('--until', '2020-01-01')).toEqual([]);
    expect(await list('--param', 'seed>42')).toEqual([]);
    expect(await list('--limit', '0')).toEqual([]);
    for (const wrong of [
      ['--param', 'seed'],
      ['--since', 'monday'],
      ['--outcome', 'good'],
      ['--limit', '-1'],
    ]) {
      expect((await place.satsim('list-runs', ...wrong)).exitCode, wrong.join(' ')).toBe(2);
    }
  });

  it('logs and events show what was recorded', async () => {
    expect(await output('runs', 'logs', done)).toMatch(/INFO .*run .*completed after 10 of 10 ticks/);
    expect(await output('runs', 'logs', done, '--level', 'error')).toBe('');
    const lines = (await output('runs', 'logs', done, '--format', 'json')).split('\n').map((line) => JSON.parse(line) as { runId: string });
    expect(lines.every(({ runId }) => runId === done)).toBe(true);
    const recorded = readFileSync(join(place.dir, 'artifacts/runs', done, 'results/events.jsonl'), 'utf8')
      .trim()
      .split('\n').length;
    expect((await output('runs', 'events', done, '--format', 'json')).split('\n')).toHaveLength(recorded);
    expect(await output('runs', 'events', done, '--type', 'pass_start')).toMatch(/^\S+Z tick \d+ pass_start /);
    const { exitCode, stderr } = await place.satsim('runs', 'events', done, '--type', 'pass');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('link_up, link_down, handover, modcod_change, pass_start, pass_end')]);
  });

  it('a run that goes on is followed to its end, and never removed', async () => {
    const run = place.start('run', iridium, ...ENDLESS, '--exporter', 'jsonl', '--tag', 'going');
    const running = () => place.runs().find((id) => id !== done && existsSync(join(place.dir, 'artifacts/runs', id, 'results/events.jsonl')));
    await until(() => running() !== undefined);
    const id = running()!;
    const logs = place.start('runs', 'logs', id, '-f');
    const events = place.start('runs', 'events', id, '--follow', '--format', 'json');
    expect(await list('--outcome', 'running')).toMatchObject([{ runId: id, tags: ['going'] }]);

    const rm = await place.satsim('runs', 'rm', id, '--format', 'json');
    expect(rm.exitCode).toBe(1);
    expect(rm.stderr).toContain('it still goes on');
    expect(JSON.parse(rm.stdout)).toMatchObject([{ runId: id, removed: false, kept: 'it still goes on' }]);
    expect(JSON.parse(await output('runs', 'gc', '--tag', 'going', '--format', 'json'))).toEqual([]);
    expect((await place.satsim('runs', 'export', id, '--to', 'csv')).stderr).toContain('still goes on');

    run.kill('SIGINT');
    await run;
    expect((await logs).stdout).toMatch(/run interrupted after/);
    expect((await events).exitCode).toBe(0);
    const file = readFileSync(join(place.dir, 'artifacts/runs', id, 'results/events.jsonl'), 'utf8').trim();
    expect((await events).stdout.trim().split('\n').filter(Boolean)).toHaveLength(file === '' ? 0 : file.split('\n').length);
  });

  it('gc removes what its conditions say, and rm what is named', async () => {
    const all = await place.satsim('runs', 'gc');
    expect([all.exitCode, all.stderr]).toEqual([2, expect.stringContaining('--keep-last 0')]);
    const dry = await output('runs', 'gc', '--except-tag', 'keep', '--dry-run');
    expect(dry).toMatch(/^would go \S+ \(\d/);
    expect(place.runs()).toHaveLength(2);
    expect(await output('runs', 'gc', '--older-than', '1h', '--keep-last', '0', '--format', 'json')).toBe('[]');
    expect(await output('runs', 'gc', '--except-tag', 'keep')).toMatch(/^removed/);
    expect(place.runs()).toEqual([done]);
    const both = await place.satsim('runs', 'rm', done, 'nothing', '--format', 'json');
    expect((JSON.parse(both.stdout) as { error: ErrorObject }).error.message).toContain('nothing');
    expect(place.runs()).toEqual([done]);
    // One that is named twice is one.
    expect((await output('runs', 'rm', done, done.slice(0, -1))).split('\n')).toEqual([expect.stringContaining(`removed  ${done}`)]);
    expect(readdirSync(join(place.dir, 'artifacts/runs'))).toEqual([]);
  });
});

describe('a run in another folder', () => {
  const place = workplace();
  const { output } = place;
  afterAll(place.remove);
  const folder = 'elsewhere/mine';
  let runId: string;
  beforeAll(async () => {
    ({ runId } = await place.run(iridium, ...SHORT, '--exporter', 'jsonl'));
    mkdirSync(join(place.dir, 'elsewhere'));
    renameSync(join(place.dir, 'artifacts/runs', runId), join(place.dir, folder));
  });

  it('is named by it in every verb that takes a run', async () => {
    expect(await output('show-run', folder)).toContain('completed after 10 ticks');
    expect(await output('runs', 'tag', folder, '+sent')).toBe('sent');
    expect(await output('runs', 'logs', folder)).toContain('completed after 10 of 10 ticks');
    expect(await output('runs', 'events', folder)).toContain('pass_start');
    expect(await output('runs', 'export', folder, '--to', 'csv', '--out', 'exported')).toContain('exported');
    expect((await place.satsim('capture', folder, 'a:b')).stderr).toContain('does not go on any more');
    expect(await output('runs', 'rm', folder)).toMatch(/^removed {2}mine/);
    expect(readdirSync(join(place.dir, 'elsewhere'))).toEqual([]);
  });

  it('is not taken for one, let alone removed, when it is none', async () => {
    mkdirSync(join(place.dir, 'work/manifests'), { recursive: true });
    utimesSync(join(place.dir, 'work'), 0, 0);
    mkdirSync(join(place.dir, 'letters'));
    for (const name of ['work', 'letters', '.']) expect((await place.satsim('runs', 'rm', name)).exitCode, name).toBeGreaterThan(0);
    expect(existsSync(join(place.dir, 'work/manifests')) && existsSync(join(place.dir, 'letters'))).toBe(true);
    expect((await place.satsim('show-run', 'nothing', '--artifacts-root', 'elsewhere')).stderr).toContain('`satsim list-runs --artifacts-root elsewhere`');
  });
});
