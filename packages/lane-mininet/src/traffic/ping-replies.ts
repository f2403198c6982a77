/** What became of one echo request. */
export interface Echo {
  readonly sequence: number;
  /** Wall clock at which it was sent, Unix ms. */
  readonly sentAtMs: number;
  /** `null`: lost. */
  readonly rttMs: number | null;
}

/** An answer that has not come by then does not come. */
export const LOST_AFTER_MS = 3_000;

const REPLY = /^\[(\d+\.\d+)\] \d+ bytes from \S+: icmp_seq=(\d+) (?:ttl|hop_limit)=\d+ time=([\d.]+) ms/;

/**
 * Reads what `ping -n -D` prints. Requests go out at even intervals, answers come in any order or not at all: what becomes
 * known is told in the order of the requests.
 */
export class PingReplies {
  readonly #intervalMs: number;
  readonly #known = new Map<number, Echo>();
  /** Sequence number that is to be told next; ping counts from 1. */
  #next = 1;
  /** Wall clock at which the request 0 would have been sent. */
  #originMs: number;

  /** @param startedAtMs Unix ms; the best guess until the first answer */
  constructor(intervalMs: number, startedAtMs: number) {
    this.#intervalMs = intervalMs;
    this.#originMs = startedAtMs - intervalMs;
  }

  hear(line: string): void {
    const reply = REPLY.exec(line);
    if (!reply) return;
    const [sequence, rttMs] = [this.#unwrapped(Number(reply[2])), Number(reply[3])];
    const sentAtMs = Number(reply[1]) * 1000 - rttMs;
    this.#originMs = sentAtMs - sequence * this.#intervalMs;
    // A request is answered once; a duplicate comes later.
    if (sequence >= this.#next && !this.#known.has(sequence)) this.#known.set(sequence, { sequence, sentAtMs, rttMs });
  }

  /** What has become known. @param lastMs requests that were sent after this moment are of no account, Unix ms */
  take(nowMs: number, lastMs: number = nowMs): readonly Echo[] {
    const taken: Echo[] = [];
    for (;;) {
      const sentAtMs = this.#sentAtMs();
      const echo = this.#known.get(this.#next) ?? (sentAtMs + LOST_AFTER_MS <= nowMs ? { sequence: this.#next, sentAtMs, rttMs: null } : null);
      if (echo === null || sentAtMs > lastMs) return taken;
      this.#known.delete(this.#next);
      this.#next += 1;
      taken.push(echo);
    }
  }

  /** Whether it is known of all requests that were sent until then, Unix ms, what became of them, and all of it was taken. */
  settled(lastMs: number): boolean {
    return this.#sentAtMs() > lastMs;
  }

  /** Of the next request to be told. */
  #sentAtMs(): number {
    return this.#known.get(this.#next)?.sentAtMs ?? this.#originMs + this.#next * this.#intervalMs;
  }

  /** ping's numbers have 16 bits. */
  #unwrapped(sequence: number): number {
    const turn = 0x1_0000;
    return sequence + turn * Math.round((this.#next - sequence) / turn);
  }
}
