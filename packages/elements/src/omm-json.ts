import type { ElementFault } from './element-set.js';
import { quoted } from './element-checks.js';
import type { OmmRecord } from './omm-record.js';

/** One object or an array of objects; values are numbers or text, as both are published. */
export function parseOmmJson(text: string, faults: ElementFault[]): OmmRecord[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    const line = /\(line (\d+) column \d+\)/.exec(message)?.[1];
    faults.push({ line: line === undefined ? null : Number(line), message: `not JSON: ${message.replace(/\s+/g, ' ')}` });
    return [];
  }
  const items: unknown[] = Array.isArray(document) ? document : [document];
  const lines = Array.isArray(document) ? itemLines(text) : [1];
  const records: OmmRecord[] = [];
  items.forEach((item, index) => {
    const line = lines[index] ?? null;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) {
      faults.push({ line, message: `record ${index + 1} is not an object` });
      return;
    }
    const fields = new Map<string, string>();
    for (const [keyword, value] of Object.entries(item)) {
      if (typeof value === 'string' || typeof value === 'number') fields.set(keyword, String(value));
      else if (value !== null) faults.push({ line, message: `record ${index + 1}: ${quoted(keyword)} is neither a number nor text` });
    }
    records.push({ line, fields });
  });
  return records;
}

/** Line on which each item of the outermost array begins. The text is known to be valid JSON. */
function itemLines(text: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  let inText = false;
  let itemOpen = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\n') line++;
    if (inText) {
      if (c === '\\') i++;
      else if (c === '"') inText = false;
      continue;
    }
    if (c === ',' && depth === 1) itemOpen = false;
    else if (depth === 1 && !itemOpen && c.trim() !== '' && c !== ']') {
      itemOpen = true;
      lines.push(line);
    }
    if (c === '"') inText = true;
    else if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth--;
  }
  return lines;
}
