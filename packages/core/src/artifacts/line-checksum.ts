import { crc32 } from 'node:zlib';

/** CRC-32 of a value's JSON, eight hexadecimal digits: what a line of a file says of the rest of itself, so that damage is noticed. */
export function lineChecksum(value: object): string {
  return crc32(JSON.stringify(value)).toString(16).padStart(8, '0');
}
