export interface Declaration {
  readonly name: string;
  readonly exported: boolean;
  /** The doc comment as Markdown; empty when there is none. */
  readonly comment: string;
  /** What a reader would write, with the comments of members, without what only the compiler wants. */
  readonly code: string;
}

// No parser: what tsc emits begins every top-level statement at the start of a line.
const STATEMENT =
  /^(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?((?:export )?(?:declare )?(?:interface|type|class|function|const) (\w+)[\s\S]*?)(?=^(?:\/\*\*|\/\/#|export |declare |interface |type |import ))/gm;

const LINK = /\{@link (\w+(?:\.\w+)*)\}/g;

/** The named statements of a `.d.ts` file that tsc has written, in its order. */
export function declarationsOf(text: string): Declaration[] {
  return [...text.matchAll(STATEMENT)].map(([, comment, statement, name]) => ({
    name: name!,
    exported: statement!.startsWith('export '),
    comment: markdownOf(comment ?? ''),
    code: codeOf(statement!),
  }));
}

/** Names that an index file passes on from each of its modules; `null` for all of them. */
export function reexports(index: string): { readonly module: string; readonly names: readonly string[] | null }[] {
  return [...index.matchAll(/^export (?:type )?(?:\*|\{([^}]*)\}) from '(\.[^']+)\.js';$/gm)].map(([, names, module]) => ({
    module: module!,
    names: names === undefined ? null : names.split(',').map((name) => name.replace(/\btype /, '').trim()),
  }));
}

function markdownOf(comment: string): string {
  const lines = comment
    .replace(/^\/\*\*\s?|\s*\*\/\s*$/g, '')
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, '').trimEnd());
  return lines
    .join('\n')
    .replaceAll(LINK, '`$1`')
    .replaceAll(/\n*^@param (\w+) /gm, '\n- `$1`: ')
    .replaceAll(/\n*^@(returns|throws) /gm, '\n- $1: ')
    .replace(/\n+(?=- (?:`\w+`|returns|throws):)/, '\n\n')
    .trim();
}

function codeOf(statement: string): string {
  return statement
    .replace(/^export (?:declare )?|^declare /, '')
    .replaceAll(LINK, '`$1`')
    .replaceAll(/^ +#private;\n/gm, '')
    .replaceAll(/^( {4})+/gm, (indent) => ' '.repeat(indent.length / 2))
    .trimEnd();
}
