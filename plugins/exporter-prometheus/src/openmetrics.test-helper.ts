/** A strict reader of the OpenMetrics 1.0 text format, as far as this exporter uses it: throws at the first broken rule. */

export interface Point {
  readonly timeMs: number;
  readonly value: number;
}
export interface ReadFamily {
  readonly type: string;
  readonly unit: string | null;
  /** By sample name and labels as they stand in the file. */
  readonly series: Map<string, Point[]>;
}

const METADATA = /^# (TYPE|UNIT|HELP) ([a-z_]+) (.+)$/;
const SAMPLE = /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\]|\\["\\n])*",?)+\})? (NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?) (\d+(?:\.\d{1,3})?)$/;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = { counter: ['_total'], gauge: [''], info: ['_info'], histogram: ['_bucket', '_sum', '_count'] };

export function readOpenMetrics(text: string): Map<string, ReadFamily> {
  if (!text.endsWith('\n# EOF\n')) throw new Error('the end is missing');
  const families = new Map<string, ReadFamily>();
  let name = '';
  let lastSeries = '';
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const fail = (what: string): never => {
      throw new Error(`${what}: ${line}`);
    };
    const [, keyword, subject, content] = METADATA.exec(line) ?? [];
    if (keyword === 'TYPE') {
      if (families.has(subject!)) fail('a family in two places');
      if (!(content! in SUFFIXES)) fail('an unknown type');
      name = subject!;
      families.set(name, { type: content!, unit: null, series: new Map() });
      continue;
    }
    const family = families.get(name) ?? fail('something before the first TYPE');
    if (keyword !== undefined) {
      if (subject !== name) fail('metadata of another family');
      if (family.series.size > 0) fail('metadata after samples');
      if (keyword === 'UNIT') {
        if (!name.endsWith(`_${content}`)) fail('the unit is not the suffix of the name');
        families.set(name, { ...family, unit: content! });
      }
      continue;
    }
    const [, sample, labels = '', value, time] = SAMPLE.exec(line) ?? fail('not a line of the format');
    if (!SUFFIXES[family.type]!.some((suffix) => sample === name + suffix)) fail('a sample of another family');
    const key = `${sample}${labels}`;
    const points = family.series.get(key) ?? [];
    if (points.length > 0 && key !== lastSeries) fail('a series in two places');
    lastSeries = key;
    const point = { timeMs: Math.round(Number(time) * 1000), value: Number(value!.replace('Inf', 'Infinity')) };
    const before = points.at(-1);
    if (before && point.timeMs <= before.timeMs) fail('time does not rise');
    if (family.type === 'counter' && !(point.value >= (before?.value ?? 0))) fail('a counter goes back');
    points.push(point);
    family.series.set(key, points);
  }
  return families;
}
