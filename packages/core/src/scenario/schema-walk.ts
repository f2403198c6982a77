import type { z } from 'zod';

/** Finding one's way in a zod schema by field path, beside a value that decides between the options of a union. */
type Schema = z.core.$ZodType;

const definition = (schema: Schema): z.core.$ZodTypes['_zod']['def'] => (schema as z.core.$ZodTypes)._zod.def;

/** Whether the field may be left out. */
export function isOptional(schema: Schema): boolean {
  return ['optional', 'default', 'prefault'].includes(definition(schema).type);
}

/** The schema under `optional` and defaults, and of a union the option that the value was meant for. */
export function resolve(schema: Schema, value: unknown): Schema {
  const def = definition(schema);
  if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') return resolve(def.innerType, value);
  if (def.type !== 'union') return schema;
  return resolve(def.options[meantOption(def.options, value) ?? 0]!, value);
}

/** Names of the fields of a map; null for anything else, and for maps with free keys. */
export function fieldsOf(schema: Schema): readonly string[] | null {
  const def = definition(schema);
  return def.type === 'object' ? Object.keys(def.shape) : null;
}

/** The options of a union under `optional` and defaults; null for anything else. */
export function optionsOf(schema: Schema): readonly Schema[] | null {
  const def = definition(schema);
  if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') return optionsOf(def.innerType);
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
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<PropertyKey, unknown>)[key] : undefined), value);
}

/**
 * Index of the option that a map was meant for: most keys that no other option has, then most keys at all, then fewest
 * strange ones; null when it has no key of any of them.
 */
export function meantOption(options: readonly Schema[], value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null;
  const keys = Object.keys(value);
  const fields = options.map((option) => fieldsOf(option) ?? []);
  const own = (index: number): number => keys.filter((key) => fields.every((names, other) => names.includes(key) === (other === index))).length;
  const known = (index: number): number => keys.filter((key) => fields[index]!.includes(key)).length;
  const ranked = options.map((_, index) => index).toSorted((a, b) => own(b) - own(a) || known(b) - known(a) || a - b);
  const first = ranked[0];
  return first === undefined || known(first) === 0 ? null : first;
}
