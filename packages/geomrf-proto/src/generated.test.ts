import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const packageDir = fileURLToPath(new URL('..', import.meta.url));
const bin = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

test('the generated code is in step with the proto', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'satsim-buf-'));
  try {
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, BUF_CACHE_DIR: dir };
    await run(join(bin, 'buf'), ['generate', '-o', dir], { cwd: packageDir, env });
    const file = 'src/generated/geomrf/v1/geomrf_pb.ts';
    expect(await readFile(join(packageDir, file), 'utf8')).toBe(await readFile(join(dir, file), 'utf8'));
    await run(join(bin, 'buf'), ['lint'], { cwd: packageDir, env });
  } finally {
    await rm(dir, { recursive: true });
  }
}, 60_000);
