import { GeomrfError } from '@satsim/core';

export const INDEX_BYTES = 4;
export const REAL_BYTES = 8;

/** Throws a GeomrfError: the engine sent what no engine should. */
export type Refuse = (what: string) => never;

export function refusing(tickIndex: number): Refuse {
  return (what) => {
    throw new GeomrfError('GEOMRF_INTERNAL', `tick ${tickIndex}: the engine sent ${what}`, { tickIndex });
  };
}

/** A column of the wire; its values are little-endian, and lie in the message as it happens. */
export function column(bytes: Uint8Array, due: number, name: string, refuse: Refuse): DataView {
  if (bytes.length !== due) refuse(`${bytes.length} bytes of ${name} where ${due} were due`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** How many indices a column has. */
export function countOf({ length }: Uint8Array, name: string, refuse: Refuse): number {
  return length % INDEX_BYTES === 0 ? length / INDEX_BYTES : refuse(`${length} bytes of ${name}: no whole number of indices`);
}
