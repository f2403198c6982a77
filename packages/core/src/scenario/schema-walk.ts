import type { z } from 'zod';

/** Finding one's way in a zod schema by field path, beside a value that decides between the options of a union. */
type Schema = z.core.$ZodType;

const definition = (schema: Schema): z.core.$ZodTypes['_zod']['def'] => (schema as z.core.$ZodTypes)._zod.def;

/** Whether the field may be left out. */
export function isOptional(schema: Schema): boolean {
  return ['optional', 'default', 'prefault'].includes(definition(schema).type);
}

/** The schema of what may be written, under `optional`, defaults and what is done with it afterwards. */
function bare(schema: Schema): Schema {
  const def = definition(schema);
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return bare(def.innerType);
    case 'lazy':
      return bare(def.getter());
    case 'pipe':
      return bare(definition(def.in).type === 'transform' ? def.out : def.in);
    default:
      return schema;
  }
}

/** The schema under `optional` and defaults, and of a union the option that the value was meant for. */
export function resolve(schema: Schema, value: unknown): Schema {
  const inner = bare(schema);
  const def = definition(inner);
  return def.type === 'union' ? resolve(def.options[meantOption(def.options, value) ?? 0]!, value) : inner;
}

/** What a value of this schema is written as: its kind, and its words where there are only a few; null where nothing is known. */
export function writtenAs(schema: Schema): { readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean'; readonly words?: readonly unknown[] } | null {
  const def = definition(bare(schema));
  switch (def.type) {
    case 'object':
    case 'record':
      return { kind: 'object' };
    case 'array':
    case 'tuple':
      return { kind: 'array' };
    case 'string':
    case 'number':
    case 'boolean':
      return { kind: def.type };
    case 'enum':
      return { kind: 'string', words: Object.values(def.entries) };
    case 'literal': {
      const kind = typeof def.values[0];
      return kind === 'string' || kind === 'number' || kind === 'boolean' ? { kind, words: def.values } : null;
    }
    default:
      return null;
  }
}

/** Names of the fields of a map; null for anything else, and for maps with free keys. */
export function fieldsOf(schema: Schema): readonly string[] | null {
  const def = definition(bare(schema));
  return def.type === 'object' ? Object.keys(def.shape) : null;
}

export function requiredFields(schema: Schema): readonly string[] {
  return (fieldsOf(schema) ?? []).filter((name) => !isOptional(childSchema(schema, {}, name)!));
}

/** The options of a union under `optional` and defaults; null for anything else. */
export function optionsOf(schema: Schema): readonly Schema[] | null {
  const def = definition(bare(schema));
  return def.type === 'union' ? def.options : null;
}

/** The schema of a field or item; undefined where the schema has none. */
export function childSchema(schema: Schema, value: unknown, key: string | number): Schema | undefined {
  const def = definition(resolve(schema, value));
  if (def.type === 'object') return Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
  if (def.type === 'array') return def.element;
  if (def.type === 'tuple') return def.items[Number(key)];
  return def.type === 'record' ? def.valueType : undefined;
}

export function schemaAt(schema: Schema, value: unknown, path: readonly PropertyKey[]): Schema | undefined {
  let [here, there]: [Schema | undefined, unknown] = [schema, value];
  for (const key of path) {
    here = here && childSchema(here, there, key as string | number);
    there = valueAt(there, [key]);
  }
  return here;
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

/**
 * Index of the option that a map was meant for: one whose required keys are all there, then the one with most keys that
 * no other option has, then with most keys at all, then the first; null when it has no key of any of them.
 */
export function meantOption(options: readonly Schema[], value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null;
  const keys = Object.keys(value);
  const fields = options.map((option) => fieldsOf(option) ?? []);
  const ranked = options.map((option, index) => {
    const names = fields[index]!;
    const known = keys.filter((key) => names.includes(key));
    const own = known.filter((key) => fields.every((others, other) => other === index || !others.includes(key)));
    const complete = requiredFields(option).every((key) => keys.includes(key));
    return { index, complete: complete ? 1 : 0, own: own.length, known: known.length };
  });
  const [first] = ranked.toSorted((a, b) => b.complete - a.complete || b.own - a.own || b.known - a.known);
  return first === undefined || first.known === 0 ? null : first.index;
}
