import { relative } from 'node:path';

/** A path as somebody in the working directory would type it. */
export function placeOf(path: string): string {
  const near = relative('', path);
  return near === '' ? '.' : near.startsWith('..') ? path : near;
}
