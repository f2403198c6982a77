import type { Clock } from '../clock.js';
import { choice, h } from '../dom.js';
import { elevation } from '../../src/pack/orbits.js';
import type { Run } from '../report.js';
import { Chart } from './chart.js';
import { type Line, plain } from './values.js';

const POINTS = 800;

/** A contact of the ground node that is shown, with what its radio said when. */
interface Contact {
  readonly satellite: number;
  readonly first: number;
  readonly end: number;
  readonly radio: { readonly tick: number; readonly capacityMbps: number; readonly modcod: number; readonly elevationDeg: number }[];
}

/** Elevation, MODCOD and capacity of the satellites that serve a ground node. */
export function radioCharts(mount: HTMLElement, runs: readonly Run[], clock: Clock): void {
  const withGround = runs.filter((run) => run.contacts !== null && run.data.ground.length > 0);
  if (withGround.length === 0) {
    mount.append(h('p', { class: 'note' }, runs[0]?.data.missing.contacts ?? 'There are no ground nodes.'));
    return;
  }
  let run = withGround[0]!;
  let node = firstServed(run);
  const place = h('div');
  let made: Chart[] = [];
  const show = (): void => {
    for (const chart of made) chart.destroy();
    made = [];
    place.replaceChildren(...charts(run, node, clock, made));
  };
  const nodes = (): [string, string][] => run.data.ground.map(({ node: one }) => [String(one), run.name(one)]);
  const nodeChoice = choice('Ground node', nodes(), (value) => {
    node = Number(value);
    show();
  });
  nodeChoice.select.value = String(node);
  const runChoice = choice(
    'Run',
    withGround.map((one) => [String(one.index), `${one.index + 1}: ${one.data.runId}`]),
    (value) => {
      const name = run.name(node);
      run = runs[Number(value)]!;
      node = Math.max(run.data.nodes.indexOf(name), run.data.ground[0]!.node);
      nodeChoice.select.replaceChildren(...nodes().map(([key, text]) => h('option', { value: key }, text)));
      nodeChoice.select.value = String(node);
      show();
    },
  );
  mount.append(h('div', { class: 'controls' }, ...(withGround.length > 1 ? [runChoice] : []), nodeChoice), place);
  show();
}

/** The first end of a flow that has a satellite, else the first node that has one. */
function firstServed(run: Run): number {
  const { kind, pair, b } = run.contacts!;
  const served = new Set(Array.from(pair, (which) => (kind[which] === 1 ? b[which]! : -1)));
  const ends = run.data.flows.flatMap(({ from, to }) => [from, to]);
  const ground = run.data.ground.map(({ node }) => node);
  return ends.find((node) => served.has(node)) ?? ground.find((node) => served.has(node)) ?? ground[0]!;
}

