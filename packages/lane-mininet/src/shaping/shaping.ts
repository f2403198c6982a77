import type { LinkState } from '@satsim/core';
import type { MininetConfig } from '../config.js';
import { burstBytes, FRAME_BYTES, queuePackets } from './queue.js';

/** What is asked for on the interface by which a directed link leaves. Whole, never a patch. With `delay: none` nobody asks the kernel for delay and loss. */
export interface Shape {
  /** Nothing passes: there is no room in the queue. */
  readonly drop: boolean;
  readonly rateBps: number;
  /** Whole: tc before 6.9 cuts off what is less than a microsecond. */
  readonly delayUs: number;
  readonly lossPct: number;
  /** 0 where nothing passes, and only there. */
  readonly queuePackets: number;
  readonly burstBytes: number;
}

export type ShapingOptions = Pick<MininetConfig['shaping'], 'delay' | 'queue_packets' | 'burst_bytes'> & { readonly rate: 'netem' | 'htb' | 'tbf' };

/** A rate that tc takes while nothing may pass anyway. */
const ANY_RATE_BPS = 1_000_000;

export function shapingOptions({ delay, rate, queue_packets, burst_bytes }: MininetConfig['shaping']): ShapingOptions {
  return { delay, rate: rate ?? (delay === 'netem' ? 'netem' : 'htb'), ...(queue_packets && { queue_packets }), ...(burst_bytes && { burst_bytes }) };
}

/** What a link's state asks of the kernel; `null` is a link that is not in the set. */
export function shapeOf(state: LinkState | null, options: ShapingOptions): Shape {
  const drop = state === null || !state.up || state.capacityMbps <= 0;
  const rateBps = drop ? ANY_RATE_BPS : Math.max(8, Math.round(state.capacityMbps * 1e6));
  const delayUs = drop ? 0 : Math.round(state.oneWayDelayMs * 1e3);
  const heldS = options.delay === 'none' ? 0 : delayUs / 1e6;
  return {
    drop,
    rateBps,
    delayUs,
    lossPct: drop ? 0 : state.lossPct,
    queuePackets: drop ? 0 : (options.queue_packets ?? queuePackets(rateBps, heldS)),
    burstBytes: options.burst_bytes ?? burstBytes(rateBps),
  };
}

/** Lines for `tc -batch` that put a new interface's queueing disciplines into place. */
export function createLines(device: string, shape: Shape, options: ShapingOptions): readonly string[] {
  const root = `dev ${device} root handle 1:`;
  if (options.rate === 'netem') return [`qdisc add ${root} ${netem(shape, options)}`];
  const child = `qdisc add dev ${device} parent 1:1 handle 10: ${inner(shape, options)}`;
  if (options.rate === 'tbf') return [`qdisc add ${root} ${tbf(shape)}`, child];
  return [`qdisc add ${root} htb default 1`, `class add dev ${device} parent 1: classid 1:1 ${htb(shape)}`, child];
}

/** Lines that bring an interface from one shape to another, in place: nothing is deleted, so no packet is. */
export function changeLines(device: string, before: Shape, after: Shape, options: ShapingOptions): readonly string[] {
  if (options.rate === 'netem') return same(before, after) ? [] : [`qdisc change dev ${device} root handle 1: ${netem(after, options)}`];
  const bucket = before.rateBps !== after.rateBps || before.burstBytes !== after.burstBytes;
  const lines: string[] = [];
  if (bucket && options.rate === 'tbf') lines.push(`qdisc change dev ${device} root handle 1: ${tbf(after)}`);
  if (bucket && options.rate === 'htb') lines.push(`class change dev ${device} parent 1: classid 1:1 ${htb(after)}`);
  // tbf gives its own limit, in bytes, to a fifo below it, which takes it for packets: that has to be put right each time.
  if ((bucket && options.rate === 'tbf') || inner(before, options) !== inner(after, options))
    lines.push(`qdisc change dev ${device} parent 1:1 handle 10: ${inner(after, options)}`);
  return lines;
}

export function same(one: Shape, other: Shape): boolean {
  return (Object.keys(one) as (keyof Shape)[]).every((key) => one[key] === other[key]);
}

/** netem resets what is not said: delay and loss are there always, zero too. */
const netem = ({ drop, rateBps, delayUs, lossPct, queuePackets: limit }: Shape, { rate }: ShapingOptions): string =>
  `netem limit ${limit} delay ${delayUs}us loss ${drop ? 100 : lossPct}%${rate === 'netem' ? ` rate ${rateBps}bit` : ''}`;

const inner = (shape: Shape, options: ShapingOptions): string => (options.delay === 'netem' ? netem(shape, options) : `pfifo limit ${shape.queuePackets}`);

/** `quantum` matters only between classes; without it htb warns about every other rate. */
const htb = ({ rateBps, burstBytes: burst }: Shape): string =>
  `htb rate ${rateBps}bit ceil ${rateBps}bit burst ${burst}b cburst ${burst}b quantum ${FRAME_BYTES}`;

/** The limit is the child's affair; tc wants to hear one that is not zero. */
const tbf = ({ rateBps, burstBytes: burst }: Shape): string => `tbf rate ${rateBps}bit burst ${burst}b limit ${burst}b`;
