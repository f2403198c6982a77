import { ScalarType, create, fromJson } from '@bufbuild/protobuf';
import type { DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { nodeIdSchema, suggest } from '@satsim/core';
import type { FieldPath, NodeRole } from '@satsim/core';
import { NodeRole as SpecRole, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import type { ScenarioSpec } from '@satsim/geomrf-proto';
import type { CompileContext } from './compile-context.js';

const ROOT: FieldPath = ['geomrf', 'scenario_spec'];
const ROLES: Readonly<Record<number, NodeRole>> = {
  [SpecRole.SATELLITE]: 'satellite',
  [SpecRole.GROUND_STATION]: 'ground_station',
  [SpecRole.USER_TERMINAL]: 'user_terminal',
};

export interface GivenNode {
  readonly id: string;
  readonly role: NodeRole;
  readonly relay: boolean;
  readonly path: FieldPath;
}

/**
 * `geomrf.scenario_spec`: the engine's ScenarioSpec as protobuf JSON, field names as in the proto or in camel case.
 * Physics and policies are the engine's to check; what is checked here is that it can be read and its nodes be named.
 */
export function readGivenSpec(json: Readonly<Record<string, unknown>>, context: CompileContext): ScenarioSpec {
  let faulty = false;
  checkMessage(ScenarioSpecSchema, json as JsonValue, ROOT, (path, message, hint) => {
    faulty = true;
    context.fault(path, message, hint);
  });
  if (faulty) return create(ScenarioSpecSchema);
  try {
    return fromJson(ScenarioSpecSchema, json as JsonValue);
  } catch (error) {
    context.fault(ROOT, reason(error));
    return create(ScenarioSpecSchema);
  }
}

/** The nodes of a specification given 1:1; ids, roles and positions that are missing are faults. */
export function givenNodes(spec: ScenarioSpec, context: CompileContext): GivenNode[] {
  return spec.nodes.map((node, index) => {
    const path = [...ROOT, 'nodes', index];
    const id = nodeIdSchema.safeParse(node.id);
    const role = ROLES[node.role];
    if (!id.success) context.fault([...path, 'id'], id.error.issues[0]?.message ?? 'not an id');
    if (role === undefined) context.fault([...path, 'role'], 'a node needs a role', 'SATELLITE, GROUND_STATION or USER_TERMINAL');
    if (node.position.case === undefined) context.fault(path, `node ${node.id} has no position`, 'elements, site or track');
    return { id: node.id, role: role ?? 'satellite', relay: role === 'satellite' || node.relay, path: [...path, 'id'] };
  });
}

type Report = (path: FieldPath, message: string, hint?: string) => void;

/** Goes down the JSON along the descriptor, since protobuf's own reader stops at the first fault and gives no path. */
function checkMessage(desc: DescMessage, json: JsonValue, path: FieldPath, report: Report): void {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return report(path, `a ${desc.name} is an object with named fields`);
  for (const [key, value] of Object.entries(json)) {
    const field = desc.fields.find((candidate) => candidate.name === key || candidate.jsonName === key);
    if (field === undefined) {
      const names = desc.fields.map((candidate) => candidate.name);
      const near = suggest(key, names);
      report([...path, key], `unknown key ${key}`, near === undefined ? `known: ${names.join(', ')}` : `did you mean ${near}?`);
      continue;
    }
    checkField(desc, field, value, [...path, key], report);
  }
}

function checkField(desc: DescMessage, field: DescField, value: JsonValue, path: FieldPath, report: Report): void {
  const nested =
    (field.fieldKind === 'message' || field.fieldKind === 'list') && field.message !== undefined && !isWellKnown(field.message) ? field.message : null;
  if (nested !== null && field.fieldKind === 'message' && value !== null) return checkMessage(nested, value, path, report);
  if (nested !== null && field.fieldKind === 'list' && Array.isArray(value)) {
    return value.forEach((item, index) => checkMessage(nested, item, [...path, index], report));
  }
  try {
    fromJson(desc, { [field.name]: value });
  } catch (error) {
    report(path, reason(error));
    return;
  }
  // Protobuf JSON has words for these; a network has no use for them.
  if (field.fieldKind === 'scalar' && field.scalar === ScalarType.DOUBLE && !Number.isFinite(Number(value)))
    report(path, `${JSON.stringify(value)} is not a finite number`);
}

const isWellKnown = (desc: DescMessage): boolean => desc.typeName.startsWith('google.protobuf.');

/** `cannot decode field geomrf.v1.NodeSpec.id from JSON: expected string, got 1` without what the path says already. */
function reason(error: unknown): string {
  return (error as Error).message.replace(/^cannot decode (?:message|field) \S+ from JSON: /, '');
}
