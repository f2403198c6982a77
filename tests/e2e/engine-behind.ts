import { startEngineServer } from '@satsim/geomrf-engine';
import { addService, createClient, GeomRfEngine, RpcError, RpcStatus, Server, ServerCredentials } from '@satsim/geomrf-proto';
import type { StreamLinkDeltasRequest } from '@satsim/geomrf-proto';

export interface Behind {
  readonly target: string;
  /** What each stream of ticks was asked for. */
  readonly asked: readonly StreamLinkDeltasRequest[];
  /** Streams of events. */
  readonly apart: () => number;
}

export interface Before {
  /** Capabilities that the engine seems not to have. */
  readonly hide?: readonly ('columns' | 'includeEvents')[];
  /** Ticks before which streams of ticks break, one after another. */
  readonly breaks?: readonly bigint[];
}

/** Our engine, each behind a server of its own that hides what is newer, or breaks streams; `stop` ends all of them. */
export function enginesBehind() {
  const stops: (() => unknown)[] = [];

  async function engineBehind({ hide = [], breaks = [] }: Before): Promise<Behind> {
    const engine = await startEngineServer({ address: 'localhost:0' });
    const behind = createClient(GeomRfEngine, engine.target);
    const server = new Server();
    const asked: StreamLinkDeltasRequest[] = [];
    let apart = 0;
    addService(server, GeomRfEngine, {
      getVersion: (request) => behind.getVersion(request),
      getCapabilities: async (request) => ({ ...(await behind.getCapabilities(request)), ...Object.fromEntries(hide.map((name) => [name, false])) }),
      createScenario: (request) => behind.createScenario(request),
      closeScenario: (request) => behind.closeScenario(request),
      async *streamLinkDeltas(request, { signal }) {
        const breakAt = breaks[asked.push(request) - 1];
        for await (const batch of behind.streamLinkDeltas(request, { signal })) {
          if (batch.tickIndex === breakAt) throw new RpcError(RpcStatus.UNAVAILABLE, 'the cable is cut');
          yield batch;
        }
      },
      streamEvents: (request, { signal }) => (apart++, behind.streamEvents(request, { signal })),
      streamEphemeris: (request, { signal }) => behind.streamEphemeris(request, { signal }),
    });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('localhost:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    stops.push(
      () => server.forceShutdown(),
      () => behind.close(),
      () => engine.stop(),
    );
    return { target: `localhost:${port}`, asked, apart: () => apart };
  }

  return {
    engineBehind,
    stop: async (): Promise<void> => {
      for (const stop of stops.splice(0)) await stop();
    },
  };
}
