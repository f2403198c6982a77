/** How a zstd frame begins (RFC 8878, 3.1.1). */
const MAGIC = 0xfd2fb528;
const MAGIC_BYTES = 4;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const BLOCK_HEADER_BYTES = 3;
const BLOCK_TYPES = { rle: 1, reserved: 3 } as const;
/** No block may be longer (RFC 8878, 3.1.1.2.3). */
const BLOCK_LIMIT = 128 * 1024;
const CHECKSUM_BYTES = 4;

/** Whether a file begins as zstd does. */
export function isZstd(bytes: Buffer): boolean {
  return bytes.length >= MAGIC_BYTES && bytes.readUInt32LE(0) === MAGIC;
}

/**
 * How long the zstd frame at the beginning of the bytes is, without reading what is in it: Node decompresses one frame at a
 * time, and has to be told where it ends.
 * @returns `null` when the bytes end before the frame does
 * @throws Error when this is no zstd frame
 */
export function frameLength(bytes: Buffer): number | null {
  if (bytes.length < MAGIC_BYTES) return null;
  if (!isZstd(bytes)) throw new Error('no zstd frame begins here');
  const descriptor = bytes[MAGIC_BYTES];
  if (descriptor === undefined) return null;
  const singleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const contentSize = sizeFlag === 0 && singleSegment ? 1 : CONTENT_SIZE_BYTES[sizeFlag]!;
  let at = MAGIC_BYTES + 1 + (singleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3]! + contentSize;
  for (let last = false; !last;) {
    if (at + BLOCK_HEADER_BYTES > bytes.length) return null;
    const header = bytes.readUIntLE(at, BLOCK_HEADER_BYTES);
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === BLOCK_TYPES.reserved || size > BLOCK_LIMIT) throw new Error('there is no zstd block where one is due');
    last = (header & 1) === 1;
    at += BLOCK_HEADER_BYTES + (type === BLOCK_TYPES.rle ? 1 : size);
  }
  at += (descriptor & 4) === 0 ? 0 : CHECKSUM_BYTES;
  return at <= bytes.length ? at : null;
}
