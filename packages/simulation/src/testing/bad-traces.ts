import { ROUTES_HEADER } from '../trace/route-writer.js';
import { LINKS_HEADER } from '../trace/trace-writer.js';

/** A file that every reader has to refuse, by the line that is wrong. */
export interface BadTrace {
  readonly what: string;
  readonly text: string;
  readonly line: number;
  /** A part of what the error says. */
  readonly says: string;
}

export const GOOD_LINK = '0,0.000,0,1,0.007250000,100000000,0.000000000\n';

const links = (what: string, rows: string, line: number, says: string): BadTrace => ({ what, text: LINKS_HEADER + rows, line, says });
const routes = (what: string, rows: string, line: number, says: string): BadTrace => ({ what, text: ROUTES_HEADER + rows, line, says });

/** For a network with at least one pair of links; the tables of nobody have link 999,999. */
export const BAD_LINKS: readonly BadTrace[] = [
  { what: 'nothing in it', text: '', line: 1, says: 'header' },
  { what: 'another version', text: LINKS_HEADER.replace(' 1 ', ' 2 '), line: 1, says: 'header' },
  links('a field too few', '0,0.000,0,1,0.007250000,100000000\n', 2, '7 fields'),
  links('a field too many', `${GOOD_LINK.trimEnd()},1\n`, 2, '7 fields'),
  links('a link that is no number', GOOD_LINK.replace('000,0,1', '000,x,1'), 2, 'link'),
  links('up neither 0 nor 1', GOOD_LINK.replace(',1,', ',2,'), 2, 'up'),
  links('a negative delay', GOOD_LINK.replace('0.007', '-0.007'), 2, 'delay_s'),
  links('a rate with decimals', GOOD_LINK.replace('100000000,', '1.5,'), 2, 'rate_bps'),
  links('a loss above 1', GOOD_LINK.replace('0.000000000', '1.000000001'), 2, 'loss'),
  links('up with rate 0', GOOD_LINK.replace('100000000', '0'), 2, 'rate 0'),
  links('up without a state', '0,0.000,0,1,,,\n', 2, 'up has'),
  links('half a state', '0,0.000,0,0,0.007250000,,\n', 2, 'rate_bps'),
  links('a link that leaves without having come', '0,0.000,0,0,,,\n', 2, 'not there'),
  links('a link twice in a tick', GOOD_LINK + GOOD_LINK, 3, 'two rows'),
  links('a tick that goes back', `${GOOD_LINK.replace('0,0.000', '1,1.000')}${GOOD_LINK}`, 3, 'comes after tick 1'),
  links('a time that does not fit its tick', GOOD_LINK + GOOD_LINK.replace('0,0.000', '1,0.000'), 3, 't_s'),
  links('cut off in the middle of a row', GOOD_LINK + GOOD_LINK.slice(0, 20), 3, 'cut off'),
];

export const BAD_ROUTES: readonly BadTrace[] = [
  { what: 'another header', text: LINKS_HEADER, line: 1, says: 'header' },
  routes('a field too few', '0,0.000,0,1\n', 2, '5 fields'),
  routes('a node that is no number', '0,0.000,-1,1,0\n', 2, 'node'),
  routes('a link that is neither -1 nor a number', '0,0.000,0,1,-2\n', 2, 'link'),
  routes('a tick that goes back', '1,1.000,0,1,0\n0,0.000,0,1,-1\n', 3, 'comes after tick 1'),
  routes('cut off', '0,0.000,0,1,0', 2, 'cut off'),
];
