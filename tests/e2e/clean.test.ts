import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root, workplace } from './satsim.js';

const place = workplace();
afterAll(place.remove);
const LITTERING = ['--plugin', join(root, 'tests/e2e/fixtures/littering-lane')];

it('what cannot be removed is named, with exit code 1; as JSON there is one list of all', async () => {
  const text = await place.satsim('clean', ...LITTERING);
  expect([text.exitCode, text.stdout.split('\n').map((line) => line.trim())]).toEqual([
    1,
    ['dead-1 (lane littering)', 'removed  bridge s1', 'still there  bridge s2'],
  ]);
  expect(text.stderr).toContain('these could not be removed: bridge s2');
  const json = await place.satsim('clean', '--format', 'json', ...LITTERING);
  expect([json.exitCode, JSON.parse(json.stdout)]).toEqual([
    1,
    [{ lane: 'littering', runId: 'dead-1', things: ['bridge s1', 'bridge s2'], left: ['bridge s2'] }],
  ]);
  expect(json.stderr).toContain('try as root');
});

it('only looks with --dry-run', async () => {
  expect(JSON.parse(await place.output('clean', '--dry-run', '--format', 'json', ...LITTERING))).toMatchObject([{ left: ['bridge s1', 'bridge s2'] }]);
});
