import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import {
  type Contribution,
  defineExporter,
  defineLane,
  defineTickSource,
  type ExporterDefinition,
  type LaneDefinition,
  type PluginDefinition,
  type PluginKind,
  type ResolvedNetwork,
  type Scenario,
  type TickSourceDeps,
} from '../contract/index.js';
import { isSatsimError, SatsimError, ScenarioError } from '../errors.js';
import { faultAt } from '../scenario/fault-at.js';
import { loadScenario } from '../scenario/load.js';
import { planRun, type PlanChoice } from './plan.js';

const NETWORK: ResolvedNetwork = {
  nodes: [{ id: 'oslo', role: 'ground_station', relay: false }],
  spec: { a: 1 },
  inputs: [],
  warnings: ['a warning of the source'],
};
const idle = { open: async () => {}, close: async () => {} };
const nothing = { prepare: async () => {}, applyTick: async () => {}, finalize: async () => {} };
const options = z.strictObject({ depth: z.int().positive().default(3) });

interface Installed {
  readonly definition: PluginDefinition;
  readonly contribution?: Partial<Contribution>;
}
const lane = (name: string, contribution: Partial<Contribution> = {}): Installed => ({
  definition: defineLane({ name, config: options, create: () => nothing }),
  contribution,
});
const exporter = (name: string, contribution: Partial<Contribution> = {}, overflow?: ExporterDefinition['overflow']): Installed => ({
  definition: defineExporter({ name, config: options, create: () => idle, ...(overflow ? { overflow } : {}) }),
  contribution,
});
const source = (resolve: (deps: TickSourceDeps) => Promise<ResolvedNetwork> = async () => NETWORK, name = 'geomrf'): Installed => ({
  definition: defineTickSource({
    name,
    config: z.looseObject({}),
    create: (deps) => ({ resolve: () => resolve(deps), open: () => Promise.reject(new Error('not while planning')) }),
  }),
});

/** A registry as `planRun` sees it; `loads` tells what was imported. */
function registryOf(installed: readonly Installed[], faults: { packageName: string; message: string }[] = []) {
  const all = [...installed, ...(installed.some(({ definition }) => definition.kind === 'tick-source') ? [] : [source()])];
  const loads: string[] = [];
  return {
    loads,
    faults,
    names: (kind: PluginKind) => all.filter(({ definition }) => definition.kind === kind).map(({ definition }) => definition.name),
    async load(kind: PluginKind, name: string): Promise<never> {
      const found = all.find(({ definition }) => definition.kind === kind && definition.name === name);
      if (!found) throw new SatsimError('PLUGIN_INVALID', `unknown ${kind}: ${name}`, { hint: 'known: …' });
      loads.push(`${kind} ${name}`);
      const contribution = { kind, name, summary: 's', determinism: 'exact', pacing: 'any', requires: {}, ...found.contribution };
      return { name, packageName: `@test/${name}`, packageVersion: '1.0.0', packageDir: '/nowhere', contribution, definition: found.definition } as never;
    },
  };
}

const BASE = 'name: planned\nseed: 7\ntime: { t0: "2026-11-20T00:00:00Z", duration: 10s, dt: 1s }\nground: [ { id: oslo, lat: 60, lon: 10 } ]\n';

