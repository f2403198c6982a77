import type { MessageInitShape } from '@bufbuild/protobuf';
import type { TerminalSchema } from '@satsim/geomrf-proto';
import type { NodeRole, TerminalProfile } from '@satsim/core';
import type { CompileContext } from './compile-context.js';
import type { NodeList } from './node-list.js';
import { TERMINAL_DEFAULTS } from './terminal-defaults.js';
import type { RadioProfile } from './terminal-defaults.js';

type Profiles = Readonly<Record<string, TerminalProfile>>;

/** Every key of `terminals` must be a role or a node. */
export function checkTerminals(profiles: Profiles, nodes: NodeList, context: CompileContext): void {
  const roles = Object.keys(TERMINAL_DEFAULTS);
  for (const key of Object.keys(profiles)) {
    if (roles.includes(key) || nodes.get(key) !== undefined) continue;
    context.fault(['terminals', key], `${key} is neither a role nor a node`, nodes.hint(key, roles));
  }
}

/** The radio of a node: defaults of its role, then `terminals.<role>`, then `terminals.<id>`, key by key. */
export function terminalOf(node: { readonly id: string; readonly role: NodeRole }, profiles: Profiles): MessageInitShape<typeof TerminalSchema> {
  const radio: RadioProfile = { ...TERMINAL_DEFAULTS[node.role], ...given(profiles[node.role]), ...given(profiles[node.id]) };
  return {
    eirpDbw: radio.eirp_dbw,
    gOverTDbPerK: radio.g_over_t_db_per_k,
    frequencyHz: hertz(radio.frequency_ghz, 1e9),
    bandwidthHz: hertz(radio.bandwidth_mhz, 1e6),
    // A satellite serves whoever chooses it; only ground terminals have few antennas.
    maxLinks: node.role === 'satellite' ? 0 : radio.antennas,
  };
}

/** Without keys that are explicitly `undefined`: they must not hide a default. */
function given(profile: TerminalProfile | undefined): Partial<RadioProfile> {
  return Object.fromEntries(Object.entries(profile ?? {}).filter(([, value]) => value !== undefined));
}

/** Whole hertz: 11.7 GHz is 11,700,000,000 Hz, whatever binary fractions say. */
const hertz = (value: number, unit: number): number => Math.round(value * unit);
