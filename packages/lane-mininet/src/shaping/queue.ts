/** Ethernet frame that a full IP packet makes on a veth, bytes. */
export const FRAME_BYTES = 1514;
/** Time that a packet may wait in a full queue, seconds. */
const QUEUE_S = 0.1;
/** However slow the link is, a burst of this many packets fits. */
const LEAST_PACKETS = 100;
/** Longest time for which htb or tbf may send ahead: a timer of the kernel comes late by so much. */
const BURST_S = 0.002;
const MOST_PACKETS = 10_000_000;

/**
 * Packets that a link's queue holds: those under way (netem keeps them in its queue for the whole delay) and 100 ms of
 * waiting, rate × (delay + 0.1 s) in full frames, and at least 100 more.
 */
export function queuePackets(rateBps: number, delayS: number): number {
  return Math.min(MOST_PACKETS, Math.ceil((rateBps * (delayS + QUEUE_S)) / (8 * FRAME_BYTES)) + LEAST_PACKETS);
}

/**
 * Bytes that a token bucket may send at once: 2 ms at its rate, and at least two frames. A fixed burst starves TCP on fast
 * links (Mininet pull request 1252) and lets slow ones exceed their rate.
 */
export function burstBytes(rateBps: number): number {
  return Math.max(2 * FRAME_BYTES, Math.ceil((rateBps / 8) * BURST_S));
}
