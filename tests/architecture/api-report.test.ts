import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiReport, ENTRIES } from '../../packages/core/scripts/api-report.ts';
import { reference } from '../../packages/core/scripts/reference.ts';
import { ROOT } from './workspace.js';

const committed = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe("core's public types are as they were agreed", () => {
  for (const name of Object.keys(ENTRIES) as (keyof typeof ENTRIES)[]) {
    const file = `packages/core/etc/${name}.api.md`;
    it(file, () => {
      expect(
        apiReport(name),
        `core's public types changed. If that is meant: check it against docs/compatibility.md, run \`npm run api\`, commit ${file}, add a changeset`,
      ).toBe(committed(file));
    });
  }

  it('a change of a type shows: the report names what a plugin implements', () => {
    expect(committed('packages/core/etc/core.api.md')).toContain('applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void>;');
    expect(committed('packages/core/etc/core-testing.api.md')).toContain('export function laneContract<');
  });
});

it('docs/reference.md says what the doc comments say', () => {
  expect(reference(), 'the contracts or their doc comments changed: run `npm run api` and commit docs/reference.md').toBe(committed('docs/reference.md'));
});
