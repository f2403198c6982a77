import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { durationMs, LaneError, type LaneDeps } from '@satsim/core';
import { type CompiledProgram, compileOnce, type OfflineSimulator, runSimulator, type SimulationJob } from '@satsim/simulation';
import type { Ns3Config } from './config.js';
import { findNs3, type Ns3Tools } from './ns3-tools.js';

export const LANE = 'ns3';
const PROGRAM = 'satsim-ns3';
const SOURCES = fileURLToPath(new URL('../cpp', import.meta.url));
/** The program itself is C++17; headers of newer ns-3 want more. */
const COMPILE = ['-O2', '-std=c++20', '-o', PROGRAM, 'main.cc'];

/** Compiles our ns-3 program, once on this machine, and runs it over the traces. */
export class Ns3Simulator implements OfflineSimulator {
  readonly #deps: LaneDeps<Ns3Config>;
  #compiled: { readonly program: CompiledProgram; readonly tools: Ns3Tools } | null = null;

  constructor(deps: LaneDeps<Ns3Config>) {
    this.#deps = deps;
  }

  async prepare(signal: AbortSignal): Promise<void> {
    const { processes, logger, report } = this.#deps;
    const tools = await findNs3();
    signal.throwIfAborted();
    const program = await compileOnce(
      {
        lane: LANE,
        sources: SOURCES,
        key: [tools.version, tools.compiler, ...COMPILE, ...tools.flags],
        build: (_dir, log) => log.run('g++', [...COMPILE, ...tools.flags]),
      },
      { processes, logger, signal },
    );
    this.#compiled = { program, tools };
    const { version, compiler } = tools;
    report({ software: [{ name: 'ns-3', version, details: { compiler } }], facts: { buildKey: program.key } });
  }

  async run(job: SimulationJob, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    if (!this.#compiled) throw new LaneError(LANE, 'it was not prepared');
    const { program, tools } = this.#compiled;
    const { config, run, processes, artifacts, logger } = this.#deps;
    const captured = this.#captured();
    const options = {
      links: job.links,
      routes: job.routes,
      tables: job.tables,
      results: job.results,
      ticks: job.ticks,
      dtMs: run.dtMs,
      stopMs: job.stopMs,
      reportTick: job.reportTick,
      seed: run.seed,
      ipv6: config.ip_version === 6,
      congestion: config.congestion,
      queuePackets: config.queue.packets,
      queueS: durationMs(config.queue.time) / 1000,
      // ns-3 knows no empty value.
      ...(captured.length === 0 ? {} : { pcap: captured.join(',') }),
    };
    await runSimulator(
      {
        lane: LANE,
        command: join(program.dir, PROGRAM),
        args: Object.entries(options).map(([name, value]) => `--${name}=${value}`),
        cwd: job.results,
        logs: `${job.name}/ns3`,
        onLine(line) {
          const [, tick, ticks] = /^progress (\d+) (\d+)$/.exec(line) ?? [];
          if (tick !== undefined) logger.info({ tick: Number(tick) }, `ns-3 is at tick ${tick} of ${ticks}`);
        },
      },
      { processes, artifacts, logger, signal },
    );
    return { simulator: 'ns-3', version: tools.version, compiler: tools.compiler, buildKey: program.key, buildMs: program.buildMs, options };
  }

  /** Numbers of the nodes whose interfaces are captured. */
  #captured(): readonly number[] {
    const { config, nodes, scenario } = this.#deps;
    const ground = scenario.execution.record_pcap ? nodes.flatMap(({ id, role }) => (role === 'satellite' ? [] : [id])) : [];
    const named = config.pcap === true ? scenario.traffic.flatMap(({ from, to }) => [from, to]) : config.pcap || [];
    return [...new Set([...ground, ...named])].map((id) => nodes.findIndex((node) => node.id === id));
  }
}
