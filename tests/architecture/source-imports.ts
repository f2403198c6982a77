export interface SourceImport {
  /** What is imported, as written; `null` for an import whose name is computed. */
  readonly specifier: string | null;
  /** `import type …`: gone in the emitted code. */
  readonly typeOnly: boolean;
}

const STATIC = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*{][^'"`;=]*?\sfrom\s+)?['"]([^'"\n]+)['"]/gm;
const LITERAL_CALL = /(?<![\w.])(?:import|require|import\.meta\.resolve)\(\s*['"]([^'"\n]+)['"]/g;
const COMPUTED_CALL = /(?<![\w.'"`])import\(\s*(?!['"\s])/g;

/**
 * The imports of a TypeScript module. No parser: TypeScript 7 has no API for one, and static imports stand at the start
 * of a line in formatted code. What looks like an import in a template string counts too: better one too many.
 */
export function sourceImports(text: string): SourceImport[] {
  const code = text
    .replace(/^[ \t]*\/\/.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => (comment.includes('\n') || comment.startsWith('/**') ? '' : comment));
  return [
    ...[...code.matchAll(STATIC)].map(([, type, specifier]) => ({ specifier: specifier!, typeOnly: type !== undefined })),
    ...[...code.matchAll(LITERAL_CALL)].map(([, specifier]) => ({ specifier: specifier!, typeOnly: false })),
    ...[...code.matchAll(COMPUTED_CALL)].map(() => ({ specifier: null, typeOnly: false })),
  ];
}

/** `@scope/name` or `name` of a bare specifier, and what comes after it; `null` for relative paths and Node's own modules. */
export function bareSpecifier(specifier: string): { readonly packageName: string; readonly subpath: string } | null {
  if (/^(?:\.|\/|node:|file:|data:)/.test(specifier)) return null;
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return { packageName: parts.slice(0, length).join('/'), subpath: ['.', ...parts.slice(length)].join('/') };
}
