import { meanAltitudeKm, epochFromUnixMs, parseElements, selectElements, walkerShell } from '@satsim/elements';
import type { ElementSet } from '@satsim/elements';
import { toNodeId } from '@satsim/core';
import type { ConstellationItem } from '@satsim/core';
import type { CompileContext } from './compile-context.js';
import { toMeanElements } from './mean-elements.js';
import type { DeclaredNode } from './node-list.js';

type ElementsItem = Extract<ConstellationItem, { elements: unknown }>['elements'];
type WalkerItem = Extract<ConstellationItem, { walker: unknown }>['walker'];

/** Satellites in the order of the file: Walker shells plane by plane, element files in their own order. */
export async function compileConstellation(items: readonly ConstellationItem[], t0Ms: number, context: CompileContext): Promise<DeclaredNode[]> {
  const satellites: Satellite[][] = [];
  // One after the other, so that faults and input files come in the order of the scenario.
  for (const [index, item] of items.entries()) {
    satellites.push('walker' in item ? shell(item.walker, index, t0Ms) : await fromFile(item.elements, index, context));
  }
  return nameCatalogued(satellites.flat());
}

/** A satellite whose id still needs its name to be compared with those of all other element files. */
interface Satellite extends DeclaredNode {
  readonly catalog: number | null;
}

function shell(walker: WalkerItem, index: number, t0Ms: number): Satellite[] {
  const { per_plane: perPlane, altitude_km: altitudeKm, inclination_deg: inclinationDeg, raan_spread_deg: raanSpreadDeg } = walker;
  const { name, pattern, planes, phasing } = walker;
  const satellites = walkerShell({ name, pattern, planes, perPlane, altitudeKm, inclinationDeg, phasing, raanSpreadDeg }, epochFromUnixMs(t0Ms));
  return satellites.map(({ id, elements, position }) => ({
    id,
    role: 'satellite',
    relay: true,
    path: ['constellation', index, 'walker', 'name'],
    position: { case: 'elements', value: toMeanElements(elements) },
    shellPosition: position,
    catalog: null,
  }));
}

async function fromFile(item: ElementsItem, index: number, context: CompileContext): Promise<Satellite[]> {
  const path = ['constellation', index, 'elements'];
  const input = await context.read([...path, 'file'], item.file, true);
  if (input === null) return [];
  const { elements, faults } = parseElements(input.content, input.path);
  if (faults.length > 0) {
    context.faultsInFile([...path, 'file'], input.path, faults);
    return [];
  }
  if (elements.length === 0) {
    context.fault([...path, 'file'], `${input.path} holds no element sets`);
    return [];
  }
  const { name, catalog, inclination_deg: inclinationDeg, altitude_km: altitudeKm } = item.select ?? {};
  const selected = selectElements(elements, { name, catalog, inclinationDeg, altitudeKm }, item.limit);
  if (selected.length === 0) context.fault([...path, 'select'], 'no satellite of the file matches', describe(elements));
  else warnOfAbsent(elements, catalog ?? [], item.file, context);
  return selected.map((set) => ({
    id: toNodeId(set.objectName),
    role: 'satellite',
    relay: true,
    path: [...path, 'file'],
    position: { case: 'elements', value: toMeanElements(set) },
    catalog: set.noradCatId,
  }));
}

/** Numbers asked for that the file does not have: no fault, as catalogues lose satellites that decay. */
function warnOfAbsent(elements: readonly ElementSet[], catalog: readonly number[], file: string, context: CompileContext): void {
  const known = new Set(elements.map((set) => set.noradCatId));
  const absent = catalog.filter((number) => !known.has(number));
  if (absent.length > 0) context.warnings.push(`${file} has no satellite with the catalogue number ${absent.join(', ')}`);
}

/** What a file holds, for people whose selection is empty. */
function describe(elements: readonly ElementSet[]): string {
  const range = (of: (set: ElementSet) => number): string => {
    const values = elements.map(of);
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    return `${low.toFixed(1)} to ${high.toFixed(1)}`;
  };
  const first = elements[0]!;
  return (
    `it holds ${elements.length}, such as ${first.objectName} (${first.noradCatId}); ` +
    `inclinations ${range((set) => set.inclinationDeg)}°, altitudes ${range(meanAltitudeKm)} km`
  );
}

/** Satellites of element files that share a name, or have none, are told apart by catalogue number. */
function nameCatalogued(satellites: readonly Satellite[]): DeclaredNode[] {
  const uses = new Map<string, number>();
  for (const { id, catalog } of satellites) if (catalog !== null) uses.set(id, (uses.get(id) ?? 0) + 1);
  return satellites.map(({ catalog, ...node }) => {
    if (catalog === null || (node.id !== '' && uses.get(node.id) === 1)) return node;
    return { ...node, id: node.id === '' ? `sat-${catalog}` : `${node.id}-${catalog}` };
  });
}
