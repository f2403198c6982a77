import { ScenarioError } from '@satsim/core';

export interface GroundStation {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
}

/** Frankfurt and Klagenfurt, as in StarryNet's own example. */
export const EXAMPLE_STATIONS = named([
  [50.110924, 8.682127],
  [46.6357, 14.311817],
]);

/** StarryNet is given its stations in the program that calls it: `GS_lat_long = [[50.1, 8.7], [46.6, 14.3]]`. */
const ASSIGNMENT = /^[ \t]*GS_lat_long[ \t]*=[ \t]*(\[[^=]*?\][ \t\r\n,]*\])/gm;

/**
 * The stations of the one program among the files that has such a list; `null` when none has.
 * @throws ScenarioError when there are two lists, or what one of them holds is no coordinate
 */
export function readGroundStations(files: ReadonlyMap<string, Uint8Array>): readonly GroundStation[] | null {
  const lists = [...files]
    .filter(([path]) => path.endsWith('.py'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, content]) => {
      const text = new TextDecoder().decode(content);
      return [...text.matchAll(ASSIGNMENT)].map((match) => ({ file: path, line: text.slice(0, match.index).split('\n').length, list: match[1]! }));
    });
  const [first, second] = lists;
  if (first === undefined) return null;
  const fault = (message: string, { file, line } = first): never => {
    throw new ScenarioError([{ message, path: ['GS_lat_long'], file, line }]);
  };
  if (second !== undefined) return fault(`is set in ${first.file}:${first.line} already`, second);

  let value: unknown;
  try {
    // What is left of Python without its comments and trailing commas is JSON.
    value = JSON.parse(first.list.replaceAll(/#.*/g, '').replaceAll(/,(?=\s*\])/g, ''));
  } catch {
    return fault('is not a plain list of [latitude, longitude]');
  }
  const places = value as unknown[];
  for (const [index, place] of places.entries()) {
    if (!isPlace(place)) return fault(`station ${index + 1} is not [latitude, longitude] in degrees: ${JSON.stringify(place)}`);
  }
  return named(places as [number, number][]);
}

function isPlace(place: unknown): place is readonly [number, number] {
  return Array.isArray(place) && place.length === 2 && within(place[0], -90, 90) && within(place[1], -180, 360);
}

const within = (value: unknown, low: number, high: number): boolean => typeof value === 'number' && value >= low && value <= high;

function named(places: readonly (readonly [lat: number, lon: number])[]): GroundStation[] {
  return places.map(([lat, lon], index) => ({ id: `gs-${index + 1}`, lat, lon }));
}
