import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testLaneDeps } from '@satsim/core/testing';
import { expect, test } from 'vitest';
import { ApplyLog } from './apply-log.js';

test('moments, what lies between them, and the time there is; the first tick, with which time begins, is not too long', async () => {
  const { deps, dispose } = await testLaneDeps();
  const log = new ApplyLog(deps.artifacts, 100);
  expect(log.figures()).toEqual({});
  await log.open();
  const t = 1_764_000_000_000;
  await log.write({ tickIndex: 0, arrivedAtMs: t, begunAtMs: t + 400, inForceAtMs: t + 900, linksBuilt: 3, routesChanged: 7 }, []);
  await log.write({ tickIndex: 1, arrivedAtMs: t + 1000, begunAtMs: t + 1030, inForceAtMs: t + 1110.25, linksBuilt: 0, routesChanged: 1 }, []);
  await log.write({ tickIndex: 2, arrivedAtMs: t + 1110.5, begunAtMs: t + 1110.5, inForceAtMs: t + 1120, linksBuilt: 0, routesChanged: 0 }, []);
  await log.close();
  const lines = readFileSync(join(deps.artifacts.dir, 'apply.jsonl'), 'utf8').trim().split('\n');
  expect(JSON.parse(lines[1]!)).toEqual({
    tickIndex: 1,
    arrivedAtMs: t + 1000,
    begunAtMs: t + 1030,
    inForceAtMs: t + 1110.25,
    buildMs: 30,
    applyMs: 80.25,
    budgetMs: 100,
    linksBuilt: 0,
    routesChanged: 1,
    linksChanged: 0,
  });
  expect(log.figures()).toEqual({
    applyMedianMs: 80.25,
    applyP99Ms: 500,
    applyMaxMs: 500,
    ticksLongerThanDt: 1,
    linkPairsBuilt: 3,
    routesChanged: 8,
  });
  await dispose();
});
