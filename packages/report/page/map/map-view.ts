import { type Clock, offset, utc } from '../clock.js';
import { choice, h, swatch, toggle } from '../dom.js';
import { onPrint } from '../print.js';
import { isHandover, type Run, type Series } from '../report.js';
import { onThemeChange } from '../theme.js';
import { drawEarth, drawNight } from './earth.js';
import { drawNetwork, NetworkAt, pathOf, samplesAt } from './network.js';
import { Projection } from './projection.js';

const SPEEDS = [1, 10, 30, 60, 300, 1200, 3600];
/** Nobody waits longer than this to see a run through. */
const LENGTH_S = 60;

/** The map, its time slider, and in words what it shows. */
export class MapView {
  readonly #clock: Clock;
  readonly #runs: readonly Run[];
  readonly #canvas = h('canvas', { class: 'map', role: 'img' });
  readonly #earth = document.createElement('canvas');
  readonly #time = h('output', { class: 'time', for: 'time' });
  readonly #slider = h('input', { type: 'range', id: 'time', min: 0, step: 1, value: 0, 'aria-label': 'Time of the map' });
  readonly #play = h('button', { type: 'button', class: 'play', click: () => this.#toggle() });
  readonly #body = h('tbody');
  readonly #tip = h('p', { class: 'tip', 'aria-hidden': 'true' });
  readonly #why = h('p', { class: 'note' });
  #run: Run;
  #network: NetworkAt;
  #map = new Projection(2);
  #lane: string;
  #flow: number | null = null;
  #links = true;
  #names = true;
  #speed: number;
  #playing = false;
  #frame = 0;

