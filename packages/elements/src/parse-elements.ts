import type { ElementFault, ElementSet, ParsedElements } from './element-set.js';
import { parseOmmCsv } from './omm-csv.js';
import { parseOmmJson } from './omm-json.js';
import { parseOmmKvn } from './omm-kvn.js';
import { type OmmRecord, readOmm } from './omm-record.js';
import { parseOmmXml } from './omm-xml.js';
import { parseTle } from './tle.js';

type Format = ParsedElements['format'];

const OMM_PARSERS: Readonly<Record<Exclude<Format, 'tle'>, (text: string, faults: ElementFault[]) => OmmRecord[]>> = {
  'omm-json': parseOmmJson,
  'omm-xml': parseOmmXml,
  'omm-csv': parseOmmCsv,
  'omm-kvn': parseOmmKvn,
};

/** A file that is something else altogether has a fault on every line: enough is enough. */
const MAX_FAULTS = 50;

/**
 * Reads a TLE, 3LE or OMM (JSON, XML, CSV, KVN) file; the format is told by the content, and by the file's name only
 * where the content tells nothing. Never throws: a set with a fault is left out and its fault names the line.
 * @param content UTF-8
 */
export function parseElements(content: Uint8Array | string, fileName: string): ParsedElements {
  const text = (typeof content === 'string' ? content : new TextDecoder().decode(content)).replace(/^\uFEFF/, '');
  const format = detectFormat(text, fileName);
  const { elements, faults } = format === 'tle' ? parseTle(text) : parseOmm(format, text);
  if (elements.length === 0 && faults.length === 0) faults.push({ line: null, message: 'no element set in the file' });
  const surplus = faults.length - MAX_FAULTS;
  if (surplus > 0) faults.splice(MAX_FAULTS, surplus, { line: null, message: `and ${surplus} more faults` });
  return { format, elements, faults };
}

function parseOmm(format: Exclude<Format, 'tle'>, text: string): { elements: ElementSet[]; faults: ElementFault[] } {
  const elements: ElementSet[] = [];
  const faults: ElementFault[] = [];
  OMM_PARSERS[format](text, faults).forEach((record, index) => {
    const set = readOmm(record, index + 1, faults);
    if (set) elements.push(set);
  });
  return { elements, faults };
}

function detectFormat(text: string, fileName: string): Format {
  const start = text.slice(0, 4096).trimStart();
  if (start.startsWith('{') || start.startsWith('[')) return 'omm-json';
  if (start.startsWith('<')) return 'omm-xml';
  const firstLine = start.split(/[\r\n]/, 1)[0]!;
  if (/(?:^|[",])(?:NORAD_CAT_ID|MEAN_MOTION)(?:$|[",])/.test(firstLine)) return 'omm-csv';
  if (/^(?:CCSDS_OMM_VERS|OBJECT_NAME)[ \t]*=/m.test(start)) return 'omm-kvn';
  const extension = /\.(json|xml|csv|kvn)$/i.exec(fileName)?.[1]?.toLowerCase();
  return extension === undefined ? 'tle' : (`omm-${extension}` as Format);
}
