import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarioSchema } from '@satsim/core';
import { expect, it, onTestFinished } from 'vitest';
import { check } from './check.js';
import { configSchema } from './config.js';
import { findProject } from './project/programs.js';

const scenario = scenarioSchema.parse({ name: 'x', time: { t0: '2026-11-20T00:00:00Z', duration: '1m' } });

it("a project is looked for from the scenario's folder, and what is not there is told by its field", async () => {
  const baseDir = mkdtempSync(join(tmpdir(), 'satsim-project-'));
  onTestFinished(() => rmSync(baseDir, { recursive: true }));
  const project = join(baseDir, 'mine');
  mkdirSync(project);
  const found = (block: object) => check(configSchema.parse(block), { scenario, nodes: [], baseDir });
  const fault = (field: string, message: string, hint?: string) => [{ level: 'fault', path: ['omnet', field], message, ...(hint && { hint }) }];

  expect(await found({})).toEqual([]);
  expect(await found({ project_path: 'nowhere' })).toEqual(
    fault('project_path', `there is no ${join(baseDir, 'nowhere')}`, `a relative path starts from ${baseDir}`),
  );
  const noIni = `${project} has no simulations/omnetpp.ini, nor omnetpp.ini`;
  expect(await found({ project_path: 'mine' })).toEqual(fault('project_path', noIni, 'name it with omnet.ini_path'));
  expect(await found({ project_path: 'mine', ini_path: 'a.ini' })).toEqual(fault('ini_path', `${project} has no a.ini`));
  writeFileSync(join(project, 'a.ini'), '');
  expect(await found({ project_path: 'mine', ini_path: 'a.ini' })).toEqual([]);
  expect(await found({ project_path: project, ini_path: 'a.ini' })).toEqual([]);
  expect(await findProject(configSchema.parse({ project_path: 'mine', ini_path: 'a.ini' }), baseDir)).toMatchObject({ dir: project });
});
