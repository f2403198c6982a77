import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { iridium, root, workplace } from '../e2e/satsim.js';
import { ticksOf } from '../e2e/trace.js';

/** That of the system, whose packages the page names; another one may come first in PATH. */
const PYTHON = '/usr/bin/python3';

const place = workplace();
afterAll(place.remove);

function lacksPandas(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import pandas, zstandard'], { stdio: 'ignore' });
    return false;
  } catch {
    if (process.env['CI'] !== undefined) throw new Error('python3-pandas and python3-zstandard are not there');
    return true;
  }
}

it.skipIf(lacksPandas())('the lines for Python in docs/replaying-and-verifying.md read a trace', async () => {
  const { runDir } = await place.run(iridium, '--t1', '2026-11-20T00:00:30Z');
  const [, code] = /```python\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/replaying-and-verifying.md'), 'utf8'))!;
  const counted = execFileSync(PYTHON, ['-c', `${code}\nprint(len(links), links.oneWayDelayMs.astype(float).sum())`], { cwd: runDir, encoding: 'utf8' });
  const [rows, sum] = counted.trim().split('\n').at(-1)!.split(' ').map(Number);
  const updates = (await ticksOf(runDir)).flatMap((tick) => tick.updates);
  expect(rows).toBe(updates.length);
  expect(sum).toBeCloseTo(
    updates.reduce((total, { oneWayDelayMs }) => total + oneWayDelayMs, 0),
    3,
  );
  expect(counted).toContain(`[${new Set(updates.map(({ linkId }) => linkId)).size} rows x 2 columns]`);
});
