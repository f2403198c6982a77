import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { containedImport } from './contained-import.js';

async function load(source: string, timeoutMs = 5_000, extension = 'mjs'): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'satsim-import-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, `module.${extension}`);
  await writeFile(file, source);
  return containedImport(file, timeoutMs);
}

test('a module is imported: with and without `await` at its top level, CommonJS, TypeScript', async () => {
  expect(await load('export default 1;')).toMatchObject({ default: 1 });
  expect(await load('await 0; export default 2;')).toMatchObject({ default: 2 });
  expect(await load('module.exports = { three: 3 };', 5_000, 'cjs')).toEqual({ three: 3 });
  expect(await load('const four: number = 4; export default four;', 5_000, 'mts')).toMatchObject({ default: 4 });
});

test.each([
  ['throws', "throw new Error('broken')", 'broken'],
  ['throws after an await', "await 0; throw new Error('broken late')", 'broken late'],
  ['calls process.exit', 'process.exit(3);', 'it calls process.exit(3) while it is loaded'],
  ['calls process.exit after an await', 'await new Promise((done) => setTimeout(done, 5)); process.exit();', 'it calls process.exit() while it is loaded'],
  ['calls exit by its own name', "import { exit } from 'node:process'; exit(4);", 'it calls process.exit(4) while it is loaded'],
  ['swallows the refusal', 'try { process.exit(5) } catch {} export default 1;', 'it calls process.exit(5) while it is loaded'],
  ['calls process.abort', 'process.abort();', 'it calls process.abort() while it is loaded'],
  ['kills itself', "process.kill(process.pid, 'SIGKILL');", `it calls process.kill(${process.pid}) while it is loaded`],
  ['kills its process group', "process.kill(0, 'SIGKILL');", 'it calls process.kill(0) while it is loaded'],
])('a module that %s is an error, and the process lives', async (_, source, message) => {
  await expect(load(source)).rejects.toThrow(message);
});

test('a module that loops is stopped', async () => {
  await expect(load('for (;;);', 50)).rejects.toThrow('not loaded after 0.05 s; does it loop');
});

test('a module that never settles is given up', async () => {
  await expect(load('await new Promise(() => {});', 50)).rejects.toThrow('not loaded after 0.05 s; does it wait');
});

test('only the import is guarded: a signal handler of ours may end the process meanwhile, and all is as before afterwards', async () => {
  const { exit, exitCode } = process;
  const exits: unknown[] = [];
  process.exit = ((code: unknown) => exits.push(code)) as never;
  try {
    const loading = load('await new Promise((done) => setTimeout(done, 50)); process.exitCode = 9; process.kill(process.pid, 0); export default 1;');
    await new Promise((done) => setTimeout(done, 20));
    process.exit(130);
    await loading;
    process.exit(1);
    expect(exits).toEqual([130, 1]);
    expect(process.exitCode).toBe(exitCode);
  } finally {
    process.exit = exit;
  }
});

test('containment costs next to nothing', async () => {
  await load('export default 0;');
  const started = performance.now();
  for (let k = 0; k < 10; k += 1) await load('export default 1;');
  // Writing the file included; a worker in front of each import would cost 170 ms.
  expect((performance.now() - started) / 10).toBeLessThan(30);
});
