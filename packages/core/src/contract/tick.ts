/** Identifier of a node: `[A-Za-z0-9][A-Za-z0-9._-]*`. */
export type NodeId = string;
/** `kind:source>target`, as {@link linkId} makes it. Links are directed: each direction is a link of its own. */
export type LinkId = string;
/** Milliseconds since the Unix epoch (UTC), a whole number. */
export type UnixMs = number;

export type LinkKind = 'isl' | 'gsl' | 'terrestrial';

/** The radio or optical geometry behind a link's state; present only when the source was asked for it. */
export interface LinkBudget {
  /** Elevation of the satellite above the terminal's horizon, degrees; `null` between satellites. */
  readonly elevationDeg: number | null;
  /** Azimuth of the satellite seen from the terminal, degrees clockwise from north; `null` between satellites. */
  readonly azimuthDeg: number | null;
  readonly slantRangeKm: number;
  /** `null` where the link has a fixed capacity and so no budget. */
  readonly snrDb: number | null;
  readonly marginDb: number | null;
  /** Name of the MODCOD in use. */
  readonly modcod: string | null;
}

/** The whole state of one directed link, never a patch: zero delay and zero loss are really applied. */
export interface LinkState {
  readonly linkId: LinkId;
  readonly source: NodeId;
  readonly target: NodeId;
  readonly kind: LinkKind;
  /** `false`: the link is known, but can't carry traffic now. */
  readonly up: boolean;
  readonly oneWayDelayMs: number;
  /** With 0 nothing gets over it, also when it is up. */
  readonly capacityMbps: number;
  /** Percent, 0 to 100. */
  readonly lossPct: number;
  readonly rf?: LinkBudget;
}

export interface TickStats {
  readonly computeMs: number;
  readonly linksEvaluated: number;
  readonly linksEmitted: number;
  /** Turning the engine's message into this tick, where the source measures it. */
  readonly translateMs?: number;
}

/** What names a link; the same object for as long as a stream lasts. */
export type LinkIdentity = Pick<LinkState, 'linkId' | 'source' | 'target' | 'kind'>;

/**
 * A tick's removals and updates once more, packed: for readers that would otherwise touch every link of every tick. Links
 * have numbers that a stream gives once and never again to another link, so that a tick in a queue stays readable.
 */
export interface TickColumns {
  /** By number; shared by all ticks of the stream, and growing. */
  readonly links: readonly LinkIdentity[];
  /** Numbers of the links that leave, applied first. */
  readonly removals: Int32Array;
  /** Numbers of the links that are updated; all columns below have its length. */
  readonly link: Int32Array;
  /** 0 or 1. */
  readonly up: Uint8Array;
  readonly oneWayDelayMs: Float64Array;
  readonly capacityMbps: Float64Array;
  /** Percent, 0 to 100. */
  readonly lossPct: Float64Array;
}

/** One step of the network, exactly as every lane receives it. Removals are applied before updates. */
export interface TickUpdate {
  readonly runId: string;
  readonly scenarioRef: string;
  readonly tickIndex: number;
  /** `t0 + tickIndex · dt`. */
  readonly simTimeMs: UnixMs;
  /** `true`: the updates replace every earlier link. */
  readonly snapshot: boolean;
  readonly removals: readonly LinkId[];
  readonly updates: readonly LinkState[];
  /**
   * The same removals and updates in columns, where the source has them ({@link columnTick}); the objects are then made at
   * first use. Not enumerable, so that copies of a tick are without it. A tick with an `rf` has no columns.
   */
  readonly columns?: TickColumns;
  readonly stats: TickStats;
}

/**
 * | type | when | linkId | nodeId | attributes |
 * |---|---|---|---|---|
 * | `pass_start`, `pass_end` | a satellite rises above a site's mask, or sets; chosen or not | satellite to site | the site | |
 * | `link_up`, `link_down` | a link can carry traffic from this tick on, or no more (gone counts as down) | the link | `null` | |
 * | `handover` | a site gives up one satellite for another within one tick; across a gap it is a down and an up | site to the new satellite | the site | `from`, `to`: satellites |
 * | `modcod_change` | a link that stays up changes its MODCOD | the link | `null` | `from`, `to`: MODCODs |
 */
export type EngineEventType = 'link_up' | 'link_down' | 'handover' | 'modcod_change' | 'pass_start' | 'pass_end';

/**
 * Information for people and exporters. Lanes never receive events: link state is the only control. Events come in the order
 * of `seq`, on their own stream: those of a tick may reach an exporter before the tick or after it. A tick source may have none.
 */
export interface EngineEvent {
  readonly tickIndex: number;
  readonly simTimeMs: UnixMs;
  /** Strictly increasing within a run. */
  readonly seq: number;
  readonly type: EngineEventType;
  readonly linkId: LinkId | null;
  readonly nodeId: NodeId | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export function linkId(kind: LinkKind, source: NodeId, target: NodeId): LinkId {
  return `${kind}:${source}>${target}`;
}
