import { describe, expect, it } from 'vitest';
import { flow, flowDemand } from './scenario-traffic.js';

const RUN = { t0Ms: 1_000_000, t1Ms: 1_060_000, dtMs: 500 };
const demand = (keys: object) => flowDemand(flow.parse({ id: 'f', from: 'a', to: 'b', ...keys }), RUN);

describe('what a flow asks for', () => {
  it('ping: 84 bytes every tick, all the time', () => {
    expect(demand({})).toEqual({
      startMs: 0,
      stopMs: 60_000,
      everyMs: 500,
      rateMbps: null,
      pattern: null,
      packetBytes: 84,
      congestion: null,
      dscp: 0,
    });
    expect(demand({ every: '10ms', packet_bytes: 1000, dscp: 46 })).toMatchObject({ everyMs: 10, packetBytes: 1000, dscp: 46 });
  });

  it('udp: 1 Mbit/s in even packets of 1500 bytes', () => {
    expect(demand({ kind: 'udp' })).toMatchObject({ everyMs: null, rateMbps: 1, pattern: 'constant', packetBytes: 1500, congestion: null });
    expect(demand({ kind: 'udp', pattern: 'poisson', rate_mbps: 3 })).toMatchObject({ rateMbps: 3, pattern: 'poisson' });
  });

  it('tcp: all it can get, by the congestion control that the lane has', () => {
    expect(demand({ kind: 'tcp' })).toMatchObject({ everyMs: null, rateMbps: null, pattern: null, packetBytes: 1500, congestion: null });
    expect(demand({ kind: 'tcp', rate_mbps: 2, congestion: 'bbr' })).toMatchObject({ rateMbps: 2, congestion: 'bbr' });
  });

  it('ends with the run', () => {
    expect(demand({ start: '1s', stop: '30s' })).toMatchObject({ startMs: 1000, stopMs: 30_000 });
    expect(demand({ stop: '2m' })).toMatchObject({ stopMs: 60_000 });
  });
});
