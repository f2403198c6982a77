import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { RpcError, RpcStatus } from '@satsim/geomrf-proto';
import { SCHEMA_VERSION } from '../version.js';

/** A message with what protobuf-es keeps of fields that the schema does not have. */
type Fields = { readonly $unknown?: readonly { readonly no: number }[] } & Readonly<Record<string, unknown>>;

/**
 * Refuses a message of a later schema than ours, in whose new fields somebody says something that we would pass over.
 *
 * @throws RpcError FAILED_PRECONDITION naming the first such field by path and number
 */
export function refuseUnknown<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): void {
  const found = unknownField(schema, message, '');
  if (found === null) return;
  const what = `${found}: this engine does not know the field; it speaks schema version ${SCHEMA_VERSION}`;
  throw new RpcError(RpcStatus.FAILED_PRECONDITION, what);
}

function unknownField(schema: DescMessage, message: Fields, path: string): string | null {
  const [unknown] = message.$unknown ?? [];
  if (unknown !== undefined) return `${path}${unknown.no}`;
  for (const { message: inner, name, localName, oneof } of schema.fields) {
    if (inner === undefined) continue;
    const value = oneof === undefined ? message[localName] : chosen(message[oneof.localName], localName);
    if (value === undefined) continue;
    const items = Array.isArray(value) ? (value as readonly Fields[]) : null;
    for (const [index, item] of (items ?? [value as Fields]).entries()) {
      const found = unknownField(inner, item, `${path}${name}${items === null ? '' : `[${index}]`}.`);
      if (found !== null) return found;
    }
  }
  return null;
}

function chosen(oneof: unknown, localName: string): unknown {
  const { case: which, value } = oneof as { readonly case: string | undefined; readonly value?: unknown };
  return which === localName ? value : undefined;
}
