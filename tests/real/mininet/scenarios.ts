const T0 = '2026-11-20T00:00:00Z';

/**
 * Iridium's 66 satellites and four sites. From 8 s to 14 s a link of the way from Oslo to Singapore is down, and Honolulu has
 * none at all.
 */
export const GRID = `
name: grid
time: { t0: "${T0}", duration: 24s, dt: 1s, mode: realtime }
constellation: [{ walker: { name: IR, pattern: star, planes: 6, per_plane: 11, altitude_km: 780, inclination_deg: 86.4, phasing: 3, raan_spread_deg: 189.6 } }]
ground:
  - { id: oslo, lat: 59.91, lon: 10.75, role: user_terminal }
  - { id: singapore, lat: 1.35, lon: 103.82, role: user_terminal }
  - { id: honolulu, lat: 21.31, lon: -157.86, role: user_terminal }
  - { id: mcmurdo, lat: -77.85, lon: 166.67, role: user_terminal }
terminals: { user_terminal: { antennas: 1 } }
links:
  isl: { pattern: plus_grid, seam: false, polar_cutoff_lat_deg: 68, capacity_mbps: 10 }
  gsl: { min_elevation_deg: 8.2, policy: max_elevation, hysteresis_deg: 2, capacity_mbps: 2, loss_pct: 0 }
faults:
  - { at: 8s, for: 6s, link: [IR-4-1, IR-5-11] }
  - { at: 8s, for: 6s, node: honolulu }
traffic:
  - { id: ping, from: oslo, to: singapore, kind: ping, every: 500ms }
  - { id: cut-off, from: honolulu, to: oslo, kind: ping, every: 500ms }
  - { id: tcp, from: mcmurdo, to: oslo, kind: tcp, start: 1s }
  - { id: udp, from: honolulu, to: singapore, kind: udp, rate_mbps: 0.5, packet_bytes: 500, start: 1s }
lanes: [flow, mininet]
flow: { record_paths: true }
mininet:
  shaping: { delay: none, read_back_every: 5 }
  capture: { interfaces: ground }
  exec:
    - { node: oslo, at: 5s, command: [traceroute, -n, -q, "1", -N, "1", -w, "1", 10.0.0.68] }
    - { node: oslo, at: 10s, command: [traceroute, -n, -q, "1", -N, "1", -w, "1", 10.0.0.68] }
    - { node: oslo, at: 17s, command: [traceroute, -n, -q, "1", -N, "1", -w, "1", 10.0.0.68] }
    - { node: oslo, at: 3s, command: [ping, "-6", -n, -c, "3", -i, "0.2", "fd5a:7351:0:1::44"] }
    - { node: IR-4-1, at: 10s, command: [ip, -j, link] }
    - { node: IR-4-1, at: 17s, command: [ip, -j, link] }
    - { node: oslo, at: 10s, command: [sh, -c, "echo to stderr >&2; exit 3"] }
`;

interface Small {
  readonly seconds?: number;
  readonly dt?: string;
  readonly traffic?: string;
  readonly faults?: string;
  readonly mininet?: string;
  readonly ring?: boolean;
}

/**
 * Ten satellites around the equator and two sites below them: small enough for every way of forwarding. A chain of links
 * between satellites has no loop, so that switches that learn may use it; a ring has a way around.
 */
export function small({ seconds = 12, dt = '500ms', traffic = PING, faults = '', mininet = '', ring = false }: Small = {}): string {
  const pairs = Array.from({ length: ring ? 10 : 9 }, (_, i) => `[E-1-${i + 1}, E-1-${((i + 1) % 10) + 1}]`).join(', ');
  return `
name: small
time: { t0: "${T0}", duration: ${seconds}s, dt: ${dt}, mode: realtime }
constellation: [{ walker: { name: E, planes: 1, per_plane: 10, altitude_km: 1400, inclination_deg: 0 } }]
ground:
  - { id: west, lat: 0, lon: 0 }
  - { id: east, lat: 0, lon: 100 }
terminals: { ground_station: { antennas: 1 } }
links:
  isl: { pattern: explicit, pairs: [${pairs}], max_range_km: 6000, capacity_mbps: 20 }
  gsl: { min_elevation_deg: 5, policy: longest_visible, capacity_mbps: 5, loss_pct: 0 }
faults: [${faults}]
traffic: [${traffic}]
lanes: [mininet]
mininet: { shaping: { delay: none }, ${mininet} }
`;
}

export const PING = '{ id: ping, from: west, to: east, kind: ping, every: 250ms }';
