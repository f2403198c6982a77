import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expandCells } from './cells.js';
import { replicateSeed } from './draw.js';
import { loadSweep } from './load-sweep.js';

const page = readFileSync(new URL('../../../docs/sweeps.md', import.meta.url), 'utf8');

it('docs/sweeps.md shows a sweep file that is one', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-docs-'));
  try {
    const file = join(dir, 'docs.sweep.yaml');
    writeFileSync(file, /^```yaml\n([\s\S]*?)^```/m.exec(page)![1]!);
    const { definition } = await loadSweep(file, { set: {}, grid: {} });
    // Of 8 points of the grid one is left out.
    expect(expandCells(definition)).toHaveLength(2 * 7 * 20 * 3);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

it('docs/sweeps.md says the seed of the first replicate', () => {
  expect(page).toContain(`begins with \`${replicateSeed(0, 1).toString(16)}\`, which is ${replicateSeed(0, 1)}`);
});