/** @param charts where those are put that are made */
function charts(run: Run, node: number, clock: Clock, charts: Chart[]): HTMLElement[] {
  const tracks = tracksOf(run, node);
  const { orbits, data } = run;
  const name = run.name(node);
  if (tracks.length === 0) return [h('p', { class: 'note' }, `${name} has no satellite in this run.`)];
  const step = Math.max(1, Math.ceil(data.ticks / POINTS));
  const ticks = Array.from({ length: Math.ceil(data.ticks / step) }, (_, i) => i * step);
  const timeS = ticks.map((tick) => (tick * data.dtMs) / 1000);
  const lines = (value: (contact: Contact, tick: number, atS: number) => number): Line[] =>
    tracks.map((contacts, track) => ({
      label: tracks.length > 1 ? `antenna ${track + 1}` : name,
      color: track,
      dash: track,
      timeS,
      values: ticks.map((tick, i) => {
        const contact = contactAt(contacts, tick);
        return contact === null ? Number.NaN : value(contact, tick, timeS[i]!);
      }),
    }));
  const serving = (atS: number): string =>
    tracks
      .map((contacts) => contactAt(contacts, run.tickAt(atS)))
      .filter((one) => one !== null)
      .map(({ satellite }) => run.name(satellite))
      .join(', ');
  const remark = (atS: number): string => serving(atS) || 'no satellite';
  const made: HTMLElement[] = [];
  const add = (options: ConstructorParameters<typeof Chart>[0]): void => {
    const chart = new Chart(options);
    charts.push(chart);
    made.push(chart.element);
  };
  const recorded = run.radio?.elevationDeg !== null;
  if (recorded || orbits !== null) {
    const seen = lines((contact, tick, atS) =>
      recorded ? (changeAt(contact, tick)?.elevationDeg ?? Number.NaN) : elevation(orbits!.of(node, atS), orbits!.of(contact.satellite, atS)),
    );
    const from = recorded ? 'As recorded in the trace.' : 'Reckoned from the positions.';
    add({
      title: `Elevation of the satellites that serve ${name}`,
      unit: '°',
      lines: seen,
      height: 190,
      clock,
      remark,
      summary: `${from} ${rangeOf(seen, '°')}`,
    });
  }
  const names = data.contacts!.modcods;
  const used = [
    ...new Set(
      tracks
        .flat()
        .flatMap(({ radio }) => radio.map(({ modcod }) => modcod))
        .filter((modcod) => !Number.isNaN(modcod)),
    ),
  ];
  const speed = new Map(tracks.flat().flatMap(({ radio }) => radio.map(({ modcod, capacityMbps }) => [modcod, capacityMbps] as const)));
  used.sort((a, b) => (speed.get(a) ?? 0) - (speed.get(b) ?? 0));
  if (used.length > 0) {
    const coded = lines((contact, tick) => used.indexOf(changeAt(contact, tick)?.modcod ?? Number.NaN)).map((line) => ({
      ...line,
      values: Array.from(line.values, (value) => (value < 0 ? Number.NaN : value)),
    }));
    add({
      title: `MODCOD towards ${name}`,
      unit: '',
      lines: coded,
      height: Math.max(120, 40 + 18 * used.length),
      clock,
      stepped: true,
      names: used.map((code) => names[code]!),
      remark,
      summary: shares(
        coded,
        used.map((code) => names[code]!),
      ),
    });
  } else {
    made.push(h('p', { class: 'note' }, data.missing.radio ?? `No MODCOD of ${name} is known: its links have a fixed capacity, or none of them changed.`));
  }
  const capacity = lines((contact, tick) => changeAt(contact, tick)?.capacityMbps ?? Number.NaN);
  if (capacity.every(({ values }) => Array.from(values).every((value) => Number.isNaN(value) || value === capacity[0]!.values[0])))
    made.push(h('p', { class: 'flat' }, h('strong', {}, `Capacity towards ${name}`), h('span', { class: 'said' }, rangeOf(capacity, ' Mbit/s'))));
  else
    add({
      title: `Capacity towards ${name}`,
      unit: 'Mbit/s',
      lines: capacity,
      height: 150,
      clock,
      stepped: true,
      remark,
      summary: rangeOf(capacity, ' Mbit/s'),
    });
  return made;
}

/** Contacts of a node, on as few tracks as there are at a time: its antennas. */
function tracksOf(run: Run, node: number): Contact[][] {
  const contacts = run.contacts!;
  const radio = run.radio!;
  const bySpan = new Map<number, Contact>();
  for (let span = 0; span < contacts.pair.length; span += 1) {
    const pair = contacts.pair[span]!;
    if (contacts.kind[pair] !== 1 || contacts.b[pair] !== node) continue;
    bySpan.set(span, { satellite: contacts.a[pair]!, first: contacts.first[span]!, end: contacts.end[span]!, radio: [] });
  }
  for (let i = 0; i < radio.span.length; i += 1)
    bySpan.get(radio.span[i]!)?.radio.push({
      tick: radio.tick[i]!,
      capacityMbps: radio.capacityMbps[i]!,
      modcod: radio.modcod[i]!,
      elevationDeg: radio.elevationDeg?.[i] ?? Number.NaN,
    });
  const tracks: Contact[][] = [];
  for (const contact of [...bySpan.values()].sort((a, b) => a.first - b.first)) {
    const track = tracks.find((one) => one.at(-1)!.end <= contact.first);
    if (track) track.push(contact);
    else tracks.push([contact]);
  }
  return tracks;
}

const contactAt = (contacts: readonly Contact[], tick: number): Contact | null => contacts.find(({ first, end }) => first <= tick && tick < end) ?? null;
const changeAt = ({ radio }: Contact, tick: number): Contact['radio'][number] | undefined => radio.findLast((change) => change.tick <= tick);

function rangeOf(lines: readonly Line[], unit: string): string {
  const known = lines.flatMap(({ values }) => Array.from(values)).filter((value) => !Number.isNaN(value));
  if (known.length === 0) return 'No value.';
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  return low === high ? `Always ${plain(low)}${unit}.` : `Between ${plain(low)}${unit} and ${plain(high)}${unit}.`;
}

function shares(lines: readonly Line[], names: readonly string[]): string {
  const counts = new Map<number, number>();
  let all = 0;
  for (const value of lines.flatMap((line) => Array.from(line.values)).filter((one) => !Number.isNaN(one))) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    all += 1;
  }
  const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 5);
  return all === 0
    ? 'Not known.'
    : `${top.map(([code, count]) => `${names[code]} ${Math.round((100 * count) / all)} %`).join(', ')} of the time${counts.size > 5 ? ', and others' : ''}.`;
}
