import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ArtifactArea, LaneError, type ProcessRunner, type RunningProcess, type SoftwareUsed } from '@satsim/core';
import type { MininetConfig } from '../config.js';

/** Where switches look for a controller that satsim has started, unless `addr` says another place. */
const DEFAULT_ADDR = 'tcp:127.0.0.1:6653';
const LISTEN_LIMIT_MS = 60_000;

/**
 * An OpenFlow controller that satsim starts, watches and stops. What it prints is in `controller.log`, what it is in
 * `controller.json`.
 */
export class LaunchedController {
  readonly addr: string;
  readonly process: RunningProcess;
  readonly software: SoftwareUsed;
  #ended: LaneError | null = null;

  private constructor(addr: string, process: RunningProcess, software: SoftwareUsed) {
    const { name } = software;
    this.addr = addr;
    this.process = process;
    this.software = software;
    void process.done.then(({ exitCode, signal, stderrTail }) => {
      const how = exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
      this.#ended = new LaneError('', `the controller ${name} ${how}: ${stderrTail.trim().slice(-500) || 'it said nothing'}`);
    });
  }

  /** Resolves when it listens. */
  static async start(
    { command, addr, version_args }: MininetConfig['controller'],
    processes: ProcessRunner,
    artifacts: ArtifactArea,
    signal: AbortSignal,
  ): Promise<LaunchedController> {
    const [program, ...args] = command!;
    const version = await processes.run(program!, version_args, { signal }).then(
      ({ stdout }) => stdout.trim().split('\n')[0] ?? null,
      () => null,
    );
    await artifacts.writeFile('controller.json', `${JSON.stringify({ command, version }, null, 2)}\n`);
    const log = await artifacts.openStream('controller.log');
    let writing = Promise.resolve();
    const process = processes.start(program!, args, { onLine: (line) => void (writing = writing.then(() => log.write(`${line}\n`))) });
    void process.done.then(() => writing).then(() => log.close());
    const controller = new LaunchedController(addr ?? DEFAULT_ADDR, process, { name: program!, version });
    const deadline = performance.now() + LISTEN_LIMIT_MS;
    while (!(await listens(controller.addr))) {
      controller.check();
      signal.throwIfAborted();
      if (performance.now() > deadline)
        throw new LaneError('', `the controller ${program} does not listen on ${controller.addr} after ${LISTEN_LIMIT_MS / 1000} s`);
      await sleep(100, undefined, { signal });
    }
    return controller;
  }

  /** @throws LaneError when it has ended by itself */
  check(): void {
    if (this.#ended) throw this.#ended;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

function listens(addr: string): Promise<boolean> {
  const [, host, port] = addr.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host: host!, port: Number(port) });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}
