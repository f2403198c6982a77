import { type FaultList, toNodeId } from '@satsim/core';
import { linesOf, type TextFile } from './state-files.js';

export interface GroundStation {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly alt_m: number;
}

/**
 * `ground_stations.txt`: `id,name,latitude,longitude,elevation[,x,y,z]`, numbered from 0, degrees and metres. The
 * Cartesian place says the same once more and is not read.
 * @param taken ids that others have; a station that has one of them, or that of a station before it, gets its number behind it
 */
export function readGroundStations(file: TextFile, taken: Iterable<string>, faults: FaultList): GroundStation[] {
  const used = new Set(taken);
  return linesOf(file).map(({ number, line }, index) => {
    const columns = line.split(',').map((column) => column.trim());
    const [gid, name = '', latitude, longitude, elevation] = columns;
    if (columns.length !== 8 && columns.length !== 5)
      faults.add(file.path, number, [], `5 or 8 columns are expected (id,name,latitude,longitude,elevation[,x,y,z]), found ${columns.length}`);
    else if (gid !== String(index)) faults.add(file.path, number, ['id'], `is ${gid}, and the stations have to be numbered from 0: ${index} is expected`);

    const read = (field: string, text: string | undefined, low: number, high: number): number => {
      const value = text === undefined || text === '' ? NaN : Number(text);
      if (text !== undefined && !(value >= low && value <= high))
        faults.add(file.path, number, [field], `a number between ${low} and ${high} is expected, found ${JSON.stringify(text)}`);
      return value;
    };
    const plain = toNodeId(name);
    const id = plain === '' ? `gs-${index}` : used.has(plain) ? `${plain}-${index}` : plain;
    used.add(id);
    return { id, lat: read('latitude', latitude, -90, 90), lon: read('longitude', longitude, -180, 360), alt_m: read('elevation', elevation, -500, 100_000) };
  });
}
