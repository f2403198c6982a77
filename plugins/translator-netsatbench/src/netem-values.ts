/** Values as `tc` takes them, which is how NetSatBench writes them. */

const RATES: Readonly<Record<string, number>> = {
  '': 1e-6,
  bit: 1e-6,
  kbit: 1e-3,
  mbit: 1,
  gbit: 1e3,
  tbit: 1e6,
  bps: 8e-6,
  kbps: 8e-3,
  mbps: 8,
  gbps: 8e3,
  tbps: 8e6,
  kibit: 1_024e-6,
  mibit: 1_024 ** 2 / 1e6,
  gibit: 1_024 ** 3 / 1e6,
};
const TIMES: Readonly<Record<string, number>> = {
  '': 1e-3,
  s: 1e3,
  sec: 1e3,
  secs: 1e3,
  ms: 1,
  msec: 1,
  msecs: 1,
  us: 1e-3,
  usec: 1e-3,
  usecs: 1e-3,
  ns: 1e-6,
};

/** Mbit/s; `null` for what is no rate, 0 included: tc takes that for no limit. */
export function rateMbps(value: unknown): number | null {
  const rate = withUnit(value, RATES);
  return rate === null || rate === 0 ? null : rate;
}

/** Milliseconds; `null` for what is no delay. */
export const delayMs = (value: unknown): number | null => withUnit(value, TIMES);

/** Percent; `null` for what is no share. */
export function lossPct(value: unknown): number | null {
  const loss = withUnit(value, { '': 1, '%': 1 });
  return loss !== null && loss <= 100 ? loss : null;
}

function withUnit(value: unknown, units: Readonly<Record<string, number>>): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const [, digits, unit = ''] = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z%]*)$/.exec(String(value).trim().toLowerCase()) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return digits === undefined || factor === undefined ? null : Number((Number(digits) * factor).toPrecision(12));
}
