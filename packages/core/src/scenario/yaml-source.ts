import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import type { FieldPath } from '../contract/tick-source.js';
import type { ScenarioFault } from '../errors.js';
import { type Environment, expandEnv } from './expand-env.js';
import type { Located, LocatedScalar, Position } from './located.js';

export interface YamlSource {
  /** Null when the text cannot be read at all. */
  readonly root: Located | null;
  readonly faults: readonly ScenarioFault[];
}

const MAX_DEPTH = 100;
const TOO_DEEP = 'the file is nested too deeply';
/** Values that aliases may add to a file; an alias bomb has billions. */
const MAX_ALIASED_VALUES = 100_000;
// Not logLevel 'silent': that also drops the error of a second document.
const OPTIONS = { uniqueKeys: false, prettyErrors: false, logLevel: 'error', version: '1.2' } as const;

/** Reads YAML 1.2 or JSON (which it contains) into a tree that knows its lines, with environment variables expanded. */
export function readYaml(text: string, file: string, env: Environment): YamlSource {
  const lines = new LineCounter();
  const document = parse(text, lines);
  if (document === null) return { root: null, faults: [{ message: TOO_DEEP, path: [], file, line: null }] };
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const error = document.errors[0] ?? document.warnings[0];
  if (error) return { root: null, faults: [syntaxFault(error, text, positionAt(error.pos[0]))] };
  const reader = new TreeReader(positionAt, env);
  const root = reader.read(document.contents, positionAt(document.contents?.range?.[0] ?? 0), []);
  return { root, faults: reader.faults };
}

/** Null when the nesting is beyond the call stack, which the parser notices for flow style only. */
function parse(text: string, lineCounter = new LineCounter()): ReturnType<typeof parseDocument> | null {
  try {
    return parseDocument(text, { ...OPTIONS, lineCounter });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Reads a text as one YAML scalar; a text that is anything else stays what it is. */
function readScalar(text: string): LocatedScalar['value'] {
  const document = parse(text);
  const node = document?.contents;
  const plain = document?.errors.length === 0 && document.warnings.length === 0 && isScalar(node) && !node.comment && !document.comment;
  return plain && isKnownScalar(node.value) ? node.value : text;
}

const isKnownScalar = (value: unknown): value is string | number | boolean | null => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** The first only: what follows a syntax error is mostly its echo. */
function syntaxFault(error: YAMLError, text: string, { file, line }: Position): ScenarioFault {
  if (error.code === 'RESOURCE_EXHAUSTION') return { message: TOO_DEEP, path: [], file, line: null };
  const fault = { message: `this is not valid YAML: ${error.message}`, path: [], file, line };
  const unquoted = error.code !== 'TAG_RESOLVE_FAILED' && text.split('\n')[line - 1]?.includes('${');
  return unquoted ? { ...fault, hint: 'between { } or [ ], an environment variable needs quotes: "${NAME}"' } : fault;
}

class TreeReader {
  readonly faults: ScenarioFault[] = [];
  readonly #anchors = new Map<string, { readonly node: Located; readonly size: number }>();
  #values = 0;
  #aliased = 0;
  readonly #positionAt: (offset: number) => Position;
  readonly #env: Environment;

  constructor(positionAt: (offset: number) => Position, env: Environment) {
    this.#positionAt = positionAt;
    this.#env = env;
  }

  read(node: Node | null, at: Position, path: FieldPath): Located {
    if (isAlias(node)) return this.#alias(node.source, at, path);
    const before = this.#values++;
    const located = this.#value(node, at, path);
    // Set when complete: an alias inside its own anchor finds nothing.
    if (node?.anchor) this.#anchors.set(node.anchor, { node: located, size: this.#values - before });
    return located;
  }

  #value(node: Node | null, at: Position, path: FieldPath): Located {
    if (path.length > MAX_DEPTH && isCollection(node)) return this.#refuse(at, path.slice(0, 1), `nested more than ${MAX_DEPTH} levels deep`);
    if (isMap(node)) return { kind: 'map', at, entries: this.#entries(node.items, path) };
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item, index) => this.#item(item, at, [...path, index])) };
    const value: unknown = isScalar(node) ? node.value : null;
    if (typeof value === 'string') return this.#text(value, at);
    if (typeof value === 'number' && !Number.isFinite(value)) return notFinite(value, at);
    if (isKnownScalar(value)) return { kind: 'scalar', at, value };
    return this.#refuse(at, path, 'only text, numbers, true, false and null can stand here');
  }

  #item(item: unknown, list: Position, path: FieldPath): Located {
    if (isPair(item)) return this.#refuse(list, path, 'a list of pairs is not understood');
    return this.read(item as Node | null, this.#start(item as Node | null, list), path);
  }

  #entries(pairs: readonly { readonly key: unknown; readonly value: unknown }[], path: FieldPath): Map<string, Located> {
    const entries = new Map<string, Located>();
    for (const pair of pairs) {
      const key = pair.key as Node | null;
      const at = this.#start(key, this.#positionAt(0));
      if (!isScalar(key)) {
        this.#refuse(at, path, 'a key must be plain text');
        continue;
      }
      const name = String(key.value);
      const earlier = entries.get(name);
      if (earlier) this.#refuse(at, [...path, name], `the key \`${name}\` is already given in line ${earlier.at.line}`);
      else if (name === '__proto__') this.#refuse(at, path, 'the key `__proto__` is not allowed');
      else entries.set(name, this.read(pair.value as Node | null, at, [...path, name]));
    }
    return entries;
  }

  #text(text: string, at: Position): Located {
    const expanded = expandEnv(text, this.#env);
    if ('problem' in expanded) return { kind: 'scalar', at, value: undefined, problem: expanded.problem };
    const value = expanded.whole && expanded.text !== '' ? readScalar(expanded.text) : expanded.text;
    return typeof value === 'number' && !Number.isFinite(value) ? notFinite(value, at) : { kind: 'scalar', at, value };
  }

  #alias(name: string, at: Position, path: FieldPath): Located {
    const anchored = this.#anchors.get(name);
    if (!anchored) return this.#refuse(at, path, `the alias *${name} has no anchor &${name} before it`, 'an anchor cannot contain itself');
    this.#values += anchored.size;
    this.#aliased += anchored.size;
    if (this.#aliased > MAX_ALIASED_VALUES) return this.#refuse(at, path, `the file's aliases stand for more than ${MAX_ALIASED_VALUES} values`);
    return { ...anchored.node, at };
  }

  #start(node: Node | null, otherwise: Position): Position {
    return node?.range ? this.#positionAt(node.range[0]) : otherwise;
  }

  /** Notes a fault and stands for the value that is not there. */
  #refuse({ file, line, column }: Position, path: FieldPath, message: string, hint?: string): LocatedScalar {
    this.faults.push({ message, path, file, line, ...(hint === undefined ? {} : { hint }) });
    return { kind: 'scalar', at: { file, line, column }, value: undefined };
  }
}

const notFinite = (value: number, at: Position): LocatedScalar => ({
  kind: 'scalar',
  at,
  value: undefined,
  problem: { message: `a number must be finite, found ${Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf'}` },
});
