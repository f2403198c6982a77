import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iridium, SHORT, workplace } from './satsim.js';

interface Listing {
  runId: string;
  status: string;
  ticks: number | null;
  tags: string[];
}

describe('runs that are over', () => {
  const place = workplace();
  afterAll(place.remove);
  const { output } = place;
  beforeAll(async () => {
    expect(JSON.parse(await output('list-runs', '--format', 'json'))).toEqual([]);
    await output('run', iridium, ...SHORT, '--tag', 'kept');
    await place.satsim('run', iridium, ...SHORT, '--set', 'geomrf.grpc_target=127.0.0.1:1');
  });

  it('list-runs lists them with how they ended, newest first', async () => {
    const runs = JSON.parse(await output('list-runs', '--format', 'json')) as Listing[];
    expect(runs.map(({ runId }) => runId)).toEqual(
      place
        .manifests()
        .map(({ runId }) => runId)
        .toReversed(),
    );
    expect(runs.map(({ status }) => status).toSorted()).toEqual(['completed', 'failed']);
    expect(runs.find(({ status }) => status === 'completed')).toMatchObject({ ticks: 10, tags: ['kept'] });
    const table = await output('list-runs');
    for (const { runId, status } of runs) expect(table).toMatch(new RegExp(`${runId} +${status}`));
  });

  it('show-run shows one again, by the beginning of its id', async () => {
    const runs = JSON.parse(await output('list-runs', '--format', 'json')) as Listing[];
    const { runId } = runs.find(({ status }) => status === 'completed')!;
    const shown = await output('show-run', runId.slice(0, -1));
    expect(shown).toContain(`${runId} completed after 10 ticks`);
    expect(shown).toContain('oslo-singapore');
    expect(shown).toContain('tags   kept');
    expect(JSON.parse(await output('show-run', runId, '--format', 'json'))).toMatchObject({
      runId,
      status: 'completed',
      manifest: { seed: 42 },
      summary: { ticks: 10 },
    });
    const failed = runs.find(({ status }) => status === 'failed')!;
    expect(await output('show-run', failed.runId)).toMatch(/reason .*127\.0\.0\.1:1/);
  });

  it('a list of none says whether that is for what was asked', async () => {
    for (const [args, said] of [
      [['--limit', '0'], 'no runs like this in artifacts/runs'],
      [['--artifacts-root', 'nowhere'], 'no runs in nowhere'],
    ] as const)
      expect(await place.satsim('list-runs', ...args)).toMatchObject({ exitCode: 0, stdout: '', stderr: said });
  });

  it('show-run says when there is no such run', async () => {
    const { stderr, exitCode } = await place.satsim('show-run', 'nothing');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/nothing.*\n.*list-runs/);
  });

  it('show-run asks for more where several runs begin so: exit 2', async () => {
    const { stderr, exitCode } = await place.satsim('show-run', '2');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/begin with 2: .*\n.*give more of the id/);
  });

  it('show-run does not call a run completed whose manifest is gone', async () => {
    const [runId] = place.runs();
    rmSync(join(place.dir, 'artifacts/runs', runId!, 'manifests/run.json'));
    expect(JSON.parse(await output('show-run', runId!, '--format', 'json'))).toMatchObject({
      status: 'unreadable',
      problems: [expect.stringContaining('run.json')],
    });
  });
});
