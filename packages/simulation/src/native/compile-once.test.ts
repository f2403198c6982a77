import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogLine, memoryLogger, type TestLaneDeps, testLaneDeps } from '@satsim/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compileOnce, type CompileServices, type NativeProgram, nativeCache } from './compile-once.js';

let dir: string;
let bench: TestLaneDeps;
let logs: LogLine[];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'satsim-compile-'));
  mkdirSync(join(dir, 'sources/deep'), { recursive: true });
  writeFileSync(join(dir, 'sources/main.src'), 'one');
  writeFileSync(join(dir, 'sources/deep/part.src'), 'two');
  bench = await testLaneDeps();
  logs = [];
});
afterEach(async () => {
  await bench.dispose();
  rmSync(dir, { recursive: true });
});

const cacheRoot = (): string => join(dir, 'cache');
const services = (more: Partial<CompileServices> = {}): CompileServices => ({
  processes: bench.deps.processes,
  logger: memoryLogger(logs),
  signal: new AbortController().signal,
  cacheRoot: cacheRoot(),
  ...more,
});
/** A compiler that is a line of shell. */
const program = (script = 'cat main.src deep/part.src > program; echo built >> ../builds', more: Partial<NativeProgram> = {}): NativeProgram => ({
  lane: 'sim',
  sources: join(dir, 'sources'),
  key: ['compiler 1'],
  build: (_dir, tools) => tools.run('sh', ['-c', script]),
  ...more,
});
const builds = (): number => readFileSync(join(cacheRoot(), 'builds'), 'utf8').split('\n').length - 1;
const inCache = (): string[] => readdirSync(cacheRoot()).filter((name) => name !== 'builds');

