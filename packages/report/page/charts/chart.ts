import uPlot from 'uplot';
import { type Clock, clockKey, offset } from '../clock.js';
import { dataTable, h, swatch } from '../dom.js';
import { isPrinting, onPrint } from '../print.js';
import { aligned, type Line, padded, plain, valueAt } from './values.js';
import { color, DASHES, font, onThemeChange, seriesColor } from '../theme.js';

/** Something that happened at a time: a triangle at the top of the chart. */
export interface Mark {
  readonly timeS: number;
  readonly color: number;
}

export interface ChartOptions {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  readonly height: number;
  /** A sentence that says what is to be seen. */
  readonly summary: string;
  readonly clock: Clock;
  readonly marks?: readonly Mark[];
  readonly stepped?: boolean;
  readonly logarithmic?: boolean;
  /** Names on the y axis instead of numbers. */
  readonly names?: readonly string[];
  /** What is also to be said of the time under the pointer. */
  readonly remark?: (timeS: number) => string;
}

const PRINT_WIDTH = 680;
/** More marks than this are thin lines: triangles would cover each other. */
const CROWDED = 80;
/** Steps of the time axis, seconds. */
const TIMES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** A line chart over the run's time: under the pointer and the keys, in words, and as a table. */
export class Chart {
  readonly element: HTMLElement;
  readonly #options: ChartOptions;
  readonly #stage: HTMLDivElement;
  readonly #readout = h('p', { class: 'readout' });
  #plot: uPlot | null = null;
  #data: uPlot.AlignedData = [[]];
  #hoverS: number | null = null;
  readonly #ends: (() => void)[];

