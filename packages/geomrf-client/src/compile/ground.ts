import type { FieldPath, GroundItem, NodeRole } from '@satsim/core';
import { topCities } from './cities.js';
import type { CompileContext } from './compile-context.js';
import { parseCsvSites } from './csv-sites.js';
import { durationOf } from './duration-of.js';
import type { DeclaredNode } from './node-list.js';
import { checkWaypoints } from './waypoints.js';

interface SiteOptions {
  readonly role: NodeRole;
  readonly relay: boolean;
  readonly min_elevation_deg?: number | undefined;
  readonly elevation_mask?: readonly (readonly [azimuthDeg: number, elevationDeg: number])[] | undefined;
}

interface Place {
  readonly lat: number;
  readonly lon: number;
  readonly altM: number;
}

/** Ground nodes in the order of the file; those of a CSV file or of `cities` in the order of rank. */
export async function compileGround(items: readonly GroundItem[], context: CompileContext): Promise<DeclaredNode[]> {
  const groups: DeclaredNode[][] = [];
  // One after the other, so that faults and input files come in the order of the scenario.
  for (const [index, item] of items.entries()) groups.push(await compileItem(item, index, context));
  return groups.flat();
}

async function compileItem(item: GroundItem, index: number, context: CompileContext): Promise<DeclaredNode[]> {
  const path: FieldPath = ['ground', index];
  if ('csv' in item) {
    const field = [...path, 'csv', 'file'];
    const input = await context.read(field, item.csv.file);
    if (input === null) return [];
    const { sites, faults } = parseCsvSites(input.content, item.csv.columns, item.csv.limit);
    context.faultsInFile(field, input.path, faults);
    return sites.map((site) => node(site.id, fixed(site), item.csv, field));
  }
  if ('cities' in item) {
    const field = [...path, 'cities', 'top'];
    const cities = topCities(item.cities.top);
    if (cities.length < item.cities.top) context.fault(field, `there are only ${cities.length} cities in the data set`);
    return cities.map((city) => node(city.id, fixed({ ...city, altM: 0 }), item.cities, field));
  }
  if ('waypoints' in item) {
    checkWaypoints(item.waypoints, [...path, 'waypoints'], context);
    const waypoints = item.waypoints.map(({ at, alt_m: altM, ...place }) => ({ at: durationOf(at), site: site({ ...place, altM }) }));
    return [node(item.id, { case: 'track', value: { waypoints } }, item, [...path, 'id'])];
  }
  return [node(item.id, fixed({ ...item, altM: item.alt_m }), item, [...path, 'id'])];
}

const site = ({ lat, lon, altM }: Place) => ({ latDeg: lat, lonDeg: lon, altM });
const fixed = (place: Place): DeclaredNode['position'] => ({ case: 'site', value: site(place) });

function node(id: string, position: DeclaredNode['position'], options: SiteOptions, path: FieldPath): DeclaredNode {
  const { role, relay, min_elevation_deg: minElevationDeg, elevation_mask: mask = [] } = options;
  return { id, role, relay, path, position, minElevationDeg, elevationMask: mask.map(([azimuthDeg, least]) => ({ azimuthDeg, minElevationDeg: least })) };
}
