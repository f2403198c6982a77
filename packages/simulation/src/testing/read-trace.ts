import { readFileSync } from 'node:fs';
import { LaneError } from '@satsim/core';
import { ROUTES_HEADER } from '../trace/route-writer.js';
import { LINKS_HEADER } from '../trace/trace-writer.js';

/** A row of `links.trace`; the state is `null` in the row of a link that left. */
export interface LinkRow {
  readonly tick: number;
  readonly tS: number;
  readonly link: number;
  readonly up: boolean;
  readonly state: { readonly delayS: number; readonly rateBps: number; readonly loss: number } | null;
}

/** A row of `routes.trace`; link −1: unreachable. */
export interface RouteRow {
  readonly tick: number;
  readonly tS: number;
  readonly node: number;
  readonly destination: number;
  readonly link: number;
}

export interface TraceRows {
  readonly links: readonly LinkRow[];
  readonly routes: readonly RouteRow[];
}

/** Reads traces whole, as strictly as the simulators do. @throws LaneError naming file and line */
export function readTrace(lane: string, files: { readonly links: string; readonly routes: string }): TraceRows {
  const known = new Set<number>();
  const seen = new Map<number, number>();
  const links = rowsOf(lane, files.links, LINKS_HEADER, 7, (fields, fault): LinkRow => {
    const [tick, tS, link, up, delayS, rateBps, loss] = fields;
    const number = whole(link, 'link', fault);
    const row = { tick: whole(tick, 'tick', fault), tS: decimal(tS, 't_s', fault), link: number };
    if (up !== '0' && up !== '1') throw fault(`up is neither 0 nor 1: ${up}`);
    if (seen.get(number) === row.tick) throw fault(`link ${number} has two rows in tick ${row.tick}`);
    seen.set(number, row.tick);
    if (delayS === '' && rateBps === '' && loss === '') {
      if (up === '1') throw fault('a link that is up has a delay, a rate and a loss');
      if (!known.delete(number)) throw fault(`link ${number} leaves, but it is not there`);
      return { ...row, up: false, state: null };
    }
    known.add(number);
    const state = { delayS: decimal(delayS, 'delay_s', fault), rateBps: whole(rateBps, 'rate_bps', fault), loss: decimal(loss, 'loss', fault) };
    if (state.loss > 1) throw fault(`loss is more than 1: ${loss}`);
    if (up === '1' && state.rateBps === 0) throw fault(`link ${number} is up with rate 0`);
    return { ...row, up: up === '1', state };
  });
  const routes = rowsOf(lane, files.routes, ROUTES_HEADER, 5, (fields, fault): RouteRow => {
    const [tick, tS, node, destination, link] = fields;
    return {
      tick: whole(tick, 'tick', fault),
      tS: decimal(tS, 't_s', fault),
      node: whole(node, 'node', fault),
      destination: whole(destination, 'destination', fault),
      link: link === '-1' ? -1 : whole(link, 'link', fault),
    };
  });
  return { links, routes };
}

type Fault = (what: string) => LaneError;

function rowsOf<Row extends { readonly tick: number; readonly tS: number }>(
  lane: string,
  file: string,
  header: string,
  columns: number,
  parse: (fields: readonly string[], fault: Fault) => Row,
): Row[] {
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  const faultAt =
    (at: number): Fault =>
    (what) =>
      new LaneError(lane, `${file}:${at}: ${what}`);
  if (`${lines[0]}\n` !== header) throw faultAt(1)(`the header is not ${header.trimEnd()}`);
  if (lines.pop() !== '') throw faultAt(lines.length + 1)('the last line does not end: the file is cut off');
  let [tick, tS] = [-1, -1];
  return lines.slice(1).map((line, index) => {
    const fault = faultAt(index + 2);
    const fields = line.split(',');
    if (fields.length !== columns) throw fault(`${columns} fields are wanted, not ${fields.length}`);
    const row = parse(fields, fault);
    if (row.tick < tick) throw fault(`tick ${row.tick} comes after tick ${tick}`);
    if (row.tick > tick ? row.tS <= tS : row.tS !== tS)
      throw fault(`t_s ${row.tS} does not fit tick ${row.tick}: the row before it has ${tS} and tick ${tick}`);
    [tick, tS] = [row.tick, row.tS];
    return row;
  });
}

function whole(text: string | undefined, name: string, fault: Fault): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw fault(`${name} is not a whole number: ${text}`);
  return Number(text);
}

function decimal(text: string | undefined, name: string, fault: Fault): number {
  if (text === undefined || !/^\d+\.\d+$/.test(text)) throw fault(`${name} is not a number with decimals: ${text}`);
  return Number(text);
}
