/** What a fake network interface has: its queueing disciplines as the kernel keeps them. */
export interface FakeDevice {
  /** Of the namespace that it is in; `null` for the root one. */
  readonly pid: number | null;
  readonly peer: string;
  up: boolean;
  readonly qdiscs: Map<string, FakeQdisc>;
  /** Bytes a second of the one htb class. */
  classRate: number | null;
}

interface FakeQdisc {
  readonly kind: string;
  readonly parent: string | null;
  limit: number;
  delayTicks: number;
  loss: number;
  rate: number;
}

/** What a program says to one line. */
export interface Said {
  readonly stdout?: string;
  /** Then `Command failed` follows. */
  readonly error?: string;
}

export type Devices = ReadonlyMap<string, FakeDevice>;
/** The kernel counts time in units of 64 ns; tc passes whole microseconds on. */
const TICKS_PER_US = 15.625;
const sixDigits = (value: number): number => Number(value.toPrecision(6));

/** One line of `tc -j -force -batch -` as iproute2 6.1 and a kernel take it. */
export function fakeTc(line: string, pid: number | null, all: Devices): Said {
  const devices = inNamespace(pid, all);
  const [object, verb, ...rest] = line.split(' ');
  if (object === 'filter') return { stdout: '[]' };
  if (object === 'qdisc' && verb === 'show') return { stdout: JSON.stringify([...devices].flatMap(([dev, device]) => printQdiscs(dev, device))) };
  const [, name, ...what] = rest;
  const device = devices.get(name!);
  if (!device) return { error: `Cannot find device "${name}"` };
  if (object === 'class' && verb === 'show') return device.classRate === null ? {} : { stdout: printClass(device.classRate) };
  const words = parse(what);
  return object === 'class' ? setClass(device, verb!, words) : setQdisc(device, verb!, words);
}

/** One line of `ip -j -force -batch -`, of interfaces; what it says of routes and neighbours only has to name an interface that is there. */
export function fakeIp(line: string, pid: number | null, all: Devices): Said {
  const devices = inNamespace(pid, all);
  if (line === 'neigh show dev lo') return { stdout: '[]' };
  if (line === 'link show') {
    const flags = ({ up, peer }: FakeDevice): string[] => (!up ? [] : all.get(peer)?.up ? ['UP', 'LOWER_UP'] : ['UP', 'NO-CARRIER']);
    return { stdout: JSON.stringify([...devices].map(([ifname, device]) => ({ ifname, flags: flags(device) }))) };
  }
  const name = / dev (\S+)/.exec(line)?.[1];
  const device = name === undefined ? undefined : devices.get(name);
  if (name !== undefined && !device) return { error: `Cannot find device "${name}"` };
  const set = /^link set dev \S+ (up|down)\b/.exec(line);
  if (set) device!.up = set[1] === 'up';
  return {};
}

const inNamespace = (pid: number | null, all: Devices): Devices => new Map([...all].filter(([, device]) => device.pid === pid));

function setQdisc(device: FakeDevice, verb: string, { handle, parent, kind, values }: Words): Said {
  const before = device.qdiscs.get(handle);
  if (verb === 'add' && before) return { error: 'Error: Exclusivity flag on, cannot modify.' };
  if (verb === 'change' && before?.kind !== kind) return { error: 'Error: Specified qdisc not found.' };
  if (parent !== null && !device.qdiscs.has('1:')) return { error: 'Error: Failed to find specified qdisc.' };
  const number = (key: string, otherwise: number): number => Number.parseFloat(values.get(key) ?? String(otherwise));
  device.qdiscs.set(handle, {
    kind,
    parent,
    limit: number('limit', 1000),
    // What is not said is zero, but for the rate.
    delayTicks: Math.floor(Math.floor(number('delay', 0)) * TICKS_PER_US),
    loss: Math.round((number('loss', 0) / 100) * (2 ** 32 - 1)),
    rate: values.has('rate') ? Math.floor(number('rate', 0) / 8) : (before?.rate ?? 0),
  });
  const child = device.qdiscs.get('10:');
  if (kind === 'tbf' && verb === 'change' && child?.kind === 'pfifo') child.limit = number('limit', 0);
  return {};
}

function setClass(device: FakeDevice, verb: string, { values }: Words): Said {
  if (device.qdiscs.get('1:')?.kind !== 'htb' || (verb === 'change' && device.classRate === null)) return { error: 'Error: Specified class not found.' };
  device.classRate = Math.floor(Number.parseFloat(values.get('rate')!) / 8);
  return {};
}

interface Words {
  readonly handle: string;
  readonly parent: string | null;
  readonly kind: string;
  readonly values: ReadonlyMap<string, string>;
}

/** `root handle 1: netem limit 7 …`, `parent 1:1 handle 10: pfifo limit 7`, `parent 1: classid 1:1 htb rate 8bit …` */
function parse(words: readonly string[]): Words {
  const parent = words[0] === 'root' ? null : words[1]!;
  const [, handle, kind, ...pairs] = words.slice(parent === null ? 1 : 2);
  const values = new Map<string, string>();
  for (let i = 0; i < pairs.length; i += 2) values.set(pairs[i]!, pairs[i + 1]!);
  return { handle: handle!, parent, kind: kind!, values };
}

function printQdiscs(dev: string, { qdiscs }: FakeDevice): object[] {
  return [...qdiscs].map(([handle, { kind, parent, limit, delayTicks, loss, rate }]) => {
    const place = { kind, handle, dev, ...(parent === null ? { root: true } : { parent }) };
    if (kind === 'netem') {
      const delay = delayTicks > 0 && { delay: { delay: sixDigits(Math.floor(delayTicks / TICKS_PER_US) / 1e6), jitter: 0, correlation: 0 } };
      const lost = loss > 0 && { 'loss-random': { loss: sixDigits(loss / (2 ** 32 - 1)), correlation: 0 } };
      return { ...place, options: { limit, ...delay, ...lost, ...(rate > 0 && { rate: { rate } }) } };
    }
    return { ...place, options: kind === 'tbf' ? { rate } : kind === 'pfifo' ? { limit } : {} };
  });
}

/** As text, whatever `-j` asks for. */
function printClass(bytesPerS: number): string {
  let rate = bytesPerS * 8;
  let unit = 0;
  while (rate >= 1000 && (rate % 1000 === 0 || rate >= 1_000_000) && unit < 4) [rate, unit] = [Math.floor(rate / 1000), unit + 1];
  return `class htb 1:1 root leaf 10: prio 0 rate ${rate}${['', 'K', 'M', 'G', 'T'][unit]}bit ceil ${rate}bit burst 1514b cburst 1514b `;
}
