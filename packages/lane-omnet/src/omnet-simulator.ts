import { open, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { LaneError, type LaneDeps } from '@satsim/core';
import { COUNTERS_HEADER, type OfflineSimulator, runSimulator, SAMPLES_HEADER, type SimulationJob } from '@satsim/simulation';
import type { OmnetConfig } from './config.js';
import { generateIni } from './project/ini.js';
import { generateNetwork, NETWORK } from './project/ned.js';
import { compileProject, findProject, hashSettings, isWithin, type OmnetProgram, type UserProject } from './project/programs.js';
import { readTables } from './project/tables.js';
import { readSca } from './results/read-sca.js';
import { type Launch, launchArguments } from './run/arguments.js';
import { progressTeller } from './run/progress.js';
import { finalEvent, fingerprint, judge } from './run/verdict.js';
import { omnetEnv } from './toolchain/find-omnet.js';
import { requireToolchain, type Toolchain } from './toolchain/toolchain.js';

export const LANE = 'omnet';

/** First bytes of every SQLite file. */
const SQLITE = Buffer.from('SQLite format 3\0');

interface Prepared {
  readonly toolchain: Toolchain;
  readonly project: UserProject | null;
  readonly program: OmnetProgram;
}

/** OMNeT++ as the simulator of an offline lane. */
export class OmnetSimulator implements OfflineSimulator {
  readonly #deps: LaneDeps<OmnetConfig>;
  #prepared: Prepared | null = null;

  constructor(deps: LaneDeps<OmnetConfig>) {
    this.#deps = deps;
  }

  get counts(): boolean {
    return this.#deps.config.project_path === null;
  }

  async prepare(signal: AbortSignal): Promise<void> {
    const { config, baseDir, artifacts, processes, logger, report } = this.#deps;
    const toolchain = await requireToolchain(config.root);
    signal.throwIfAborted();
    const project = await findProject(config, baseDir);
    if (project && 'fault' in project) throw new LaneError(LANE, `omnet.${project.field}: ${project.fault}`, { hint: project.hint });
    if (project?.nedFolder && isWithin(project.nedFolder, artifacts.dir))
      throw new LaneError(LANE, `paths.artifacts_root is in ${project.nedFolder}, where OMNeT++ reads NED files: it would read those of all runs`, {
        hint: 'choose a folder outside of it, such as --set paths.artifacts_root=../artifacts/runs',
      });
    const program = await compileProject(LANE, project, toolchain, { processes, logger, signal });
    this.#prepared = { toolchain, project, program };
    const { version, build, edition } = toolchain.omnet;
    report({ software: [{ name: 'OMNeT++', version, details: { build, edition, compiler: toolchain.compiler } }], facts: { buildKey: program.key } });
  }

  async run(job: SimulationJob, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    const { config, run, processes, artifacts, logger, report } = this.#deps;
    const { toolchain, project, program } = this.#prepared!;
    const endS = job.stopMs / 1000;
    const modules = await this.#generate(job, endS, signal);
    const own = project !== null;
    const launch: Launch = {
      iniFile: own ? project.iniFile : 'omnetpp.ini',
      iniConfig: own ? config.ini_config : 'General',
      // A project may take the generated network and bring modules of its own.
      nedFolders: [...program.nedFolders, own ? job.results : '.'],
      resultFolder: own ? job.results : '.',
      strings: own ? filesOf(job) : {},
      endS,
      seed: run.seed,
      runArgs: config.run_args,
    };
    const args = launchArguments(launch);
    const cwd = own ? dirname(project.iniFile) : job.results;
    if (own) report({ facts: { settings: await hashSettings(project) } });
    const said: string[] = [];
    const tellProgress = progressTeller(endS, logger);
    const { exitCode } = await runSimulator(
      {
        lane: LANE,
        command: program.executable,
        args,
        cwd,
        env: omnetEnv(toolchain.omnet.root),
        logs: `${job.name}/omnetpp`,
        judge: (result) => judge(result, said, endS),
        onLine(line) {
          if (line.startsWith('<!>')) said.push(line);
          else tellProgress(line);
        },
      },
      { processes, artifacts, logger, signal },
    );
    if (own) await this.#completeResults(job);
    const { omnet, compiler } = toolchain;
    const sum = fingerprint(said);
    if (sum !== null) report({ facts: { fingerprint: sum } });
    return {
      simulator: 'OMNeT++',
      version: omnet.version,
      build: omnet.build,
      edition: omnet.edition,
      compiler,
      project: project?.dir ?? null,
      buildKey: program.key,
      buildMs: program.buildMs,
      command: [program.executable, ...args],
      cwd,
      exitCode,
      finalEvent: finalEvent(said),
      fingerprint: sum,
      modules,
      scalars: await scalarsOf(job.results),
    };
  }

  /** Writes network and ini file beside the tables. */
  async #generate({ tables, links, routes, results, name, reportTick }: SimulationJob, endS: number, signal: AbortSignal) {
    const { config, run, artifacts } = this.#deps;
    const { ned, nodes, flows } = generateNetwork(await readTables(tables), run.dtMs / 1000);
    const facts = { seed: run.seed, endS, reportTick, traceFile: relative(results, links), routesFile: relative(results, routes) };
    await artifacts.writeFile(`${name}/${NETWORK}.ned`, ned);
    signal.throwIfAborted();
    await artifacts.writeFile(`${name}/omnetpp.ini`, generateIni(config, facts));
    return { nodes, flows };
  }

  /** A project of the user's may leave no samples and count nothing. */
  async #completeResults({ results, name }: SimulationJob): Promise<void> {
    for (const [file, header] of [
      ['samples.csv', SAMPLES_HEADER],
      ['counters.csv', COUNTERS_HEADER],
    ] as const) {
      const isThere = await stat(join(results, file)).then(
        () => true,
        () => false,
      );
      if (!isThere) await this.#deps.artifacts.writeFile(`${name}/${file}`, `${header}\n`);
    }
  }
}

/** What a project of somebody else can ask for by parameters of these names. */
function filesOf({ links, routes, tables, results }: SimulationJob): Readonly<Record<string, string>> {
  return {
    '**.traceFile': links,
    '**.routesFile': routes,
    '**.nodesFile': join(tables, 'nodes.csv'),
    '**.linksFile': join(tables, 'links.csv'),
    '**.flowsFile': join(tables, 'flows.csv'),
    '**.resultsFolder': results,
  };
}

/** Scalars by module, of all files that there are; those in SQLite stay in their file. */
async function scalarsOf(folder: string): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>> {
  const byModule: Record<string, Record<string, number>> = {};
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.sca')).toSorted()) {
    const path = join(folder, file);
    if (await isSqlite(path)) continue;
    for (const { module, name, value } of (await readSca(LANE, path)).scalars) (byModule[module] ??= {})[name] = value;
  }
  return byModule;
}

async function isSqlite(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer } = await handle.read(Buffer.alloc(SQLITE.length), 0, SQLITE.length, 0);
    return buffer.equals(SQLITE);
  } finally {
    await handle.close();
  }
}
