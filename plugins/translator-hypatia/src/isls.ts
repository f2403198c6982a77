import type { FaultList } from '@satsim/core';
import { linesOf, type TextFile } from './state-files.js';

/** `isls.txt`: two indices of satellites a line, undirected, each pair once. */
export function readIsls(file: TextFile, satelliteCount: number, faults: FaultList): (readonly [number, number])[] {
  const seen = new Map<string, number>();
  return linesOf(file).flatMap(({ number, line }) => {
    const fault = (message: string): [] => {
      faults.add(file.path, number, [], message);
      return [];
    };
    const match = /^(\d+)\s+(\d+)$/.exec(line);
    if (match === null) return fault(`two indices of satellites are expected, found ${JSON.stringify(line.slice(0, 40))}`);
    const [a, b] = [Number(match[1]), Number(match[2])];
    const unknown = [a, b].find((index) => index >= satelliteCount);
    if (unknown !== undefined) return fault(`there is no satellite ${unknown}; the last is ${satelliteCount - 1}`);
    if (a === b) return fault(`satellite ${a} cannot be linked to itself`);
    const key = `${Math.min(a, b)} ${Math.max(a, b)}`;
    if (seen.has(key)) return fault(`the satellites ${a} and ${b} are linked in line ${seen.get(key)} already`);
    seen.set(key, number);
    return [[a, b] as const];
  });
}
