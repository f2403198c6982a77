import { codeOf } from './contained-import.js';

/** What to do about a module that fails when it is loaded. */
export function loadHint(error: unknown, path: string): string {
  const message = error instanceof Error ? error.message : '';
  switch (codeOf(error)) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'Node only strips types: enums, namespaces and parameter properties have to be compiled first';
    case 'ERR_MODULE_NOT_FOUND':
    case 'MODULE_NOT_FOUND': {
      const missing = /^Cannot find package '([^']+)'/.exec(message)?.[1];
      if (missing !== undefined) return `install it where the plugin is: npm install ${missing} (for ${path})`;
      if (/\.[mc]?ts$/.test(path)) return 'Node does not rename imports: a TypeScript file imports its neighbours by their real names, ending in .ts';
      return `is it built? The module is ${path}`;
    }
    default:
      return `the module is ${path}`;
  }
}
