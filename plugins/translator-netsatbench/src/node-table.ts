import { type ScenarioInputDocument, toNodeId } from '@satsim/core';
import type { Epoch, SatConfig } from './input-json.js';

export interface Site {
  readonly id: string;
  readonly user: boolean;
}

/** The nodes of a system: which are satellites, what the others are called and where they are. */
export class NodeTable {
  readonly #config: SatConfig | null;
  readonly #positions = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(config: SatConfig | null, epochs: readonly Epoch[]) {
    this.#config = config;
    for (const epoch of epochs) {
      for (const { endpoint1, endpoint2, pos1, pos2 } of [...epoch['links-add'], ...epoch['links-update']]) {
        for (const [name, position] of [
          [endpoint1, pos1],
          [endpoint2, pos2],
        ] as const) {
          this.#seen.add(name);
          if (position !== undefined) this.#positions.set(name, position);
        }
      }
    }
  }

  /** Whether the node is a part of the system; without its configuration every name is. */
  has(name: string): boolean {
    return this.#config === null || Object.hasOwn(this.#config.nodes, name);
  }

  isSatellite(name: string): boolean {
    const type = this.#typeOf(name);
    return type === undefined || type === 'undefined' ? /^sat/i.test(name) : type === 'satellite';
  }

  /** What is not in space and has a link at some time, by name. */
  get sites(): readonly Site[] {
    return [...this.#seen]
      .filter((name) => !this.isSatellite(name))
      .sort()
      .map((name) => ({ id: toNodeId(name), user: this.#typeOf(name) === 'user' || /^usr/i.test(name) }));
  }

  /** `ground` of the scenario, and the names of those whose place nobody says. */
  ground(): { readonly ground: NonNullable<ScenarioInputDocument['ground']>; readonly unplaced: readonly string[] } {
    const names = [...this.#seen].filter((name) => !this.isSatellite(name)).sort();
    const unplaced = names.filter((name) => this.#placeOf(name) === null);
    const ground = names.map((name) => {
      const role = this.#typeOf(name) === 'user' || /^usr/i.test(name) ? ('user_terminal' as const) : ('ground_station' as const);
      return { id: toNodeId(name), ...(this.#placeOf(name) ?? { lat: 0, lon: 0 }), role, relay: true };
    });
    return { ground, unplaced };
  }

  #typeOf(name: string): string | undefined {
    return this.#config?.nodes[name]?.type ?? this.#config?.['node-config-common']?.type;
  }

  #placeOf(name: string): { readonly lat: number; readonly lon: number; readonly alt_m?: number } | null {
    const location = this.#config?.nodes[name]?.metadata?.location;
    if (location) return place(location.latitude, location.longitude, location.altitude ?? 0);
    const [lat, lon, altitudeKm] = (this.#positions.get(name) ?? '').split(',').map(Number);
    return lat === undefined || lon === undefined ? null : place(lat, lon, (altitudeKm ?? 0) * 1e3);
  }
}

function place(lat: number, lon: number, altitudeM: number): { readonly lat: number; readonly lon: number; readonly alt_m?: number } | null {
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return null;
  return { lat, lon, ...(altitudeM !== 0 && Number.isFinite(altitudeM) ? { alt_m: altitudeM } : {}) };
}
