import type { Problem } from './located.js';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?/g;
const WHOLE = /^\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\}$/;

export type Expanded = { readonly text: string; readonly whole: boolean } | { readonly problem: Problem };

/**
 * Replaces `${NAME}` and `${NAME:-default}` (used when NAME is unset or empty, as in a shell); `$${` stands for `${`.
 * `whole`: the text was one reference and nothing else, so that the caller may read numbers out of it.
 */
export function expandEnv(text: string, env: Environment): Expanded {
  let problem: Problem | undefined;
  const expanded = text.replace(REFERENCE, (reference: string, name: string | undefined, fallback: string | undefined) => {
    if (reference === '$${') return '${';
    if (name === undefined) {
      problem ??= {
        message: '`${` starts an environment variable, but no `NAME}` or `NAME:-default}` follows',
        hint: 'write `$${` for the characters themselves',
      };
      return '';
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (fallback !== undefined) return value || fallback;
    if (value === undefined) problem ??= { message: `the environment variable ${name} is not set`, hint: `set it, or give a default: \${${name}:-…}` };
    return value ?? '';
  });
  return problem ? { problem } : { text: expanded, whole: WHOLE.test(text) };
}
