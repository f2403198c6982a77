import { rowAt, type Run, type Series } from '../report.js';
import { color, DASHES, font, seriesColor } from '../theme.js';
import { arc, type Projection } from './projection.js';
import { lonLat } from '../../src/pack/orbits.js';

export interface Shown {
  readonly lane: string;
  /** `null`: all of them. */
  readonly flow: number | null;
  readonly links: boolean;
  readonly names: boolean;
}

/** Where the nodes of a run are at one time, as lon and lat; NaN where that is not known. */
export class NetworkAt {
  readonly run: Run;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly #positions: Float64Array;

  constructor(run: Run) {
    this.run = run;
    const nodes = run.data.nodes.length;
    this.lon = new Float64Array(nodes).fill(Number.NaN);
    this.lat = new Float64Array(nodes).fill(Number.NaN);
    this.#positions = new Float64Array(3 * nodes);
    for (const { node, lon, lat } of run.data.ground) [this.lon[node], this.lat[node]] = [lon ?? Number.NaN, lat ?? Number.NaN];
  }

  move(timeS: number): void {
    if (this.run.orbits === null) return;
    this.run.orbits.at(timeS, this.#positions);
    for (let node = 0; node < this.lon.length; node += 1) {
      const x = this.#positions[3 * node]!;
      if (!Number.isNaN(x)) [this.lon[node], this.lat[node]] = lonLat(x, this.#positions[3 * node + 1]!, this.#positions[3 * node + 2]!);
    }
  }

  isKnown(node: number): boolean {
    return !Number.isNaN(this.lon[node]!);
  }
}

/** The sample of each flow that holds at a time; flows without any yet are left out. */
export function samplesAt(run: Run, lane: string, flow: number | null, timeS: number): { readonly series: Series; readonly row: number }[] {
  return run.series
    .filter((series) => series.lane === lane && (flow === null || series.flow === flow))
    .map((series) => ({ series, row: rowAt(series.timeS, timeS) }))
    .filter(({ row }) => row >= 0);
}

/** The path of a sample; empty when there is none, or when it is lost on its way. */
export function pathOf({ run, path, lossPct }: Series, row: number): readonly number[] {
  const number = path?.[row] ?? Number.NaN;
  return Number.isNaN(number) || lossPct?.[row] === 100 ? [] : (run.paths[number] ?? []);
}

export function drawNetwork(context: CanvasRenderingContext2D, map: Projection, network: NetworkAt, shown: Shown, timeS: number): void {
  const { run } = network;
  if (shown.links) drawLinks(context, map, network, timeS);
  drawSatellites(context, map, network);
  const paths = samplesAt(run, shown.lane, shown.flow, timeS).map(({ series, row }) => ({ flow: series.flow, nodes: pathOf(series, row) }));
  drawPaths(context, map, network, paths);
  drawGround(context, map, network, shown);
}

function drawLinks(context: CanvasRenderingContext2D, map: Projection, network: NetworkAt, timeS: number): void {
  const { contacts } = network.run;
  if (contacts === null) return;
  const { a, b, kind, pair, first, end } = contacts;
  const tick = network.run.tickAt(timeS);
  for (const ground of [false, true]) {
    context.beginPath();
    for (let span = 0; span < pair.length; span += 1) {
      const which = pair[span]!;
      if (first[span]! > tick || end[span]! <= tick || (kind[which] !== 0) !== ground) continue;
      line(context, map, network, a[which]!, b[which]!);
    }
    context.strokeStyle = color('link');
    context.globalAlpha = ground ? 0.9 : network.run.data.nodes.length > 400 ? 0.3 : 0.55;
    context.lineWidth = ground ? 1 : 0.7;
    context.stroke();
  }
  context.globalAlpha = 1;
}

function line(context: CanvasRenderingContext2D, map: Projection, { lon, lat }: NetworkAt, a: number, b: number): void {
  if (Number.isNaN(lon[a]!) || Number.isNaN(lon[b]!)) return;
  arc(context, map, lon[a]!, lat[a]!, lon[b]!, lat[b]!);
}

function drawSatellites(context: CanvasRenderingContext2D, map: Projection, network: NetworkAt): void {
  const { run, lon, lat } = network;
  const many = run.data.nodes.length > 400;
  const radius = (many ? 1.3 : 2.4) * Math.max(0.7, Math.min(1.3, map.width / 1000));
  context.beginPath();
  for (let node = 0; node < lon.length; node += 1) {
    if (run.groundNodes.has(node) || Number.isNaN(lon[node]!)) continue;
    const [x, y] = [map.x(lon[node]!), map.y(lat[node]!)];
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.fillStyle = color('satellite');
  context.fill();
}

/** Length of a piece of a line that several flows share. */
const PIECE = 9;

/** A link that several flows use shows their colours in turns. */
function drawPaths(
  context: CanvasRenderingContext2D,
  map: Projection,
  network: NetworkAt,
  paths: readonly { readonly flow: number; readonly nodes: readonly number[] }[],
): void {
  const users = new Map<string, { a: number; b: number; flows: number[] }>();
  for (const { flow, nodes } of paths) {
    for (let i = 1; i < nodes.length; i += 1) {
      const [a, b] = [Math.min(nodes[i - 1]!, nodes[i]!), Math.max(nodes[i - 1]!, nodes[i]!)];
      const known = users.get(`${a}:${b}`);
      if (known) known.flows.push(flow);
      else users.set(`${a}:${b}`, { a, b, flows: [flow] });
    }
  }
  const stroke = ({ a, b }: { a: number; b: number }, style: string, width: number): void => {
    context.beginPath();
    line(context, map, network, a, b);
    context.strokeStyle = style;
    context.lineWidth = width;
    context.stroke();
  };
  context.lineJoin = 'round';
  context.globalAlpha = 0.8;
  for (const link of users.values()) stroke(link, color('paper'), 5);
  context.globalAlpha = 1;
  for (const link of users.values()) {
    const { flows } = link;
    for (const [i, flow] of flows.entries()) {
      // More flows than colours: their patterns tell them apart.
      context.setLineDash(flows.length > 1 ? [PIECE, PIECE * (flows.length - 1)] : [...DASHES[Math.floor(flow / 7) % DASHES.length]!]);
      context.lineDashOffset = -PIECE * i;
      stroke(link, seriesColor(flow), 2.6);
    }
  }
  context.setLineDash([]);
  for (const { flow, nodes } of paths) {
    context.beginPath();
    for (const node of nodes.slice(1, -1)) {
      if (!network.isKnown(node)) continue;
      const [x, y] = [map.x(network.lon[node]!), map.y(network.lat[node]!)];
      context.moveTo(x + 3, y);
      context.arc(x, y, 3, 0, 2 * Math.PI);
    }
    context.fillStyle = seriesColor(flow);
    context.fill();
  }
}

function drawGround(context: CanvasRenderingContext2D, map: Projection, network: NetworkAt, shown: Shown): void {
  const { run } = network;
  const ends = new Set(run.data.flows.flatMap(({ from, to }, flow) => (shown.flow === null || shown.flow === flow ? [from, to] : [])));
  for (const { node } of run.data.ground) {
    if (!network.isKnown(node)) continue;
    const [x, y] = [map.x(network.lon[node]!), map.y(network.lat[node]!)];
    const size = ends.has(node) ? 4 : 2.5;
    context.fillStyle = color(ends.has(node) ? 'ink' : 'muted');
    context.strokeStyle = color('paper');
    context.lineWidth = 1.2;
    context.beginPath();
    context.rect(x - size, y - size, 2 * size, 2 * size);
    context.fill();
    context.stroke();
  }
  if (!shown.names) return;
  const named = run.data.ground.filter(({ node }) => network.isKnown(node) && (ends.has(node) || run.data.ground.length <= 30));
  label(
    context,
    map,
    named.map(({ node }) => ({ text: run.name(node), x: map.x(network.lon[node]!), y: map.y(network.lat[node]!) })),
  );
}

/** Names beside their places; one that would cover another is left out. */
function label(context: CanvasRenderingContext2D, map: Projection, items: readonly { readonly text: string; readonly x: number; readonly y: number }[]): void {
  context.font = font(map.width < 600 ? 10 : 12);
  context.textBaseline = 'middle';
  const taken: [left: number, top: number, right: number, bottom: number][] = [];
  for (const { text, x, y } of items) {
    const width = context.measureText(text).width;
    const left = x + 8 + width > map.width ? x - 8 - width : x + 8;
    const box: [number, number, number, number] = [left, y - 8, left + width, y + 8];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    context.lineWidth = 3;
    context.strokeStyle = color('paper');
    context.strokeText(text, left, y);
    context.fillStyle = color('ink');
    context.fillText(text, left, y);
  }
}