describe('compileOnce', () => {
  test('compiles, tells it, keeps result and log, and then finds it', async () => {
    const first = await compileOnce(program(), services());
    expect(first.key).toMatch(/^[0-9a-f]{64}$/);
    expect(first.dir).toBe(join(cacheRoot(), first.key));
    expect(first.buildMs).toBeGreaterThanOrEqual(0);
    expect(readFileSync(join(first.dir, 'program'), 'utf8')).toBe('onetwo');
    expect(readFileSync(join(first.dir, 'build.log'), 'utf8')).toMatch(/^\$ sh -c cat/);
    expect(logs.map(({ level, message }) => `${level} ${message}`)).toEqual([
      expect.stringMatching(/^info compiling the sim program: once/),
      expect.stringMatching(/^info compiled the sim program in \d+\.\d s$/),
    ]);
    expect(await compileOnce(program(), services())).toEqual({ ...first, buildMs: null });
    expect([builds(), logs.length]).toEqual([1, 2]);
    expect(inCache()).toEqual([first.key]);
  });

  test('compiles again when a source, its name or a version is another', async () => {
    const keys = new Set([(await compileOnce(program(), services())).key]);
    keys.add((await compileOnce(program(undefined, { key: ['compiler 2'] }), services())).key);
    writeFileSync(join(dir, 'sources/deep/part.src'), 'three');
    keys.add((await compileOnce(program(), services())).key);
    writeFileSync(join(dir, 'sources/more.src'), '');
    keys.add((await compileOnce(program(), services())).key);
    expect([keys.size, builds()]).toEqual([4, 4]);
  });

  test('what is linked counts as if it stood there, in the key and in the build', async () => {
    mkdirSync(join(dir, 'elsewhere'));
    writeFileSync(join(dir, 'elsewhere/part.src'), 'linked');
    rmSync(join(dir, 'sources/deep'), { recursive: true });
    symlinkSync('../elsewhere', join(dir, 'sources/deep'));
    const first = await compileOnce(program(), services());
    writeFileSync(join(dir, 'elsewhere/part.src'), 'changed');
    const second = await compileOnce(program(), services());
    expect(first.key).not.toBe(second.key);
    expect([first, second].map((built) => readFileSync(join(built.dir, 'deep/part.src'), 'utf8'))).toEqual(['linked', 'changed']);
  });

  test('two at the same time: one compiles, both have it', async () => {
    const slow = program('sleep 0.3; cat main.src > program; echo built >> ../builds');
    const both = await Promise.all([compileOnce(slow, services()), compileOnce(slow, services())]);
    expect(builds()).toBe(1);
    expect(both.filter(({ buildMs }) => buildMs === null)).toHaveLength(1);
  });

  test.each([
    [
      'file, line and words',
      'echo "main.src:3:7: error: no such thing" >&2; exit 1',
      'the sim program cannot be compiled, sh failed with exit code 1: main.src:3: no such thing',
    ],
    ['a fatal one', 'echo "x.h:1:10: fatal error: y.h: No such file or directory" >&2; exit 1', 'x.h:1: y.h: No such file or directory'],
    ['the linker', 'echo "/usr/bin/ld: main.o: undefined reference to f" >&2; exit 1', 'undefined reference'],
    ['something else', 'echo "out of patience" >&2; exit 9', 'failed with exit code 9: out of patience'],
    ['nothing', 'exit 1', 'it said nothing'],
    ['its end', 'kill -9 $$', 'was ended by SIGKILL'],
  ])('what the compiler complains about is told: %s', async (_what, script, says) => {
    await expect(compileOnce(program(script), services())).rejects.toMatchObject({ code: 'LANE_FAILED', lane: 'sim', message: expect.stringContaining(says) });
    expect(inCache()).toEqual([]);
  });

  test('a missing compiler is told', async () => {
    const missing = program('', { build: (_dir, tools) => tools.run('satsim-no-such-compiler', []) });
    await expect(compileOnce(missing, services())).rejects.toThrow('satsim-no-such-compiler cannot be started');
    expect(inCache()).toEqual([]);
  });

  test('an abort ends the compiler, leaves nothing, and the next one compiles', async () => {
    const abort = new AbortController();
    const compiling = compileOnce(program('sleep 20'), services({ signal: abort.signal }));
    setTimeout(() => abort.abort(new Error('stopped')), 200);
    await expect(compiling).rejects.toThrow('stopped');
    expect(inCache()).toEqual([]);
    expect((await compileOnce(program(), services())).buildMs).not.toBeNull();
  });

  test('an abort while another one compiles ends the wait', async () => {
    const abort = new AbortController();
    const slow = program('sleep 1; cat main.src > program');
    const [one, other] = await Promise.allSettled([
      compileOnce(slow, services()),
      (setTimeout(() => abort.abort(new Error('stopped')), 300), compileOnce(slow, services({ signal: abort.signal }))),
    ]);
    expect([one.status, other.status]).toEqual(['fulfilled', 'rejected']);
  });

  test('what a killed process left, a lock and half a build, stands in no way and is removed', async () => {
    const { key } = await compileOnce(program(), services());
    rmSync(cacheRoot(), { recursive: true });
    mkdirSync(join(cacheRoot(), '.satsim-build-4194305-dead/deep'), { recursive: true });
    // No process has such an id.
    writeFileSync(join(cacheRoot(), `${key}.lock`), '4194305');
    expect(await compileOnce(program(), services())).toMatchObject({ key });
    expect(inCache()).toEqual([key]);
  });

  describe('programs that nobody uses', () => {
    const DAY_S = 24 * 3600;
    /** An entry that was last used so long ago. */
    const entry = (name: string, days: number): string => {
      const path = join(cacheRoot(), name.padStart(64, '0'));
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'program'), 'old');
      const usedS = Date.now() / 1000 - days * DAY_S;
      utimesSync(path, usedS, usedS);
      return path;
    };

    test('go with the next compilation after 30 days, and what is no program stays', async () => {
      const [old, young] = [entry('a', 31), entry('b', 29)];
      mkdirSync(join(cacheRoot(), 'notes'));
      utimesSync(join(cacheRoot(), 'notes'), 0, 0);
      const { dir: built } = await compileOnce(program(), services());
      expect([old, young, built, join(cacheRoot(), 'notes')].map(existsSync)).toEqual([false, true, true, true]);
      expect(inCache().filter((name) => name.startsWith('.') || name.endsWith('.lock'))).toEqual([]);
    });

    test('beyond 20 go after two days, those first that were used least lately', async () => {
      const entries = Array.from({ length: 22 }, (_, k) => entry(`c${k.toString(16)}`, k / 4));
      await compileOnce(program(), services());
      // With the new one 19 of them are left; the last three are older than 4 days.
      expect(entries.map(existsSync)).toEqual(entries.map((_, k) => k < 19));
    });

    test('a use is one that counts', async () => {
      const { dir: built } = await compileOnce(program(), services());
      utimesSync(built, 0, 0);
      await compileOnce(program(), services());
      expect(Date.now() - statSync(built).mtimeMs).toBeLessThan(60_000);
      await compileOnce(program(undefined, { key: ['compiler 2'] }), services());
      expect(existsSync(built)).toBe(true);
    });

    test('one that somebody is about to use, under its lock, stays', async () => {
      const old = entry('d', 31);
      writeFileSync(`${old}.lock`, String(process.pid));
      await compileOnce(program(), services());
      expect(existsSync(old)).toBe(true);
    });

    test('many who use, compile and remove at the same time: everyone has a whole program', async () => {
      for (let round = 0; round < 3; round += 1) {
        const { dir: built } = await compileOnce(program(), services());
        utimesSync(built, 0, 0);
        const all = await Promise.all(
          Array.from({ length: 12 }, (_, k) =>
            compileOnce(k % 2 === 0 ? program() : program(undefined, { key: [`compiler ${round} ${k}`] }), services()).then(({ dir: each }) =>
              readFileSync(join(each, 'program'), 'utf8'),
            ),
          ),
        );
        expect(new Set(all)).toEqual(new Set(['onetwo']));
      }
    });
  });

  test('a cache that can only be read does for what is in it', async () => {
    const { key } = await compileOnce(program(), services());
    chmodSync(dir, 0o755);
    chmodSync(cacheRoot(), 0o555);
    // Root may write anywhere.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid!('nobody');
    try {
      expect(await compileOnce(program(), services())).toMatchObject({ key, buildMs: null });
      await expect(compileOnce(program(undefined, { key: ['compiler 2'] }), services())).rejects.toThrow(cacheRoot());
    } finally {
      if (isRoot) process.seteuid!(0);
      chmodSync(cacheRoot(), 0o755);
    }
  });

  test('a cache whose path has spaces: the compiler sees a path without', async () => {
    const spaced = join(dir, 'the cache');
    let seen = '';
    const where = program('cat main.src > program', { build: (work, tools) => ((seen = work), tools.run('sh', ['-c', 'cat main.src > program'])) });
    const { dir: result } = await compileOnce(where, services({ cacheRoot: spaced }));
    expect(seen).not.toMatch(/\s/);
    expect(existsSync(seen)).toBe(false);
    expect(readFileSync(join(result, 'program'), 'utf8')).toBe('one');
  });

  test('a cache that cannot be written is told by its path, and what to do', async () => {
    writeFileSync(join(dir, 'file'), '');
    await expect(compileOnce(program(), services({ cacheRoot: join(dir, 'file/cache') }))).rejects.toMatchObject({
      message: expect.stringContaining(`${dir}/file/cache`),
      hint: expect.stringContaining('XDG_CACHE_HOME'),
    });
  });

  test('the cache is that of the user', () => {
    expect(nativeCache({ XDG_CACHE_HOME: '/c' })).toBe('/c/satsim/native');
    expect(nativeCache({})).toMatch(/\/\.cache\/satsim\/native$/);
  });
});
