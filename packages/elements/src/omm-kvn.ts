import type { ElementFault } from './element-set.js';
import { quoted } from './element-checks.js';
import type { OmmRecord } from './omm-record.js';

/** `KEYWORD = value [unit]`; any number of messages, each beginning with CCSDS_OMM_VERS or, without headers, OBJECT_NAME. */
export function parseOmmKvn(text: string, faults: ElementFault[]): OmmRecord[] {
  const records: { line: number; fields: Map<string, string> }[] = [];
  let fields: Map<string, string> | null = null;
  let number = 0;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    number++;
    const line = raw.trim();
    if (line === '' || line === 'COMMENT' || line.startsWith('COMMENT ')) continue;
    const match = /^([A-Z][A-Z0-9_]*)\s*=(.*)$/.exec(line);
    if (!match) {
      faults.push({ line: number, message: `not KEYWORD = value: ${quoted(line)}` });
      continue;
    }
    const keyword = match[1]!;
    if (fields === null || keyword === 'CCSDS_OMM_VERS' || (keyword === 'OBJECT_NAME' && fields.has('OBJECT_NAME'))) {
      fields = new Map();
      records.push({ line: number, fields });
    }
    if (fields.has(keyword)) faults.push({ line: number, message: `${keyword} is given twice in one message` });
    fields.set(keyword, withoutUnit(match[2]!.trim()));
  }
  return records;
}

/** `15.5 [rev/day]` → `15.5` */
function withoutUnit(value: string): string {
  const open = value.lastIndexOf('[');
  return open > 0 && value.endsWith(']') ? value.slice(0, open).trimEnd() : value;
}
