import type { LinkColumns, LinkDeltaBatch, LinkKey, LinkUpdate } from '@satsim/geomrf-proto';
import { StreamLinkDeltasRequestSchema } from '@satsim/geomrf-proto';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import { ALL_LINKS, CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { DeltaBatches } from './delta-batches.js';

const DT_MS = 20_000;
const ref = { $typeName: 'geomrf.v1.ScenarioRef' as const, scenarioId: 'x' };
const compiled = compileScenario(
  specOf([...shell({ planes: 12, perPlane: 12, phasing: 1 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))], {
    isl: { pattern: 3, neighbors: 2, capacityBps: 1e9, minAltitudeM: 80_000 },
    gsl: { selection: 2, minElevationDeg: 10 },
    terrestrial: [{ a: 'tokyo', b: 'london', oneWayDelayS: 0.08, capacityBps: 1e9, lossRate: 0.01 }],
  }),
);

async function batchesOf(request: {
  readonly includeDebug?: boolean;
  readonly columns?: boolean;
  readonly resumeFromTick?: bigint;
}): Promise<LinkDeltaBatch[]> {
  const stream = new DeltaBatches(compiled, ref, create(StreamLinkDeltasRequestSchema, { selector: ALL_LINKS, ...request }), { dtMs: DT_MS, maxLinks: 1e6 });
  const batches: LinkDeltaBatch[] = [];
  for (let k = 0; k < 60; k++) batches.push(...(await stream.next(k, START_MS + k * DT_MS)));
  await stream.close();
  return batches;
}

/** Reads columns as the contract describes them; nothing here is shared with what writes them. */
class ColumnReader {
  readonly #keys = new Map<number, LinkKey>();
  #nodeIds: readonly string[] = [];
  #modcods: readonly string[] = [];

  read(columns: LinkColumns): { removals: LinkKey[]; updates: LinkUpdate[] } {
    if (columns.nodeIds.length > 0) [this.#nodeIds, this.#modcods] = [columns.nodeIds, columns.modcods];
    const removals = uint32(columns.removed).map((link) => this.#keys.get(link)!);
    for (const link of uint32(columns.removed)) this.#keys.delete(link);
    const [sources, targets] = [uint32(columns.enteredSource), uint32(columns.enteredTarget)];
    uint32(columns.entered).forEach((link, i) => {
      expect(this.#keys.has(link)).toBe(false);
      this.#keys.set(link, {
        $typeName: 'geomrf.v1.LinkKey',
        src: this.#nodeIds[sources[i]],
        dst: this.#nodeIds[targets[i]],
        linkType: columns.enteredType[i],
      });
    });
    for (const link of this.#keys.keys()) expect(link).toBeLessThan(this.#keys.size + removals.length);
    const numbers = {
      oneWayDelayS: double(columns.oneWayDelayS),
      capacityBps: double(columns.capacityBps),
      lossRate: double(columns.lossRate),
    };
    const optional = {
      rangeM: double(columns.rangeM),
      elevationDeg: double(columns.elevationDeg),
      azimuthDeg: double(columns.azimuthDeg),
      snrDb: double(columns.snrDb),
      snrMarginDb: double(columns.snrMarginDb),
    };
    const modcod = uint32(columns.modcod);
    const updates = uint32(columns.link).map((link, row): LinkUpdate => {
      const update: LinkUpdate = {
        $typeName: 'geomrf.v1.LinkUpdate',
        key: this.#keys.get(link)!,
        up: columns.up[row] === 1,
        oneWayDelayS: numbers.oneWayDelayS[row],
        capacityBps: numbers.capacityBps[row],
        lossRate: numbers.lossRate[row],
      };
      for (const [name, values] of Object.entries(optional))
        if (row < values.length && !Number.isNaN(values[row])) Object.assign(update, { [name]: values[row] });
      if (row < modcod.length && this.#modcods[modcod[row]] !== undefined) update.modcod = this.#modcods[modcod[row]];
      return update;
    });
    return { removals, updates };
  }
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const uint32 = (bytes: Uint8Array): number[] => Array.from({ length: bytes.length / 4 }, (_, i) => view(bytes).getUint32(4 * i, true));
const double = (bytes: Uint8Array): number[] => Array.from({ length: bytes.length / 8 }, (_, i) => view(bytes).getFloat64(8 * i, true));

describe('columns', () => {
  for (const includeDebug of [false, true]) {
    it(`say what messages say, in the same order${includeDebug ? ', with the debug fields' : ''}`, async () => {
      const messages = await batchesOf({ includeDebug });
      const columns = await batchesOf({ includeDebug, columns: true });
      const reader = new ColumnReader();
      let removed = 0;
      columns.forEach((batch, k) => {
        expect([batch.removals, batch.updates]).toEqual([[], []]);
        const { removals, updates } = reader.read(batch.columns!);
        expect(removals).toEqual(messages[k].removals);
        expect(updates).toEqual(messages[k].updates.map((update) => Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined))));
        removed += removals.length;
      });
      expect(removed).toBeGreaterThan(20);
    });
  }

  it('of a stream that resumes are those of the unbroken one, and name nodes and MODCODs once more', async () => {
    const [whole, resumed] = [await batchesOf({ columns: true }), await batchesOf({ columns: true, resumeFromTick: 25n })];
    const bare = ({ stats: _, columns, ...batch }: LinkDeltaBatch) => ({ ...batch, columns: { ...columns!, nodeIds: [], modcods: [] } });
    expect(resumed.map(bare)).toEqual(whole.slice(25).map(bare));
    expect([resumed[0].columns!.nodeIds, resumed[1].columns!.nodeIds]).toEqual([compiled.nodeIds, []]);
  });
});
