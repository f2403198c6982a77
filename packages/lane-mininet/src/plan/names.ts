import { createHash } from 'node:crypto';

const FIRST = 'abcdefghijklmnopqrstuvwxyz';
const REST = 36 ** 3;

/** What the kernel takes (IFNAMSIZ less the closing zero). */
export const MAX_INTERFACE_NAME = 15;

/** Four characters that all names of a run begin with: interfaces are made in the root namespace, where runs meet. */
export function runPrefix(runId: string): string {
  const number = createHash('sha256').update(runId).digest().readUInt32BE(0);
  return FIRST[number % FIRST.length]! + (Math.floor(number / FIRST.length) % REST).toString(36).padStart(3, '0');
}

/** Of the Mininet node, and of its bridge. */
export function nodeName(prefix: string, number: number): string {
  return prefix + number.toString(36);
}

/** Of a node's port; 12 characters at most for a million nodes of 46,656 ports. */
export function interfaceName(prefix: string, number: number, port: number): string {
  return `${nodeName(prefix, number)}-${port.toString(36)}`;
}

/** Of a switch: the run's prefix, read in base 36, before four digits of the node's number. Runs may share a controller. */
export function datapathId(prefix: string, number: number): string {
  return Number.parseInt(prefix, 36).toString(16).padStart(12, '0') + number.toString(16).padStart(4, '0');
}
