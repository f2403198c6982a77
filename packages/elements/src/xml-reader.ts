/**
 * The subset of XML that navigation data messages use: elements, text, CDATA, comments, the predefined and numeric
 * entities. Linear in the length of the text.
 */
export type XmlToken =
  | { readonly kind: 'open' | 'close'; readonly name: string; readonly line: number }
  | { readonly kind: 'text'; readonly text: string; readonly line: number };

export class XmlFault extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Names come without their namespace prefix; `<a/>` gives an opening and a closing token. */
export function* readXml(text: string): Generator<XmlToken> {
  let line = 1;
  let at = 0;
  const advance = (to: number) => {
    for (let i = at; i < to; i++) if (text.charCodeAt(i) === 10) line++;
    at = to;
  };
  /** Passes over what starts here and ends with `end`, and returns what is between. */
  const through = (start: string, end: string): string => {
    const to = text.indexOf(end, at + start.length);
    if (to < 0) throw new XmlFault(line, `${start} without ${end}`);
    const inner = text.slice(at + start.length, to);
    advance(to + end.length);
    return inner;
  };

  while (at < text.length) {
    const here = line;
    if (text[at] !== '<') {
      const next = text.indexOf('<', at);
      const raw = text.slice(at, next < 0 ? text.length : next);
      advance(at + raw.length);
      yield { kind: 'text', text: decodeEntities(raw, here), line: here };
    } else if (text.startsWith('<!--', at)) through('<!--', '-->');
    else if (text.startsWith('<![CDATA[', at)) yield { kind: 'text', text: through('<![CDATA[', ']]>'), line: here };
    else if (text.startsWith('<?', at)) through('<?', '?>');
    else if (text.startsWith('<!', at)) through('<!', '>');
    else if (text.startsWith('</', at)) yield { kind: 'close', name: nameOf(through('</', '>').trimEnd(), here), line: here };
    else {
      const end = endOfTag(text, at);
      if (end < 0) throw new XmlFault(here, '< without >');
      const empty = text[end - 1] === '/';
      const name = nameOf(text.slice(at + 1, empty ? end - 1 : end).split(/\s/, 1)[0]!, here);
      advance(end + 1);
      yield { kind: 'open', name, line: here };
      if (empty) yield { kind: 'close', name, line: here };
    }
  }
}

/** Where the `>` is that closes the tag; one within quotes does not. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let i = from; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return i;
  }
  return -1;
}

function nameOf(text: string, line: number): string {
  if (!/^[A-Za-z_][\w.:-]*$/.test(text)) throw new XmlFault(line, `no name of an element: ${JSON.stringify(text.slice(0, 40))}`);
  return text.slice(text.lastIndexOf(':') + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string, line: number): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|\w{1,8});/g, (entity, name: string) => {
    if (!name.startsWith('#')) {
      const known = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
      if (known === undefined) throw new XmlFault(line, `unknown entity ${entity}`);
      return known;
    }
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    if (code > 0x10ffff) throw new XmlFault(line, `no such character: ${entity}`);
    return String.fromCodePoint(code);
  });
}
