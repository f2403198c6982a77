/** Largest number that a node, and a port, may have: both stand in two bytes of the MAC address. */
export const MAX_NUMBER = 0xffff;

/** `base` plus the node's number. @param base dotted quad */
export function ipv4Of(base: string, number: number): string {
  const sum = base.split('.').reduce((value, part) => value * 256 + Number(part), 0) + number;
  return [24, 16, 8, 0].map((shift) => Math.floor(sum / 2 ** shift) % 256).join('.');
}

/** @param prefix four groups: the first 64 bits */
export function ipv6Of(prefix: string, number: number): string {
  return `${prefix}::${number.toString(16)}`;
}

/** Locally administered, unicast; unique within a run. */
export function macOf(number: number, port: number): string {
  const bytes = [0x02, 0x5a, number >> 8, number & 0xff, port >> 8, port & 0xff];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The IPv6 address that an interface has on its link (RFC 4291, appendix A: modified EUI-64). */
export function linkLocalOf(mac: string): string {
  const [a, b, c, d, e, f] = mac.split(':').map((part) => Number.parseInt(part, 16)) as [number, number, number, number, number, number];
  const group = (high: number, low: number): string => (high * 256 + low).toString(16);
  return `fe80::${group(a ^ 2, b)}:${group(c, 0xff)}:${group(0xfe, d)}:${group(e, f)}`;
}