  constructor(options: ChartOptions) {
    this.#options = options;
    const { title, unit, summary, clock, lines } = options;
    const name = unit === '' ? title : `${title}, ${unit}`;
    this.#stage = h('div', {
      class: 'plot',
      tabindex: 0,
      role: 'slider',
      'aria-label': `${name}. ${summary} Arrow keys move the time.`,
      'aria-valuemin': 0,
      'aria-valuemax': clock.lengthS,
      keydown: (event) => {
        if (!clockKey(clock, event as KeyboardEvent)) return;
        this.#hoverS = null;
        this.#tell();
        event.preventDefault();
      },
    });
    this.#stage.style.minHeight = `${options.height}px`;
    const table = dataTable('Data', name, ['Time', ...lines.map(({ label }) => label)], () => this.#rows());
    this.element = h(
      'figure',
      { class: 'chart' },
      h('figcaption', {}, h('strong', {}, name), h('span', { class: 'said' }, summary)),
      this.#readout,
      this.#stage,
      table,
    );
    this.#ends = [
      whenNear(this.#stage, () => this.#make()),
      onPrint(() => {
        if (isPrinting()) this.#make();
        this.#fit();
      }),
      onThemeChange(() => this.#plot?.redraw(false)),
      clock.onChange(() => {
        this.#tell();
        this.#plot?.redraw(false);
      }),
    ];
    this.#tell();
  }

  /** For a chart that makes room for another. */
  destroy(): void {
    for (const end of this.#ends) end();
    this.#plot?.destroy();
  }

  #make(): void {
    if (this.#plot !== null) return;
    const { lines, height, clock, stepped = false, logarithmic = false, names } = this.#options;
    this.#data = aligned(lines);
    const axis = {
      stroke: () => color('muted'),
      font: font(11),
      grid: { stroke: () => color('line'), width: 1 },
      ticks: { stroke: () => color('line'), width: 1, size: 4 },
    };
    const numbers = (_: uPlot, splits: number[]): string[] => splits.map((value) => (value === null ? '' : plain(value)));
    // Of a logarithmic axis the powers of ten say enough.
    const filter = logarithmic ? { filter: (_: uPlot, splits: number[]) => splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null)) } : {};
    const y = names
      ? { ...axis, size: 118, splits: () => names.map((_, i) => i), values: (_: uPlot, splits: number[]) => splits.map((value) => names[value] ?? '') }
      : { ...axis, size: 58, values: numbers, ...filter, grid: { ...axis.grid, ...filter }, ticks: { ...axis.ticks, ...filter } };
    const stairs = uPlot.paths.stepped!({ align: 1 });
    this.#plot = new uPlot(
      {
        width: this.#width(),
        height,
        padding: [10, 12, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { size: 6 }, sync: { key: 'satsim' }, drag: { x: true, y: false } },
        scales: {
          x: { time: false, range: (_, min, max) => [min ?? 0, max ?? clock.lengthS] },
          y: logarithmic ? { distr: 3 } : names ? { range: [-0.5, names.length - 0.5] } : { range: (_, min, max) => padded(min, max) },
        },
        axes: [{ ...axis, size: 30, incrs: TIMES, values: (_, splits) => splits.map((value) => offset(value, clock.stepS)) }, y],
        series: [
          {},
          ...lines.map(({ label, color: index, dash }) => ({
            label,
            stroke: () => seriesColor(index),
            width: 1.6,
            dash: [...DASHES[dash % DASHES.length]!],
            points: { show: false },
            ...(stepped ? { paths: stairs } : {}),
          })),
        ],
        hooks: {
          draw: [(plot) => this.#decorate(plot)],
          setCursor: [
            (plot) => {
              const { left } = plot.cursor;
              this.#hoverS = left === undefined || left === null || left < 0 ? null : plot.posToVal(left, 'x');
              this.#tell();
            },
          ],
        },
      },
      this.#data,
      this.#stage,
    );
    // A click sets the time of the whole page.
    this.#plot.over.addEventListener('click', () => {
      const { left = -1 } = this.#plot!.cursor;
      if (left >= 0) clock.set(Math.round(this.#plot!.posToVal(left, 'x') / clock.stepS) * clock.stepS);
    });
    const resized = new ResizeObserver(() => this.#fit());
    resized.observe(this.#stage);
    this.#ends.push(() => resized.disconnect());
  }

  #width(): number {
    return isPrinting() ? PRINT_WIDTH : Math.max(200, this.#stage.clientWidth);
  }

  #fit(): void {
    const width = this.#width();
    if (this.#plot !== null && this.#plot.width !== width) this.#plot.setSize({ width, height: this.#options.height });
  }

  /** The time of the page, and what happened. */
  #decorate(drawn: uPlot): void {
    const { ctx, bbox } = drawn;
    const { clock, marks = [] } = this.#options;
    const ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top - 8 * ratio, bbox.width, bbox.height + 8 * ratio);
    ctx.clip();
    const x = drawn.valToPos(clock.nowS, 'x', true);
    ctx.setLineDash([]);
    ctx.strokeStyle = color('accent');
    ctx.lineWidth = ratio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    for (const mark of marks) {
      const at = drawn.valToPos(mark.timeS, 'x', true);
      ctx.fillStyle = seriesColor(mark.color);
      if (marks.length > CROWDED) {
        ctx.fillRect(at, bbox.top - 7 * ratio, ratio / 2, 7 * ratio);
        continue;
      }
      ctx.beginPath();
      ctx.moveTo(at - 4 * ratio, bbox.top - 7 * ratio);
      ctx.lineTo(at + 4 * ratio, bbox.top - 7 * ratio);
      ctx.lineTo(at, bbox.top);
      ctx.fill();
    }
    ctx.restore();
  }

  /** What every line says at the time under the pointer, or at that of the page. */
  #tell(): void {
    const { clock, lines, unit, names, remark } = this.#options;
    const timeS = this.#hoverS ?? clock.nowS;
    const parts = lines.map((line) => {
      const value = valueAt(line, timeS);
      const text = Number.isNaN(value) ? '–' : names ? (names[Math.round(value)] ?? '–') : `${plain(value)}${unit === '' ? '' : ` ${unit}`}`;
      return { line, text };
    });
    const more = remark?.(timeS) ?? '';
    this.#readout.replaceChildren(
      h('span', { class: 'at' }, offset(timeS, clock.stepS)),
      ...parts.map(({ line, text }) => h('span', { class: 'item' }, swatch(line.color, line.dash), `${line.label} `, h('b', {}, text))),
      ...(more === '' ? [] : [h('span', { class: 'item' }, more)]),
    );
    this.#stage.setAttribute('aria-valuenow', String(Math.round(timeS * 1000) / 1000));
    this.#stage.setAttribute(
      'aria-valuetext',
      `${offset(timeS, clock.stepS)}: ${parts.map(({ line, text }) => `${line.label} ${text}`).join(', ')}${more === '' ? '' : `, ${more}`}`,
    );
  }

  #rows(): (string | number)[][] {
    const [times, ...columns] = aligned(this.#options.lines);
    const { names, clock } = this.#options;
    return Array.from(times, (timeS, row) => [
      offset(timeS, Math.min(clock.stepS, 0.1)),
      ...columns.map((column) => {
        const value = column[row];
        return value === null || value === undefined ? '' : names ? (names[value] ?? '') : plain(value);
      }),
    ]);
  }
}

/** Calls back once, when the element comes near to what is in sight. @returns what ends the waiting */
function whenNear(element: HTMLElement, near: () => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      near();
    },
    { rootMargin: '300px' },
  );
  observer.observe(element);
  return () => observer.disconnect();
}
