import { type FaultList, toNodeId } from '@satsim/core';
import { meanAltitudeKm, parseElements } from '@satsim/elements';
import type { TextFile } from './state-files.js';

export interface Satellites {
  /** By Hypatia's index; the ids that satsim gives to the satellites of this file. */
  readonly ids: readonly string[];
  readonly epochMs: number;
  readonly meanAltitudeKm: number;
}

/** `tles.txt`: `<orbits> <satellites per orbit>`, then three lines a satellite, all of one epoch. `null` after a fault. */
export function readSatellites(file: TextFile, faults: FaultList): Satellites | null {
  const counts = /^(\d+) +(\d+)\s/.exec(file.text);
  const { elements, faults: found } = parseElements(file.text, file.path);
  for (const { line, message } of found) faults.add(file.path, line, [], message);
  if (counts === null) faults.add(file.path, 1, [], 'the first line is not `<orbits> <satellites per orbit>`');
  if (counts === null || found.length > 0) return null;

  const expected = Number(counts[1]) * Number(counts[2]);
  if (elements.length !== expected) faults.add(file.path, 1, [], `says ${counts[1]} × ${counts[2]} satellites, and ${elements.length} follow`);
  const epochs = elements.map(({ epoch }) => epoch.unixSeconds * 1_000 + Math.round(epoch.nanos / 1e6));
  const other = epochs.findIndex((epoch) => epoch !== epochs[0]);
  if (other !== -1) faults.add(file.path, null, ['satellites', other, 'epoch'], 'differs from that of the first satellite', 'a state has one epoch');
  const ids = elements.map(({ objectName }) => toNodeId(objectName));
  const first = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    if (id === '') faults.add(file.path, null, ['satellites', index, 'name'], 'has no letter or digit');
    else if (first.has(id))
      faults.add(
        file.path,
        null,
        ['satellites', index, 'name'],
        `makes the id ${id}, as that of satellite ${first.get(id)} does`,
        'number the satellites in their names',
      );
    else first.set(id, index);
  }
  return { ids, epochMs: epochs[0]!, meanAltitudeKm: elements.reduce((sum, set) => sum + meanAltitudeKm(set), 0) / elements.length };
}
