import { createHash } from 'node:crypto';
import { toJson } from '@bufbuild/protobuf';
import { ScenarioSpecSchema } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';

/** SHA-256, hexadecimal, of the specification's protobuf JSON with sorted keys and no white space. */
export function specSha256(spec: ScenarioSpec): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(toJson(ScenarioSpecSchema, spec))))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([p], [q]) => (p < q ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
