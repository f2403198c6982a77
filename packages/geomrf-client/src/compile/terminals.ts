import type { MessageInitShape } from '@bufbuild/protobuf';
import type { TerminalSchema } from '@satsim/geomrf-proto';
import { formatPath } from '@satsim/core';
import type { NodeRole, TerminalProfile } from '@satsim/core';
import type { CompileContext } from './compile-context.js';
import { hertz } from './hertz.js';
import type { NodeList } from './node-list.js';
import { TERMINAL_DEFAULTS } from './terminal-defaults.js';
import type { RadioProfile } from './terminal-defaults.js';

type Profiles = Readonly<Record<string, TerminalProfile>>;

/** Tilt of the electric field against the horizontal, degrees (ITU-R P.838-3, eq. 4 and 5). */
const TILT_DEG = { circular: 45, horizontal: 0, vertical: 90 } as const;

/** What is no matter of a satellite, and why. */
const GROUND_ONLY = {
  antennas: 'a satellite serves whoever chooses it; what limits it is `beams`',
  noise_temperature_k: 'a satellite looks at the warm Earth, and weather does not change its noise',
} as const;
const SATELLITES_ONLY = ['beams', 'terminals_per_beam'] as const;

/** Every key of `terminals` must be a role or a node; only satellites have beams, and some of what a terminal on the ground has means nothing to them. */
export function checkTerminals(profiles: Profiles, nodes: NodeList, context: CompileContext): void {
  const roles = Object.keys(TERMINAL_DEFAULTS);
  for (const key of Object.keys(profiles)) {
    const role = roles.includes(key) ? key : nodes.get(key)?.role;
    if (role === undefined) context.fault(['terminals', key], `${key} is neither a role nor a node`, nodes.hint(key, roles));
    if (role === undefined) continue;
    if (role === 'satellite') {
      for (const [field, why] of Object.entries(GROUND_ONLY))
        if (profiles[key]![field as keyof typeof GROUND_ONLY] !== undefined)
          context.warnings.push(`${formatPath(['terminals', key, field])} has no effect: ${why}`);
      continue;
    }
    for (const field of SATELLITES_ONLY)
      if (profiles[key]![field] !== undefined) context.fault(['terminals', key, field], 'only satellites have beams', 'a terminal on the ground has antennas');
  }
}

/** Above it nothing is known of gases and weather (ITU-R P.676). */
const HIGHEST_GHZ = 1000;

/** Where gases or weather count, every frequency that a node has of the scenario must be one that something is known of. */
export function checkFrequencies(profiles: Profiles, nodes: NodeList, context: CompileContext): void {
  const used = new Set(nodes.nodes.flatMap(({ id, role }) => [id, role].find((key) => profiles[key]?.frequency_ghz !== undefined) ?? []));
  for (const key of used) {
    const frequency = profiles[key]!.frequency_ghz!;
    if (hertz(frequency, 1e9) > hertz(HIGHEST_GHZ, 1e9))
      context.fault(
        ['terminals', key, 'frequency_ghz'],
        `gases and weather are known up to ${HIGHEST_GHZ} GHz, found ${frequency}`,
        'leave out weather, and set links.gsl.gases to false',
      );
  }
}

/** The radio of a node: defaults of its role, then `terminals.<role>`, then `terminals.<id>`, key by key. */
export function terminalOf(node: { readonly id: string; readonly role: NodeRole }, profiles: Profiles): MessageInitShape<typeof TerminalSchema> {
  const radio: RadioProfile & TerminalProfile = { ...TERMINAL_DEFAULTS[node.role], ...given(profiles[node.role]), ...given(profiles[node.id]) };
  return {
    eirpDbw: radio.eirp_dbw,
    gOverTDbPerK: radio.g_over_t_db_per_k,
    frequencyHz: hertz(radio.frequency_ghz, 1e9),
    bandwidthHz: hertz(radio.bandwidth_mhz, 1e6),
    // A satellite serves whoever chooses it; only ground terminals have few antennas.
    polarizationTiltDeg: TILT_DEG[radio.polarization ?? 'circular'],
    noiseTemperatureK: radio.noise_temperature_k ?? 0,
    beams: radio.beams ?? 0,
    terminalsPerBeam: radio.terminals_per_beam ?? 0,
    maxLinks: node.role === 'satellite' ? 0 : (radio.antennas ?? 0),
  };
}

/** Without keys that are explicitly `undefined`: they must not hide a default. */
function given(profile: TerminalProfile | undefined): Partial<RadioProfile & TerminalProfile> {
  return Object.fromEntries(Object.entries(profile ?? {}).filter(([, value]) => value !== undefined));
}
