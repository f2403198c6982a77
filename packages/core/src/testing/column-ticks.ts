import { TickPacker } from '../artifacts/trace/tick-packer.js';
import { columnTick } from '../contract/column-tick.js';
import type { TickUpdate } from '../contract/tick.js';

/** The same ticks as a source with columns sends them. They are those of one stream, without `rf`, and nobody else holds them. */
export function withColumns(ticks: readonly TickUpdate[]): readonly TickUpdate[] {
  const packer = new TickPacker();
  return ticks.map((tick) => {
    const { removals, updates, ...head } = structuredClone(tick);
    return columnTick(head, packer.pack({ removals, updates }));
  });
}

/** As another reader of the same stream gets it: whatever is done to its objects is done to them alone. */
export function copyTick(tick: TickUpdate): TickUpdate {
  const { removals, updates, ...head } = structuredClone(tick);
  return tick.columns === undefined ? { ...head, removals, updates } : columnTick(head, tick.columns);
}
