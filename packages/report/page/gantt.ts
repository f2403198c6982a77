import { type Clock, clockKey, offset } from './clock.js';
import { choice, dataTable, h } from './dom.js';
import { type Bar, barsOf, type CarriedPart, carriedParts } from './gantt-bars.js';
import { isPrinting, onPrint } from './print.js';
import type { Run } from './report.js';
import { color, font, onThemeChange, seriesColor } from './theme.js';

interface Row {
  readonly node: number;
  readonly top: number;
  readonly tracks: number;
}

const LEFT = 110;
const AXIS = 24;

/** Which satellite serves which ground node when: one row a node, one line in it an antenna; the end of a bar that meets the next is a handover. */
export class Gantt {
  readonly #clock: Clock;
  readonly #canvas = h('canvas', { class: 'gantt' });
  readonly #stage: HTMLDivElement;
  readonly #readout = h('p', { class: 'readout' });
  #run: Run;
  #which: string;
  #rows: Row[] = [];
  #bars: readonly Bar[] = [];
  #carried: readonly CarriedPart[] = [];
  #line = 16;
  #hover: Bar | null = null;

  constructor(mount: HTMLElement, runs: readonly Run[], clock: Clock) {
    this.#clock = clock;
    const able = runs.filter((run) => run.contacts !== null);
    this.#run = able[0]!;
    this.#which = this.#run.data.ground.length > 12 && this.#run.data.flows.length > 0 ? 'flows' : 'all';
    this.#stage = h(
      'div',
      {
        class: 'plot',
        tabindex: 0,
        role: 'slider',
        'aria-valuemin': 0,
        'aria-valuemax': clock.lengthS,
        keydown: (event) => clockKey(clock, event as KeyboardEvent) && event.preventDefault(),
      },
      this.#canvas,
    );
    this.#canvas.addEventListener('pointermove', (event) => this.#point(event));
    this.#canvas.addEventListener('pointerleave', () => {
      this.#hover = null;
      this.#tell();
    });
    this.#canvas.addEventListener('click', (event) => clock.set(Math.round(this.#timeAt(event.offsetX) / clock.stepS) * clock.stepS));
    const controls: HTMLElement[] = [];
    if (able.length > 1)
      controls.push(
        choice(
          'Run',
          able.map((run) => [String(run.index), `${run.index + 1}: ${run.data.runId}`]),
          (value) => this.#choose(() => (this.#run = runs[Number(value)]!)),
        ),
      );
    const one = this.#run.data.ground.map(({ node }): [string, string] => [`=${this.#run.name(node)}`, this.#run.name(node)]);
    const nodes = choice('Ground nodes', [['flows', 'ends of flows'], ['all', `all ${this.#run.data.ground.length}`], ...one], (value) =>
      this.#choose(() => (this.#which = value)),
    );
    nodes.select.value = this.#which;
    controls.push(nodes);
    const table = dataTable('Data', 'Contacts of the ground nodes that are shown', ['Ground node', 'Satellite', 'From', 'To', 'Seconds'], () =>
      this.#bars.map(({ ground, satellite, fromS, toS }) => [
        this.#run.name(ground),
        this.#run.name(satellite),
        offset(fromS, clock.stepS),
        offset(toS, clock.stepS),
        Math.round((toS - fromS) * 1000) / 1000,
      ]),
    );
    mount.append(
      h(
        'p',
        {},
        'A bar is a link that is up; where its colour is full it carries a flow. Where one bar ends and the next begins, the ground node was handed over.',
      ),
      h('div', { class: 'controls' }, ...controls),
      h('figure', { class: 'chart' }, this.#readout, this.#stage, table),
    );
    clock.onChange(() => this.#draw());
    onThemeChange(() => this.#draw());
    onPrint(() => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(this.#stage);
    this.#arrange();
  }

  #choose(change: () => void): void {
    change();
    this.#arrange();
  }

  #shownNodes(): number[] {
    const { ground, flows } = this.#run.data;
    const ends = new Set(flows.flatMap(({ from, to }) => [from, to]));
    return ground
      .map(({ node }) => node)
      .filter((node) => this.#which === 'all' || (this.#which === 'flows' ? ends.has(node) : `=${this.#run.name(node)}` === this.#which));
  }

  #arrange(): void {
    const nodes = this.#shownNodes();
    const { bars, tracks } = barsOf(this.#run, nodes);
    this.#bars = bars;
    this.#carried = carriedParts(this.#run, bars, this.#clock.stepS);
    this.#line = tracks.reduce((sum, one) => sum + one, 0) > 60 ? 7 : 20;
    let top = 6;
    this.#rows = nodes.map((node, row) => {
      const placed = { node, top, tracks: tracks[row]! };
      top += Math.max(tracks[row]! * this.#line, 14) + 7;
      return placed;
    });
    this.#draw();
    this.#describe();
  }

  #spanS(): number {
    return Math.max(this.#clock.stepS, this.#clock.lengthS);
  }

  #timeAt(x: number): number {
    return ((x - LEFT) / (this.#canvas.clientWidth - LEFT - 8)) * this.#spanS();
  }

  #draw(): void {
    const width = isPrinting() ? 680 : this.#stage.clientWidth;
    if (width === 0) return;
    const height = (this.#rows.at(-1)?.top ?? 0) + Math.max(14, (this.#rows.at(-1)?.tracks ?? 1) * this.#line) + 8 + AXIS;
    const ratio = Math.min(3, devicePixelRatio || 1);
    const canvas = this.#canvas;
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const x = (timeS: number): number => LEFT + (timeS / this.#spanS()) * (width - LEFT - 8);
    context.textBaseline = 'middle';
    context.font = font(11);
    this.#drawAxis(context, x, height);
    for (const { node, top, tracks } of this.#rows) {
      context.fillStyle = color('ink');
      context.textAlign = 'right';
      context.fillText(this.#run.name(node), LEFT - 8, top + Math.max(14, tracks * this.#line) / 2, LEFT - 14);
    }
    context.textAlign = 'left';
    for (const bar of this.#bars) this.#drawBar(context, x, bar, bar.fromS, bar.toS, false);
    for (const { bar, fromS, toS } of this.#carried) this.#drawBar(context, x, bar, fromS, toS, true);
    context.globalAlpha = 1;
    if (this.#line >= 16) for (const bar of this.#bars) this.#drawName(context, x, bar);
    context.strokeStyle = color('accent');
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x(this.#clock.nowS), 0);
    context.lineTo(x(this.#clock.nowS), height - AXIS);
    context.stroke();
    this.#tell();
  }

  #drawAxis(context: CanvasRenderingContext2D, x: (timeS: number) => number, height: number): void {
    const spanS = this.#spanS();
    const stepS =
      [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].find(
        (step) => (step / spanS) * (x(spanS) - LEFT) >= 60,
      ) ?? 86_400;
    context.strokeStyle = color('line');
    context.fillStyle = color('muted');
    context.textAlign = 'center';
    context.lineWidth = 1;
    context.beginPath();
    for (let timeS = 0; timeS <= spanS; timeS += stepS) {
      context.moveTo(x(timeS), 0);
      context.lineTo(x(timeS), height - AXIS + 4);
      context.fillText(offset(timeS, this.#clock.stepS), x(timeS), height - AXIS / 2 + 2);
    }
    context.stroke();
  }

  #drawBar(context: CanvasRenderingContext2D, x: (timeS: number) => number, bar: Bar, fromS: number, toS: number, carries: boolean): void {
    const [left, right] = [x(fromS), x(toS)];
    const height = this.#line - 2;
    // What carries a flow is underlined, where there is room for a name above it.
    const low = carries && this.#line >= 16;
    context.globalAlpha = carries ? 1 : 0.3;
    context.fillStyle = seriesColor(bar.place % 2 === 0 ? 0 : 4);
    context.fillRect(left, this.#topOf(bar) + (low ? height - 4 : 0), Math.max(1, right - left - 1), low ? 4 : height);
  }

  #drawName(context: CanvasRenderingContext2D, x: (timeS: number) => number, bar: Bar): void {
    const name = this.#run.name(bar.satellite);
    const room = x(bar.toS) - x(bar.fromS) - 8;
    context.font = font(11);
    if (context.measureText(name).width > room) return;
    const middle = this.#topOf(bar) + (this.#line - 5) / 2;
    context.fillStyle = color('ink');
    context.fillText(name, x(bar.fromS) + 5, middle);
  }

  #topOf({ row, track }: Bar): number {
    return this.#rows[row]!.top + track * this.#line;
  }

  #point(event: PointerEvent): void {
    const timeS = this.#timeAt(event.offsetX);
    this.#hover =
      this.#bars.find((bar) => timeS >= bar.fromS && timeS < bar.toS && event.offsetY >= this.#topOf(bar) && event.offsetY < this.#topOf(bar) + this.#line) ??
      null;
    this.#tell();
  }

  #tell(): void {
    const { nowS, stepS } = this.#clock;
    const told = this.#rows.some(({ tracks }) => tracks > 1) ? 2 : 6;
    const serving = this.#rows.slice(0, told).map(({ node }, row) => {
      const names = this.#bars.filter((bar) => bar.row === row && bar.fromS <= nowS + 1e-9 && nowS < bar.toS).map(({ satellite }) => this.#run.name(satellite));
      return `${this.#run.name(node)}: ${names.join(', ') || 'none'}`;
    });
    const text = `${offset(nowS, stepS)}  ${serving.join(' · ')}${this.#rows.length > told ? ' · …' : ''}`;
    const bar = this.#hover;
    this.#readout.textContent = bar
      ? `${this.#run.name(bar.ground)} by ${this.#run.name(bar.satellite)}, ${offset(bar.fromS, stepS)} to ${offset(bar.toS, stepS)}`
      : text;
    this.#stage.setAttribute('aria-valuenow', String(nowS));
    this.#stage.setAttribute('aria-valuetext', text);
  }

  #describe(): void {
    const handovers = this.#rows.map((_, row) => {
      const bars = this.#bars.filter((bar) => bar.row === row);
      return bars.filter(({ fromS, satellite }) => bars.some((before) => before.toS === fromS && before.satellite !== satellite)).length;
    });
    const all = handovers.reduce((sum, one) => sum + one, 0);
    this.#stage.setAttribute(
      'aria-label',
      `Contacts of ${this.#rows.length} ground nodes: ${this.#bars.length} contacts, ${all} handovers. Arrow keys move the time; the table below has all of them.`,
    );
  }
}
