import type { FieldPath, GroundItem, NodeRole } from '@satsim/core';
import { topCities } from './cities.js';
import type { CompileContext } from './compile-context.js';
import { parseCsvSites } from './csv-sites.js';
import type { DeclaredNode } from './node-list.js';

interface SiteOptions {
  readonly role: NodeRole;
  readonly relay: boolean;
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
    return sites.map((site) => node(site, item.csv, field));
  }
  if ('cities' in item) {
    const field = [...path, 'cities', 'top'];
    const cities = await topCities(item.cities.top);
    if (cities.length < item.cities.top) context.fault(field, `there are only ${cities.length} cities in the data set`);
    return cities.map((city) => node({ ...city, altM: 0 }, item.cities, field));
  }
  if ('waypoints' in item) {
    // The scenario's validation refuses moving sites; their first place keeps the id known to later checks.
    const { lat, lon, alt_m: altM } = item.waypoints[0]!;
    return [node({ id: item.id, lat, lon, altM }, item, [...path, 'id'])];
  }
  return [node({ id: item.id, lat: item.lat, lon: item.lon, altM: item.alt_m }, item, [...path, 'id'])];
}

function node(site: { id: string; lat: number; lon: number; altM: number }, { role, relay }: SiteOptions, path: FieldPath): DeclaredNode {
  return { id: site.id, role, relay, path, position: { case: 'site', value: { latDeg: site.lat, lonDeg: site.lon, altM: site.altM } } };
}
