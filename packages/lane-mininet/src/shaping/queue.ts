/** Ethernet frame that a full IP packet makes on a veth, bytes. */
export const FRAME_BYTES = 1514;
/** Time that packets may wait in a full queue, seconds. */
const QUEUE_S = 0.1;
/** However slow the link is: a train of a few packets, such as TCP begins with, does not lose its end. */
const LEAST_WAITING = 4;
/** Of a packet under way, bytes: small ones are more on the same way. */
const UNDER_WAY_BYTES = 500;
/** Longest time for which htb or tbf may send ahead: a timer of the kernel comes late by so much. */
const BURST_S = 0.002;
const MOST_PACKETS = 10_000_000;

/**
 * Packets that a link's queue holds: those under way, which netem keeps in the same queue for the whole delay, rate × delay
 * in packets of 500 bytes, so that small ones get through at the full rate too; and those that wait, rate × 0.1 s in full
 * frames, four at least; and the one that is being sent. Full frames alone so wait no longer than 0.1 s and twice the delay.
 */
export function queuePackets(rateBps: number, delayS: number): number {
  const packets = (seconds: number, bytes: number): number => Math.ceil((rateBps * seconds) / (8 * bytes));
  const underWay = packets(delayS, UNDER_WAY_BYTES);
  return Math.min(MOST_PACKETS, underWay + Math.max(LEAST_WAITING, packets(QUEUE_S, FRAME_BYTES)) + 1);
}

/**
 * Bytes that a token bucket may send at once: 2 ms at its rate, and at least two frames. A fixed burst starves TCP on fast
 * links (Mininet pull request 1252) and lets slow ones exceed their rate.
 */
export function burstBytes(rateBps: number): number {
  return Math.max(2 * FRAME_BYTES, Math.ceil((rateBps / 8) * BURST_S));
}