async function plan(
  text: string,
  installed: readonly Installed[] = [lane('flow'), exporter('jsonl')],
  choice: Partial<PlanChoice> = {},
  registry = registryOf(installed),
  base = BASE,
) {
  return planRun(await load(text, registry, base), registry, { checkEnvironment: true, ...choice });
}
async function load(text: string, registry: Pick<ReturnType<typeof registryOf>, 'names'>, base = BASE) {
  const folder = await mkdtemp(join(tmpdir(), 'satsim-plan-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'a.satsim.yaml');
  await writeFile(file, base + text);
  return loadScenario(file, { laneNames: registry.names('lane'), env: {} });
}
const faultsOf = (planned: Promise<unknown>): Promise<string[]> =>
  planned.then(
    () => [],
    (error: unknown) => {
      if (isSatsimError(error) && error.code === 'SCENARIO_INVALID')
        return (error as ScenarioError).faults.map(
          ({ line, path, message, hint }) => `${line}: ${path.join('.')}: ${message}${hint?.startsWith('did you mean') ? ` (${hint})` : ''}`,
        );
      throw error;
    },
  );

test('without any choice: lane flow, exporter jsonl, tick source geomrf, defaults of their schemas, the network', async () => {
  const registry = registryOf([lane('flow'), lane('other'), exporter('jsonl'), exporter('csv')]);
  const planned = await plan('', [], {}, registry);
  expect(planned).toMatchObject({
    lanes: [{ name: 'flow', packageName: '@test/flow', config: { depth: 3 } }],
    exporters: [{ name: 'jsonl', config: { depth: 3 } }],
    source: { name: 'geomrf' },
    network: NETWORK,
    time: { tickCount: 10 },
    warnings: ['a warning of the source'],
  });
  expect(registry.loads).toEqual(['lane flow', 'exporter jsonl', 'tick-source geomrf']);
});

test('only what the run names is imported, and --exporter adds to those of the scenario', async () => {
  const registry = registryOf([lane('flow'), lane('other'), exporter('jsonl'), exporter('csv'), exporter('third')]);
  const planned = await plan('lanes: [flow]\nexporters: { csv: { depth: 1 } }\n', [], { lanes: ['other'], exporters: ['jsonl', 'csv'] }, registry);
  expect(planned.lanes.map(({ name }) => name)).toEqual(['other']);
  expect(planned.exporters.map(({ name, config }) => [name, config])).toEqual([
    ['csv', { depth: 1 }],
    ['jsonl', { depth: 3 }],
  ]);
  expect(registry.loads).not.toContain('exporter third');
  expect(registry.loads).not.toContain('lane flow');
});

test('ticks.source names another tick source, whose options are ticks.config', async () => {
  const installed = [lane('flow'), exporter('jsonl'), source(), source(undefined, 'other')];
  expect((await plan('ticks: { source: other, config: { rate: 9 } }\n', installed)).source).toMatchObject({ name: 'other', config: { rate: 9 } });
  expect(await faultsOf(plan('ticks: { source: othr }\n', installed))).toEqual([expect.stringMatching(/^5: ticks\.source: unknown tick-source: othr/)]);
});

test("a lane's block is its configuration, and an empty block means the defaults", async () => {
  expect((await plan('flow: { depth: 9 }\n')).lanes[0]!.config).toEqual({ depth: 9 });
  expect((await plan('flow:\nexporters: { jsonl: }\n')).lanes[0]!.config).toEqual({ depth: 3 });
});

test('the block of a lane that the run does not use is checked, and told where the scenario does not choose it either', async () => {
  const installed = [lane('flow'), lane('other'), exporter('jsonl')];
  expect(await faultsOf(plan('other: { dept: 1 }\n', installed))).toEqual(['5: other.dept: unknown key `dept` (did you mean `depth`?)']);
  const told = async (text: string, choice: Partial<PlanChoice> = {}) =>
    (await plan(text, installed, choice)).warnings.filter((warning) => warning.startsWith('block'));
  const NOT_USED = 'block `other` is not used: lanes are flow';
  expect(await told('other: { depth: 1 }\n')).toEqual([NOT_USED]);
  expect(await told('other: { depth: 1 }\n', { lanes: ['flow'] })).toEqual([NOT_USED]);
  expect(await told('other: { depth: 1 }\n', { lanes: ['other'] })).toEqual([]);
  // It only says which lanes `--mode parallel` takes.
  expect(await told('other: {}\n')).toEqual([]);
  expect(await told('other:\n')).toEqual([]);
  // The scenario chooses it, and the command line chooses less.
  expect(await told('lanes: [flow, other]\nother: { depth: 1 }\n', { lanes: ['flow'] })).toEqual([]);
  expect(await told('execution: { lane_mode: parallel }\nother: { depth: 1 }\n', { lanes: ['flow'] })).toEqual([]);
});

test('blocks that a recorded run did not use are as they were', async () => {
  const registry = registryOf([lane('flow'), lane('other'), exporter('jsonl')]);
  const recorded = { ...(await load('other: { dept: 1 }\n', registry)), inputs: [] };
  expect((await planRun(recorded, registry, { checkEnvironment: true })).warnings).toEqual(['a warning of the source']);
});

test('the block of an unused lane that cannot be imported is no obstacle', async () => {
  const registry = registryOf([lane('flow'), lane('other'), exporter('jsonl')]);
  const load = (kind: PluginKind, name: string) =>
    name === 'other' ? Promise.reject(new SatsimError('PLUGIN_INVALID', 'it is broken')) : registry.load(kind, name);
  expect((await plan('other: { dept: 1 }\n', undefined, {}, { ...registry, load })).warnings).toEqual(
    expect.arrayContaining(['block `other` is not used: lanes are flow', 'block `other` is not checked: it is broken']),
  );
});

test('ticks.trace is for the tick source replay, and needs no network in the file', async () => {
  const installed = [lane('flow'), exporter('jsonl'), source(), source(undefined, 'replay')];
  const { source: chosen, scenario } = await plan('ticks: { trace: ../runs/x }\n', installed, {}, registryOf(installed), BASE.replace(/^ground.*\n/m, ''));
  expect(chosen).toMatchObject({ name: 'replay', config: { trace: '../runs/x' } });
  expect([scenario.constellation, scenario.ticks]).toEqual([undefined, { trace: '../runs/x' }]);
});

test('the source is asked with the run as it will be, and may not start an engine', async () => {
  let seen: TickSourceDeps | undefined;
  await plan('', [lane('flow'), exporter('jsonl'), source(async (deps) => ((seen = deps), NETWORK))]);
  expect(seen).toMatchObject({ run: { seed: 7, t0Ms: Date.UTC(2026, 10, 20), tickCount: 10, dtMs: 1000, mode: 'offline' } });
  await expect(seen!.engine.start(new AbortController().signal)).rejects.toMatchObject({ code: 'INTERNAL' });
});

test('faults of the file, of blocks and of the source come all at once, each with its line and field', async () => {
  const resolve = ({ locate }: TickSourceDeps) => Promise.reject(new ScenarioError([faultAt(locate, ['ground', 0], 'fault of the source')]));
  const found = await faultsOf(
    plan('traffic: [ { id: f, from: oslo, to: oslo } ]\nflow: { depth: 0 }\nexporters:\n  jsonl: { depht: 1 }\n', [
      lane('flow'),
      exporter('jsonl'),
      source(resolve),
    ]),
  );
  expect(found).toEqual([
    expect.stringMatching(/^5: traffic\.0\.to: /),
    expect.stringMatching(/^6: flow\.depth: /),
    '8: exporters.jsonl.depht: unknown key `depht` (did you mean `depth`?)',
    '4: ground.0: fault of the source',
  ]);
});

test('what a lane cannot do of the scenario comes with all other faults, or as a warning of the plan', async () => {
  const remarks: LaneDefinition['remarks'] = ({ traffic }) =>
    traffic.flatMap((flow, index) => [
      { level: 'warning', path: ['traffic', index, 'kind'], message: 'otherwise' },
      ...(flow.kind === 'tcp' ? [{ level: 'fault' as const, path: ['traffic', index, 'kind'], message: 'no tcp' }] : []),
    ]);
  const choosy: Installed = { definition: defineLane({ name: 'flow', config: options, create: () => nothing, remarks }) };
  const installed = [choosy, exporter('jsonl'), source()];
  const traffic = (kind: string) => `traffic: [ { id: f, from: oslo, to: a, kind: ${kind} } ]\n`;
  expect((await plan(traffic('udp'), installed)).warnings).toContain('traffic[0].kind in lane flow: otherwise');
  expect(await faultsOf(plan(`${traffic('tcp')}exporters: { jsonl: { depht: 1 } }\n`, installed))).toEqual([
    '6: exporters.jsonl.depht: unknown key `depht` (did you mean `depth`?)',
    '5: traffic.0.kind: in lane flow: no tcp',
  ]);
});

test('a lane holds its own block against the network and the files there are', async () => {
  let seen: unknown;
  const check: LaneDefinition['check'] = async ({ depth }, place) => {
    seen = place;
    return [
      { level: 'warning', path: ['flow', 'depth'], message: 'is little' },
      ...(depth > 3 ? [{ level: 'fault' as const, path: ['flow', 'depth'], message: 'is too much', hint: 'take less' }] : []),
    ];
  };
  const checking: Installed = { definition: defineLane({ name: 'flow', config: options, create: () => nothing, check }) };
  const installed = [checking, exporter('jsonl'), source()];
  const { warnings, loaded } = await plan('flow: { depth: 1 }\n', installed);
  expect(warnings).toContain('flow.depth: is little');
  expect(seen).toMatchObject({ nodes: NETWORK.nodes, baseDir: loaded.baseDir, scenario: { name: 'planned' } });
  expect(await faultsOf(plan('flow: { depth: 4 }\n', installed))).toEqual(['5: flow.depth: is too much']);
  const broken: Installed = { definition: defineLane({ name: 'flow', config: options, create: () => nothing, check: () => Promise.reject(new Error('no')) }) };
  await expect(plan('', [broken, exporter('jsonl')])).rejects.toThrow('plugin @test/flow: the check of its configuration fails: no');
});

test('a file of which nothing is left is refused with its own faults', async () => {
  expect(await faultsOf(plan('time: 3\n'))).not.toEqual([]);
});

test('an unknown name in the scenario is a fault of that line; on the command line it is an error of its own', async () => {
  expect(await faultsOf(plan('lanes: [flow, flwo]\nexporters: { jsonk: {} }\n'))).toEqual([
    expect.stringMatching(/^5: lanes\.1: unknown lane: flwo/),
    expect.stringMatching(/^6: exporters\.jsonk: unknown exporter: jsonk/),
  ]);
  expect(await faultsOf(plan('execution: { lane_mode: flwo }\n'))).toEqual([expect.stringMatching(/^5: execution\.lane_mode: unknown lane/)]);
  await expect(plan('lanes: [flow]\n', undefined, { lanes: ['flwo'] })).rejects.toMatchObject({ code: 'PLUGIN_INVALID', exitCode: 2 });
  await expect(plan('', undefined, { mode: 'flwo' })).rejects.toMatchObject({ code: 'PLUGIN_INVALID' });
  await expect(plan('', undefined, { exporters: ['jsonk'] })).rejects.toMatchObject({ code: 'PLUGIN_INVALID' });
});

test('several plugins that cannot be used are told at once', async () => {
  const error = await plan('', undefined, { lanes: ['flwo'], exporters: ['jsonk'] }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'PLUGIN_INVALID', message: 'unknown lane: flwo (known: …)\nunknown exporter: jsonk (known: …)' });
});

test('a realtime lane in an offline run is a fault; in a realtime run it is not', async () => {
  const installed = [lane('net', { pacing: 'realtime' }), exporter('jsonl')];
  expect(await faultsOf(plan('lanes: [net]\n', installed))).toEqual([expect.stringContaining('time.mode: lane net runs in real time only')]);
  expect(await faultsOf(plan('lanes: [net]\n', installed, {}, undefined, BASE.replace('dt: 1s', 'dt: 1s, mode: realtime')))).toEqual([]);
});

test('packets to be recorded: a fault when no lane of the run can do it, and only then', async () => {
  const carries = lane('net');
  const recording = { definition: { ...carries.definition, recordsPackets: true } as PluginDefinition };
  const text = (lanes: string) => `lanes: [${lanes}]\nexecution: { record_pcap: true }\n`;
  const installed = [lane('flow'), recording, exporter('jsonl')];
  expect(await faultsOf(plan(text('flow'), installed))).toEqual(['6: execution.record_pcap: no lane of this run can record packets (lanes: flow)']);
  expect(await faultsOf(plan(text('flow, net'), installed))).toEqual([]);
  // Of a lane that nobody knows nobody can say that it could not.
  expect(await faultsOf(plan(text('flow, nte'), installed))).toEqual([expect.stringContaining('lanes.1: ')]);
});

test('strict_reproducible refuses statistical plugins, dropping exporters and skipped ticks; without it they pass', async () => {
  const installed = [lane('net', { determinism: 'statistical' }), exporter('lossy', { determinism: 'statistical' }, 'drop-oldest')];
  const text = 'lanes: [net]\nexporters: { lossy: {} }\nexecution: { on_late_tick: skip, strict_reproducible: true }\n';
  expect(await faultsOf(plan(text, installed))).toEqual([
    expect.stringContaining('refuses lane net: it is statistical'),
    expect.stringContaining('refuses exporter lossy: it is statistical'),
    expect.stringContaining('refuses exporter lossy: it may lose ticks'),
    expect.stringContaining('refuses on_late_tick: skip'),
  ]);
  expect(await faultsOf(plan(text.replace('strict_reproducible: true', 'strict_reproducible: false'), installed))).toEqual([]);
});

test('what the machine lacks is exit 3 before a run, with the command; a warning in validate', async () => {
  const requires = { executables: [{ name: 'satsim-no-such-program', versionArgs: ['--version'] }], install: 'apt install it' };
  const installed = [lane('net', { requires }), exporter('jsonl')];
  await expect(plan('lanes: [net]\n', installed)).rejects.toMatchObject({
    code: 'DEPENDENCY_MISSING',
    exitCode: 3,
    hint: 'apt install it',
    message: 'lane net needs the program satsim-no-such-program (on PATH)',
  });
  expect((await plan('lanes: [net]\n', installed, { checkEnvironment: false })).warnings).toContain(
    'lane net needs the program satsim-no-such-program (on PATH) (apt install it)',
  );
});

test('a lane looks for what its configuration needs, once what its manifest asks for is there', async () => {
  const asked: unknown[] = [];
  const { definition } = lane('net');
  const missing = async (config: unknown, scenario: Scenario | null) => (asked.push(config, scenario?.name), [{ what: 'a kernel with netem', install: null }]);
  const needy = { definition: { ...definition, missing } as PluginDefinition };
  await expect(plan('lanes: [net]\nnet: { depth: 7 }\n', [needy, exporter('jsonl')])).rejects.toMatchObject({
    code: 'DEPENDENCY_MISSING',
    message: 'lane net needs a kernel with netem',
  });
  expect(asked).toEqual([{ depth: 7 }, 'planned']);
  const requires = { executables: [{ name: 'satsim-no-such-program', versionArgs: ['--version'] }] };
  await expect(plan('lanes: [net]\n', [{ ...needy, contribution: { requires } }, exporter('jsonl')])).rejects.toThrow('satsim-no-such-program');
  expect(asked).toHaveLength(2);
});

test('bad plugins that the run does not name are warnings', async () => {
  const registry = registryOf([lane('flow'), exporter('jsonl')], [{ packageName: 'bad', message: 'has a fault' }]);
  expect((await plan('', [], {}, registry)).warnings).toContain('plugin bad: has a fault');
});

test('what a schema of another library finds is told in its own words, at its own path', async () => {
  const validate = () => ({ issues: [{ message: 'too deep', path: [{ key: 'depths' }, 1] }, { message: 'all wrong' }] });
  const foreign = { '~standard': { version: 1 as const, vendor: 'other', validate } };
  const installed: Installed[] = [{ definition: defineLane({ name: 'flow', config: foreign, create: () => nothing }) }, exporter('jsonl')];
  expect(await faultsOf(plan('flow: { depths: [1, 2] }\n', installed))).toEqual(['5: flow.depths.1: too deep', '5: flow: all wrong']);
});

test('a schema that throws is the fault of the plugin, and so is an error of the source that is no scenario error', async () => {
  const broken = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: () => {
        throw new Error('boom');
      },
    },
  };
  await expect(plan('', [{ definition: defineLane({ name: 'flow', config: broken, create: () => nothing }) }, exporter('jsonl')])).rejects.toMatchObject({
    code: 'PLUGIN_INVALID',
    message: expect.stringContaining('@test/flow'),
  });
  await expect(plan('', [lane('flow'), exporter('jsonl'), source(() => Promise.reject(new Error('disk')))])).rejects.toThrow('disk');
});
