import type { Column } from './column.js';

/** The numbers of a column; NaN for `null`. */
export function unpack(bytes: Uint8Array, { at, n, scale, order }: Column): Float64Array {
  const values = new Float64Array(n);
  let place = at;
  let last = 0;
  let step = 0;
  for (let i = 0; i < n; i += 1) {
    let word = 0;
    let unit = 1;
    let byte = bytes[place]!;
    while (byte >= 128) {
      word += (byte - 128) * unit;
      unit *= 128;
      place += 1;
      byte = bytes[place]!;
    }
    word += byte * unit;
    place += 1;
    if (word === 0) {
      values[i] = Number.NaN;
      continue;
    }
    const rest = word % 2 === 1 ? (word - 1) / 2 : -word / 2;
    const difference = order === 1 ? rest : rest + step;
    last += difference;
    step = difference;
    values[i] = last / scale;
  }
  return values;
}
