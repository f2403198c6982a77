import type { ElementFault } from './element-set.js';
import { quoted } from './element-checks.js';
import type { OmmRecord } from './omm-record.js';
import { readXml, XmlFault } from './xml-reader.js';

/**
 * NDM/XML (CCSDS 505.0-B): `<omm>` alone or any number of them inside `<ndm>`. Of its elements those with text and no
 * children are fields, wherever they stand; attributes (units) say nothing new.
 */
export function parseOmmXml(text: string, faults: ElementFault[]): OmmRecord[] {
  const records: OmmRecord[] = [];
  const open: { name: string; text: string; line: number }[] = [];
  let fields: Map<string, string> | null = null;
  try {
    for (const token of readXml(text)) {
      if (token.kind === 'text') {
        const element = open.at(-1);
        if (element) element.text += token.text;
      } else if (token.kind === 'open') {
        open.push({ name: token.name, text: '', line: token.line });
        if (token.name === 'omm') {
          fields = new Map();
          records.push({ line: token.line, fields });
        }
      } else {
        const element = open.pop();
        if (element?.name !== token.name)
          throw new XmlFault(token.line, `</${token.name}> closes nothing${element ? `: <${element.name}> of line ${element.line} is open` : ''}`);
        if (token.name === 'omm') fields = null;
        else if (fields && element.text.trim() !== '') {
          if (fields.has(element.name)) faults.push({ line: element.line, message: `${quoted(element.name)} is given twice in one message` });
          fields.set(element.name, element.text);
        }
      }
    }
    const element = open.at(-1);
    if (element) throw new XmlFault(element.line, `<${element.name}> is never closed`);
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    faults.push({ line: error.line, message: `not XML: ${error.message}` });
    // The message that the fault broke off is incomplete: what it lacks is not worth a second complaint.
    if (fields) records.pop();
  }
  return records;
}
