import type { LinkState, TickUpdate } from '../contract/tick.js';

type Step = Pick<TickUpdate, 'tickIndex' | 'snapshot' | 'removals' | 'updates' | 'columns'>;

/** `tick 1 removes isl:a>b, sets isl:b>a up 7.25 ms 100 Mbit/s 0 %`; one line a tick. */
export function tellTicks(ticks: readonly Step[]): string {
  return ticks.map(tellTick).join('\n');
}

function tellTick({ tickIndex, snapshot, removals, updates, columns }: Step): string {
  const parts: string[] = [];
  if (snapshot) parts.push(updates.length === 0 ? 'is an empty snapshot' : 'is a snapshot');
  if (removals.length > 0) parts.push(`removes ${removals.join(', ')}`);
  if (updates.length > 0) parts.push(`sets ${updates.map(tellLink).join('; ')}`);
  return `tick ${tickIndex}${columns === undefined ? '' : ' (with columns)'} ${parts.length === 0 ? 'changes nothing' : parts.join(', ')}`;
}

function tellLink({ linkId, up, oneWayDelayMs, capacityMbps, lossPct }: LinkState): string {
  return up ? `${linkId} up ${oneWayDelayMs} ms ${capacityMbps} Mbit/s ${lossPct} %` : `${linkId} down`;
}
