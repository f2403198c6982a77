/** A CZML packet as anyone reads it. */
// Whatever a document may hold: it is the checker's job to look.
export type Json = { readonly [key: string]: any };

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * What is wrong with a document by the rules of the CZML Guide (CZML-Structure and CZML-Content of the Cesium project): an
 * empty list when it is sound.
 */
export function faultsOf(packets: readonly Json[]): string[] {
  const faults: string[] = [];
  const [document] = packets;
  if (document?.id !== 'document' || document.version !== '1.0') faults.push('the first packet is not the document, version 1.0');
  const [start, stop] = String(document?.clock?.interval)
    .split('/')
    .map((end) => Date.parse(end));
  const byId = new Map(packets.map((packet) => [packet.id as string, packet]));
  if (byId.size < packets.length) faults.push('two packets have the same id');
  for (const packet of packets) walk(packet, packet.id);
  return faults;

  function times(interval: unknown, where: string): readonly [number, number] {
    const ends = String(interval).split('/');
    if (ends.length !== 2 || !ends.every((end) => ISO.test(end))) faults.push(`${where}: ${String(interval)} is no ISO 8601 interval`);
    const [from, to] = ends.map((end) => Date.parse(end)) as [number, number];
    if (!(from < to)) faults.push(`${where}: ${String(interval)} has no length`);
    if (!(from >= start! && to <= stop!)) faults.push(`${where}: ${String(interval)} is outside of the clock`);
    return [from, to];
  }

  function walk(value: unknown, where: string): void {
    if (Array.isArray(value)) return list(value, where);
    if (typeof value === 'number' && !Number.isFinite(value)) faults.push(`${where} is not a number`);
    if (typeof value !== 'object' || value === null) return;
    const json = value as Json;
    if ('interval' in json) times(json.interval, where);
    if ('availability' in json) times(json.availability, where);
    if ('epoch' in json && !ISO.test(json.epoch)) faults.push(`${where}: ${json.epoch} is no ISO 8601 time`);
    if ('cartesian' in json) cartesian(json, where);
    if ('rgba' in json && !(json.rgba.length === 4 && json.rgba.every((part: number) => Number.isInteger(part) && part >= 0 && part <= 255)))
      faults.push(`${where}: not a colour`);
    for (const reference of [json.reference ?? [], json.references ?? []].flat()) {
      const [id, property] = (reference as string).split('#');
      if (property !== 'position' || !byId.get(id!)?.position) faults.push(`${where}: nothing is at ${reference as string}`);
    }
    if ('references' in json && json.references.length < 2) faults.push(`${where}: a line has two ends`);
    for (const [key, inner] of Object.entries(json)) walk(inner, `${where}.${key}`);
  }

  function list(values: readonly unknown[], where: string): void {
    const intervals = values.filter((value): value is Json => typeof value === 'object' && value !== null && 'interval' in value);
    for (const [i, { interval }] of intervals.entries()) {
      if (i > 0 && times(interval, where)[0] < times(intervals[i - 1]!.interval, where)[1]) faults.push(`${where}: intervals overlap`);
    }
    values.forEach((value, i) => walk(value, `${where}[${i}]`));
  }

  function cartesian(json: Json, where: string): void {
    const values: readonly number[] = json.cartesian;
    if (!('epoch' in json)) {
      if (values.length !== 3) faults.push(`${where}: one position has 3 numbers`);
      return;
    }
    if (values.length % 4 !== 0 || values.length < 8) faults.push(`${where}: positions over time have 4 numbers each`);
    const offsets = values.filter((_, i) => i % 4 === 0);
    if (offsets.some((offset, i) => i > 0 && offset <= offsets[i - 1]!)) faults.push(`${where}: times do not rise`);
  }
}