  constructor(mount: HTMLElement, runs: readonly Run[], clock: Clock) {
    this.#runs = runs;
    this.#run = runs[0]!;
    this.#network = new NetworkAt(this.#run);
    this.#clock = clock;
    this.#lane = this.#firstLane();
    this.#speed = SPEEDS.find((speed) => clock.lengthS / speed <= LENGTH_S) ?? SPEEDS.at(-1)!;
    this.#build(mount);
    clock.onChange(() => this.#changed());
    onThemeChange(() => this.#resize());
    onPrint(() => this.#resize());
    new ResizeObserver(() => this.#resize()).observe(mount);
    this.#resize();
    this.#changed();
  }

  #firstLane(): string {
    return this.#run.series[0]?.lane ?? this.#run.data.lanes[0] ?? '';
  }

  #build(mount: HTMLElement): void {
    const { data } = this.#run;
    this.#slider.max = String(Math.max(0, Math.round(this.#clock.lengthS / this.#clock.stepS)));
    this.#slider.addEventListener('input', () => this.#clock.set(Number(this.#slider.value) * this.#clock.stepS));
    this.#canvas.addEventListener('pointermove', (event) => this.#point(event));
    this.#canvas.addEventListener('pointerleave', () => (this.#tip.hidden = true));
    this.#tip.hidden = true;
    const laneChoice = choice('Lane', this.#laneOptions(), (lane) => this.#choose(() => (this.#lane = lane)));
    const options: HTMLElement[] = [];
    if (this.#runs.length > 1)
      options.push(
        choice(
          'Run',
          this.#runs.map((run) => [String(run.index), `${run.index + 1}: ${run.data.runId}`]),
          (index) =>
            this.#choose(() => {
              this.#run = this.#runs[Number(index)]!;
              this.#network = new NetworkAt(this.#run);
              this.#lane = this.#firstLane();
              laneChoice.select.replaceChildren(...this.#laneOptions().map(([value, text]) => h('option', { value }, text)));
            }),
        ),
      );
    options.push(
      choice('Flow', [['', 'all flows'], ...data.flows.map(({ id }, i) => [String(i), id] as const)], (flow) =>
        this.#choose(() => (this.#flow = flow === '' ? null : Number(flow))),
      ),
    );
    if (this.#laneOptions().length > 1 || this.#runs.length > 1) options.push(laneChoice);
    const speeds = choice(
      'Speed',
      SPEEDS.map((speed) => [String(speed), `${speed} ×`]),
      (speed) => (this.#speed = Number(speed)),
    );
    speeds.select.value = String(this.#speed);
    options.push(
      speeds,
      toggle('Links', true, (on) => this.#choose(() => (this.#links = on))),
      toggle('Names', true, (on) => this.#choose(() => (this.#names = on))),
    );
    const head = h(
      'tr',
      {},
      ...['Flow', 'RTT, ms', 'One-way, ms', 'Loss, %', 'Goodput, Mbit/s', 'Path'].map((title, i) =>
        h('th', { scope: 'col', class: i > 0 && i < 5 ? 'figure' : null }, title),
      ),
    );
    const table = h('table', { class: 'now' }, h('caption', {}, 'At this time'), h('thead', {}, head), this.#body);
    mount.append(
      this.#why,
      h('div', { class: 'controls' }, ...options),
      h('div', { class: 'stage' }, this.#canvas, this.#tip),
      h('div', { class: 'transport' }, this.#play, this.#slider, this.#time),
      h(
        'p',
        { class: 'legend' },
        h('span', { class: 'key dot' }),
        'satellite',
        h('span', { class: 'key square' }),
        'ground node',
        h('span', { class: 'key line' }),
        'link that is up',
        h('span', { class: 'key path' }),
        'path of a flow, in its colour',
      ),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Flows at the time of the map' }, table),
    );
    this.#showPlay();
  }

  #laneOptions(): [string, string][] {
    return [...new Set(this.#run.series.map(({ lane }) => lane))].map((lane) => [lane, lane]);
  }

  #choose(change: () => void): void {
    change();
    this.#changed();
  }

  #toggle(): void {
    this.#playing = !this.#playing;
    this.#showPlay();
    if (!this.#playing) return cancelAnimationFrame(this.#frame);
    if (this.#clock.nowS >= this.#clock.lengthS) this.#clock.set(0);
    // Without motion: a picture a second.
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    let last = performance.now();
    const go = (now: number): void => {
      if (!this.#playing) return;
      if (!calm || now - last >= 1000) {
        this.#clock.set(this.#clock.nowS + ((now - last) / 1000) * this.#speed);
        last = now;
      }
      if (this.#clock.nowS >= this.#clock.lengthS) this.#toggle();
      else this.#frame = requestAnimationFrame(go);
    };
    this.#frame = requestAnimationFrame(go);
  }

  #showPlay(): void {
    this.#play.textContent = this.#playing ? 'Pause' : 'Play';
    this.#play.setAttribute('aria-pressed', String(this.#playing));
  }

  #resize(): void {
    const width = this.#canvas.parentElement!.clientWidth;
    if (width === 0) return;
    this.#map = new Projection(width);
    const ratio = Math.min(3, devicePixelRatio || 1);
    for (const canvas of [this.#canvas, this.#earth]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(this.#map.height * ratio);
    }
    const context = this.#earth.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawEarth(context, this.#map);
    this.#draw();
  }

  #changed(): void {
    const { nowS, stepS } = this.#clock;
    const { data } = this.#run;
    this.#slider.value = String(Math.round(nowS / stepS));
    const text = `${offset(nowS, stepS)} · ${utc(data.t0Ms + nowS * 1000)}`;
    this.#slider.setAttribute('aria-valuetext', text);
    this.#time.textContent = text;
    this.#why.textContent = [data.missing.positions, data.missing.contacts].filter((why) => why !== undefined).join(' ');
    this.#why.hidden = this.#why.textContent === '';
    this.#describe();
    this.#draw();
  }

  #draw(): void {
    const context = this.#canvas.getContext('2d')!;
    const ratio = this.#canvas.width / this.#map.width;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#earth, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { nowS } = this.#clock;
    drawNight(context, this.#map, this.#run.data.t0Ms + nowS * 1000);
    this.#network.move(nowS);
    drawNetwork(context, this.#map, this.#network, { lane: this.#lane, flow: this.#flow, links: this.#links, names: this.#names }, nowS);
  }

  /** The same in words: a table for everybody, a sentence for those who do not see the map. */
  #describe(): void {
    const now = samplesAt(this.#run, this.#lane, this.#flow, this.#clock.nowS);
    this.#body.replaceChildren(...now.map(({ series, row }) => this.#row(series, row)));
    if (now.length === 0) this.#body.append(h('tr', {}, h('td', { colspan: 6 }, this.#run.data.missing.series ?? 'No sample yet.')));
    const ways = now.map(({ series, row }) => {
      const path = pathOf(series, row);
      return `${this.#run.data.flows[series.flow]!.id}: ${path.length === 0 ? 'no path' : `${Math.max(0, path.length - 2)} satellites`}`;
    });
    this.#canvas.setAttribute('aria-label', `World map at ${this.#time.textContent}. ${ways.slice(0, 12).join('; ')}. The table below says the paths.`);
  }

  #row(series: Series, row: number): HTMLTableRowElement {
    const { run } = series;
    const value = (column: Float64Array | null, digits: number): string => (column === null || Number.isNaN(column[row]!) ? '–' : column[row]!.toFixed(digits));
    const path = pathOf(series, row);
    const before = row > 0 ? pathOf(series, row - 1) : path;
    const handover = row > 0 && isHandover(before, path) ? ' (handover)' : '';
    const way = path.length === 0 ? (series.lossPct?.[row] === 100 ? 'none: outage' : 'not told') : path.map((node) => run.name(node)).join(' › ') + handover;
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, swatch(series.flow, Math.floor(series.flow / 7)), run.data.flows[series.flow]!.id),
      ...[value(series.rttMs, 2), value(series.oneWayDelayMs, 2), value(series.lossPct, 1), value(series.goodputMbps, 4)].map((text) =>
        h('td', { class: 'figure' }, text),
      ),
      h('td', { class: 'way' }, way),
    );
  }

  /** The node nearest to the pointer. */
  #point(event: PointerEvent): void {
    const { lon, lat, run } = this.#network;
    const [x, y] = [event.offsetX, event.offsetY];
    let [best, distance] = [-1, 12];
    for (let node = 0; node < lon.length; node += 1) {
      const there = Math.hypot(this.#map.x(lon[node]!) - x, this.#map.y(lat[node]!) - y);
      if (there < distance) [best, distance] = [node, there];
    }
    this.#tip.hidden = best < 0;
    if (best < 0) return;
    this.#tip.textContent = `${run.name(best)}  ${Math.abs(lat[best]!).toFixed(1)}° ${lat[best]! < 0 ? 'S' : 'N'}, ${Math.abs(lon[best]!).toFixed(1)}° ${lon[best]! < 0 ? 'W' : 'E'}`;
    this.#tip.style.left = `${Math.min(x + 12, this.#map.width - 190)}px`;
    this.#tip.style.top = `${y + 12}px`;
  }
}
