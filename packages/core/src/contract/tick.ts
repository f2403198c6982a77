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
  readonly stats: TickStats;
}

export type EngineEventType = 'link_up' | 'link_down' | 'handover' | 'modcod_change' | 'pass_start' | 'pass_end';

/** Information for people and exporters. Lanes never receive events: link state is the only control. */
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
