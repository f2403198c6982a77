import type { SweepData } from '../src/report-data.js';
import { choice, h, swatch } from './dom.js';
import { plain } from './charts/values.js';

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [760, 340, 78, 16, 14, 46];
type Value = string | number | boolean | null;

/** What is drawn: indices into the sweep's parameters, series and quantities. */
interface Shown {
  x: number;
  series: number;
  quantity: number;
  /** -1: nothing. */
  by: number;
}

/** A result over a parameter; a second parameter may tell the points apart. */
export function sweepPlots(mount: HTMLElement, sweep: SweepData): void {
  const { parameters, series, quantities } = sweep;
  if (parameters.length === 0 || quantities.length === 0) {
    mount.append(h('p', { class: 'note' }, parameters.length === 0 ? 'Nothing was varied.' : 'No cell has a result yet.'));
    return;
  }
  const shown: Shown = { x: 0, series: 0, quantity: 0, by: parameters.length > 1 ? 1 : -1 };
  const place = h('div');
  const show = (): void => place.replaceChildren(plot(sweep, shown));
  const named = (names: readonly string[]): [string, string][] => names.map((name, i) => [String(i), name]);
  const pick = (label: string, options: readonly (readonly [string, string])[], key: keyof Shown): HTMLElement => {
    const made = choice(label, options, (value) => {
      shown[key] = Number(value);
      show();
    });
    made.select.value = String(shown[key]);
    return made;
  };
  const lanes = new Set(series.map(({ lane }) => lane)).size;
  mount.append(
    h(
      'div',
      { class: 'controls' },
      pick('Flow', named(series.map(({ flow, lane }) => (lanes > 1 ? `${flow}, ${lane}` : flow))), 'series'),
      pick('Result', named(quantities), 'quantity'),
      pick('Over', named(parameters), 'x'),
      ...(parameters.length > 1 ? [pick('Told apart by', [['-1', 'nothing'], ...named(parameters)], 'by')] : []),
    ),
    place,
  );
  show();
}

function plot({ parameters, series, quantities, cells }: SweepData, { x, series: which, quantity, by }: Shown): HTMLElement {
  const name = `${quantities[quantity]} of ${series[which]!.flow}`;
  const points = cells.flatMap((cell) => {
    const value = cell.results[which]?.[quantity] ?? null;
    return value === null ? [] : [{ at: cell.parameters[x] ?? null, value, group: by < 0 ? null : (cell.parameters[by] ?? null) }];
  });
  if (points.length === 0) return h('p', { class: 'note' }, `No cell has a ${name}.`);
  const values = [...new Set(points.map(({ at }) => at))].sort(order);
  const numeric = values.every((value) => typeof value === 'number');
  const [lowX, highX] = numeric ? [values[0] as number, values.at(-1) as number] : [0, values.length - 1];
  const scaleX = (value: Value): number => {
    const place = numeric ? (value as number) : values.indexOf(value);
    return highX === lowX ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + 24 + ((place - lowX) / (highX - lowX)) * (WIDTH - LEFT - RIGHT - 48);
  };
  const all = points.map(({ value }) => value);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = most === least ? Math.max(Math.abs(most) * 0.1, 0.5) : (most - least) * 0.1;
  const [low, high] = [least >= 0 ? Math.max(0, least - room) : least - room, most + room];
  const scaleY = (value: number): number => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const groups = [...new Set(points.map(({ group }) => group))].sort(order);
  const summary = `${points.length} cells, from ${plain(least)} to ${plain(most)}.`;
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${name} over ${parameters[x]}: ${summary}`, class: 'scatter' });
  for (const tick of ticks(low, high)) {
    picture.append(
      svg('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: scaleY(tick), y2: scaleY(tick), class: 'grid' }),
      label(LEFT - 8, scaleY(tick) + 4, plain(tick), 'end'),
    );
  }
  const shownX = values.length <= 12 ? values : values.filter((_, i) => i % Math.ceil(values.length / 12) === 0);
  for (const value of shownX) picture.append(label(scaleX(value), HEIGHT - BOTTOM + 18, shortened(String(value ?? '–')), 'middle'));
  picture.append(label((LEFT + WIDTH) / 2, HEIGHT - 8, parameters[x]!, 'middle'));
  for (const [index, group] of groups.entries()) {
    const own = points.filter((point) => point.group === group);
    const means = values.flatMap((at) => {
      const here = own.filter((point) => point.at === at);
      return here.length === 0 ? [] : [`${scaleX(at)},${scaleY(here.reduce((sum, { value }) => sum + value, 0) / here.length)}`];
    });
    if (means.length > 1) picture.append(svg('polyline', { points: means.join(' '), class: `mean s${index % 7} d${Math.floor(index / 7) % 3}` }));
    for (const { at, value } of own) {
      const dot = svg('circle', { cx: scaleX(at), cy: scaleY(value), r: 4, class: `dot s${index % 7}` });
      const title = svg('title', {});
      title.textContent = `${parameters[x]} ${String(at)}${by < 0 ? '' : `, ${parameters[by]} ${String(group)}`}: ${plain(value)}`;
      dot.append(title);
      picture.append(dot);
    }
  }
  const legend =
    by < 0 ? null : h('p', { class: 'legend' }, ...groups.map((group, i) => h('span', { class: 'item' }, swatch(i), `${parameters[by]} ${String(group)}`)));
  return h(
    'figure',
    { class: 'chart' },
    h('figcaption', {}, h('strong', {}, `${name} over ${parameters[x]}`), h('span', { class: 'said' }, `${summary} Dots are cells, lines their means.`)),
    legend,
    picture as unknown as HTMLElement,
  );
}

function svg(tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

function label(x: number, y: number, text: string, anchor: string): SVGElement {
  const element = svg('text', { x, y, 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

const shortened = (text: string): string => (text.length > 14 ? `${text.slice(0, 13)}…` : text);

function order(a: Value, b: Value): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true });
}

function ticks(low: number, high: number): number[] {
  const raw = (high - low) / 5;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((one) => one >= raw)!;
  const found: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i += 1) found.push(Number((i * step).toPrecision(12)));
  return found;
}
