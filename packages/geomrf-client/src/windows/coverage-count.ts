import type { EngineEvent, NodeId } from '@satsim/core';

/** What a ground node had of the satellites, over a span looked at in steps. */
export interface SiteCoverage {
  readonly site: NodeId;
  /** Share of time with a satellite above the mask, 0 to 1. */
  readonly covered: number;
  /** Share of time with a satellite that is linked and up in both directions, 0 to 1. */
  readonly usable: number;
  /** Satellites above the mask. */
  readonly visible: { readonly min: number; readonly mean: number; readonly max: number };
  /** Times without a satellite above the mask, ascending. */
  readonly gaps: readonly Gap[];
}

/** ms after the start of the span, whole steps but for the end of the span. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Of one site: what holds since a time, and what was counted up to it; ms after the start. */
class SiteCount {
  visible = 0;
  /** By satellite: directions that are up. */
  readonly up = new Map<NodeId, number>();
  usable = 0;
  #at = 0;
  #covered = 0;
  #usable = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;
  readonly #gaps: Gap[] = [];
  /** Since when there is one. */
  #gapFromMs: number | null = null;

  /** What holds now has held from the last time to this one. */
  advance(toMs: number): void {
    const fromMs = this.#at;
    const ms = toMs - fromMs;
    if (ms === 0) return;
    this.#at = toMs;
    this.#sum += ms * this.visible;
    this.#min = Math.min(this.#min, this.visible);
    this.#max = Math.max(this.#max, this.visible);
    if (this.usable > 0) this.#usable += ms;
    if (this.visible === 0) {
      this.#gapFromMs ??= fromMs;
      return;
    }
    this.#covered += ms;
    this.#endGap(fromMs);
  }

  #endGap(toMs: number): void {
    if (this.#gapFromMs !== null) this.#gaps.push({ fromMs: this.#gapFromMs, toMs });
    this.#gapFromMs = null;
  }

  total(site: NodeId, spanMs: number): SiteCoverage {
    this.advance(spanMs);
    this.#endGap(spanMs);
    return {
      site,
      covered: this.#covered / spanMs,
      usable: this.#usable / spanMs,
      visible: { min: this.#min, mean: this.#sum / spanMs, max: this.#max },
      gaps: this.#gaps,
    };
  }
}

/** Counts passes and links of ground nodes out of the engine's events, which say what changes at a tick. */
export class CoverageCount {
  readonly #sites: ReadonlyMap<NodeId, SiteCount>;
  readonly #spanMs: number;
  readonly #stepMs: number;

  /** @param spanMs need not be a whole number of steps */
  constructor(sites: readonly NodeId[], spanMs: number, stepMs: number) {
    this.#sites = new Map(sites.map((id) => [id, new SiteCount()]));
    this.#spanMs = spanMs;
    this.#stepMs = stepMs;
  }

  /** Events in their order. */
  add(events: readonly EngineEvent[]): void {
    for (const { type, linkId, tickIndex } of events) {
      const isPass = type === 'pass_start' || type === 'pass_end';
      if (linkId === null || !(isPass || type === 'link_up' || type === 'link_down')) continue;
      const [source, target] = linkId.slice(linkId.indexOf(':') + 1).split('>') as [NodeId, NodeId];
      const ofTarget = this.#sites.get(target);
      const site = ofTarget ?? this.#sites.get(source);
      if (site === undefined) continue;
      site.advance(tickIndex * this.#stepMs);
      if (isPass) site.visible += type === 'pass_start' ? 1 : -1;
      else link(site, ofTarget === undefined ? target : source, type === 'link_up' ? 1 : -1);
    }
  }

  end(): readonly SiteCoverage[] {
    return [...this.#sites].map(([id, count]) => count.total(id, this.#spanMs));
  }
}

/** A satellite serves when both directions are up. */
function link(site: SiteCount, satellite: NodeId, change: 1 | -1): void {
  const before = site.up.get(satellite) ?? 0;
  const now = before + change;
  if (now === 0) site.up.delete(satellite);
  else site.up.set(satellite, now);
  if (now === 2) site.usable++;
  if (before === 2) site.usable--;
}
