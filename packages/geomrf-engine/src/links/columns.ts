type Column = Uint8Array | Int16Array | Int32Array | Float64Array;

/** Sizes wander by a few percent. */
const GROWTH = 1.125;

/** An empty column, in memory that threads share or not. */
export function column<T extends Column>(Type: new (memory: ArrayBuffer | SharedArrayBuffer) => T, shared: boolean): T {
  return new Type(shared ? new SharedArrayBuffer(0) : new ArrayBuffer(0));
}

/** A column of at least `length` values that begins as the given one; in memory of the same kind, shared or not. */
export function grown<T extends Column>(column: T, length: number): T {
  if (column.length >= length) return column;
  const wider = emptyLike(column, Math.ceil(GROWTH * length));
  wider.set(column);
  return wider;
}

/** As {@link grown}, for a column whose values don't matter any more. */
export function roomy<T extends Column>(column: T, length: number): T {
  return column.length >= length ? column : emptyLike(column, Math.ceil(GROWTH * length));
}

function emptyLike<T extends Column>(column: T, length: number): T {
  const { BYTES_PER_ELEMENT } = column;
  const Memory = column.buffer instanceof SharedArrayBuffer ? SharedArrayBuffer : ArrayBuffer;
  return new (column.constructor as new (memory: ArrayBuffer | SharedArrayBuffer) => T)(new Memory(length * BYTES_PER_ELEMENT));
}
