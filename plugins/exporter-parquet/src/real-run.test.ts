import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LinkTable, readTrace, type LinkId, type LinkState } from '@satsim/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from './read-table.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
type Row = Readonly<Record<string, any>>;

describe('ten minutes of Iridium', () => {
  const place = mkdtempSync(join(tmpdir(), 'satsim-parquet-'));
  afterAll(() => rmSync(place, { recursive: true, force: true }));
  let runDir = '';
  beforeAll(async () => {
    const args = [
      'run',
      path('../../../examples/iridium.satsim.yaml'),
      '--plugin',
      path('..'),
      '--set',
      'exporters={parquet: {row_group_rows: 5000}, jsonl: {}}',
      '--format',
      'json',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [path('../../../packages/cli/bin/satsim.js'), ...args], { cwd: place });
    ({ runDir } = JSON.parse(stdout) as { runDir: string });
  });
  const lines = (file: string) =>
    readFileSync(join(runDir, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row);
  const rows = async (name: string): Promise<readonly Row[]> => (await readTable(readFileSync(join(runDir, `results/${name}.parquet`)))).rows;

  it('rows applied in their order give the network that the trace gives, at every tick', async () => {
    const recorded = new LinkTable();
    const fromRows = new Map<LinkId, Row>();
    const all = await rows('ticks');
    let next = 0;
    let compared = 0;
    for await (const tick of (await readTrace(runDir)).ticks) {
      recorded.apply(tick);
      for (; all[next]?.tick_index === tick.tickIndex; next++) {
        const row = all[next]!;
        if (row.change === 'removal') fromRows.delete(row.link_id);
        else fromRows.set(row.link_id, row);
      }
      if (tick.tickIndex % 50 > 0) continue;
      const states = [...fromRows.values()].map((row): LinkState => ({
        linkId: row.link_id,
        source: row.source,
        target: row.target,
        kind: row.kind,
        up: row.up,
        oneWayDelayMs: row.one_way_delay_ms,
        capacityMbps: row.capacity_mbps,
        lossPct: row.loss_pct,
      }));
      const byId = (a: LinkState, b: LinkState): number => (a.linkId < b.linkId ? -1 : 1);
      expect(states.sort(byId)).toEqual([...recorded.values()].sort(byId));
      compared++;
    }
    expect(compared).toBe(12);
    expect(next).toBe(all.length);
  });

  it('events and samples are those of the exporter jsonl', async () => {
    const events = (await rows('events')).map((row) => ({
      tickIndex: row.tick_index,
      simTimeMs: row.sim_time.getTime(),
      seq: row.seq,
      type: row.type,
      linkId: row.link_id,
      nodeId: row.node_id,
      attributes: row.attributes,
    }));
    expect(events).toEqual(lines('results/events.jsonl'));
    const flows = (await rows('flows')).map((row) => ({
      lane: row.lane,
      flow: row.flow,
      simTimeMs: row.sim_time.getTime(),
      rttMs: row.rtt_ms,
      oneWayDelayMs: row.one_way_delay_ms,
      lossPct: row.loss_pct,
      goodputMbps: row.goodput_mbps,
      hops: row.hops,
      pathHash: row.path_hash,
      path: row.path,
      bottleneck: row.bottleneck_link,
    }));
    const byTimeAndFlow = (a: Row, b: Row): number => a.simTimeMs - b.simTimeMs || (a.flow < b.flow ? -1 : 1);
    expect(flows).toEqual(lines('results/flows.jsonl').toSorted(byTimeAndFlow));
  });
});
