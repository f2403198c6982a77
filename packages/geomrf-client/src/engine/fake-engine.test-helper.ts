import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs, durationMs, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Logger } from '@satsim/core';
import { GeomRfEngine, LinkType, RPC_CHANNEL_OPTIONS, RpcError, RpcStatus, Server, ServerCredentials, addService } from '@satsim/geomrf-proto';
import type {
  EngineEventSchema,
  GeomRfMethods,
  LinkDeltaBatch,
  LinkDeltaBatchSchema,
  ServiceImplementation,
  StreamLinkDeltasRequest,
} from '@satsim/geomrf-proto';
import { ColumnEncoder } from './column-encoder.test-helper.js';

type Impl = ServiceImplementation<GeomRfMethods>;
export type BatchInit = Exclude<MessageInitShape<typeof LinkDeltaBatchSchema>, LinkDeltaBatch>;

const NODES = ['SAT-1', 'SAT-2', 'SAT-3', 'oslo', 'tokyo'];
const MODCODS = ['QPSK 3/4'];
export const T0 = Date.parse('2026-11-20T00:00:00Z');
export const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** For tests: a real gRPC server whose answers a test can change method by method, and which remembers what it was asked. */
export class FakeEngine {
  readonly calls: string[] = [];
  readonly streams: StreamLinkDeltasRequest[] = [];
  /** One for each delta stream: aborted when the client left it early. */
  readonly streamSignals: AbortSignal[] = [];
  readonly open = new Set<string>();
  version = { engineVersion: '1.0.0', schemaVersion: '1.0', gitSha: 'abc' };
  capabilities = {
    eventsTickAligned: true,
    resumeFromTick: true,
    ephemeris: true,
    columns: false,
    minDt: durationFromMs(10),
    maxDt: durationFromMs(60_000),
    maxNodes: 10_000,
  };
  /** What a stream yields for tick k: may throw, or change the batch. */
  batch: (k: number, init: BatchInit, attempt: number) => BatchInit | Promise<BatchInit> = (_k, init) => init;
  events: MessageInitShape<typeof EngineEventSchema>[] = [];
  target = '';
  readonly #server = new Server(RPC_CHANNEL_OPTIONS);
  readonly #ids = new Map<string, string>();

  /** @param overrides handlers that replace those below */
  static async start(overrides: Partial<Impl> = {}): Promise<FakeEngine> {
    const engine = new FakeEngine();
    addService(engine.#server, GeomRfEngine, { ...engine.#handlers(), ...overrides });
    const port = await new Promise<number>((resolve, reject) =>
      engine.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    engine.target = `127.0.0.1:${port}`;
    return engine;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  /** As if it had been started anew: it knows no scenario. */
  forget(): void {
    this.open.clear();
    this.#ids.clear();
  }

  #handlers(): Impl {
    return {
      getVersion: async () => {
        this.calls.push('getVersion');
        return this.version;
      },
      getCapabilities: async () => {
        this.calls.push('getCapabilities');
        return this.capabilities;
      },
      createScenario: async ({ idempotencyKey }) => {
        this.calls.push('createScenario');
        const id = this.#ids.get(idempotencyKey) ?? `s-${this.calls.length}`;
        this.#ids.set(idempotencyKey, id);
        this.open.add(id);
        return { scenarioRef: { scenarioId: id }, specSha256: 'f00d', warnings: ['the engine warns'] };
      },
      closeScenario: async ({ scenarioRef }) => {
        this.calls.push('closeScenario');
        if (!this.open.delete(scenarioRef!.scenarioId)) throw new RpcError(RpcStatus.NOT_FOUND, 'no such scenario');
        return {};
      },
      streamLinkDeltas: (request, { signal }) => this.#deltas(request, signal),
      streamEvents: () => this.#events(),
      streamEphemeris: async function* ({ tStart, frame }) {
        yield {
          time: tStart!,
          nodeIds: ['SAT-1', 'SAT-2'],
          positionM: [7_000_000, 1.5, frame, NaN, NaN, NaN],
          velocityMPerS: [0, 7_500.25, 0, NaN, NaN, NaN],
          failures: [{ nodeId: 'SAT-2', reason: 'decayed' }],
        };
      },
    };
  }

  async *#deltas(request: StreamLinkDeltasRequest, signal: AbortSignal) {
    this.calls.push('streamLinkDeltas');
    this.streams.push(request);
    this.streamSignals.push(signal);
    const attempt = this.streams.length;
    if (!this.open.has(request.scenarioRef!.scenarioId)) throw new RpcError(RpcStatus.NOT_FOUND, 'no such scenario');
    const start = timestampMs(request.tStart!);
    const end = timestampMs(request.tEnd!);
    const dt = durationMs(request.dt!);
    const encoder = request.columns ? new ColumnEncoder(NODES, { modcods: MODCODS, debug: request.includeDebug }) : null;
    for (let k = 0; start + k * dt < end; k++) {
      const resumed = k >= Number(request.resumeFromTick);
      // Indices are those of an unbroken stream: what is not sent still takes place.
      if (!resumed && encoder === null) continue;
      const batch = await this.batch(k, batchOf(k, start + k * dt), attempt);
      if (!resumed) encoder!.unsent(batch);
      else yield encoder === null ? batch : encoder.encode(batch);
    }
  }

  async *#events() {
    this.calls.push('streamEvents');
    yield* this.events;
  }
}

/** A tick with one link, whose delay tells the tick. */
function batchOf(k: number, timeMs: number): BatchInit {
  const key = { src: 'SAT-1', dst: 'oslo', linkType: LinkType.SAT_GS };
  return {
    tickIndex: BigInt(k),
    time: timestampFromMs(timeMs),
    isFullSnapshot: k === 0,
    updates: [{ key, up: true, oneWayDelayS: 0.003 + k * 1e-6, capacityBps: 62.5e6, lossRate: 0.001 }],
    removals: [],
    stats: { computeMs: 0.5, linksEvaluated: 10, linksEmitted: 1 },
  };
}
