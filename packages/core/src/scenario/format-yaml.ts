import { isDeepStrictEqual } from 'node:util';
import { Document, isCollection, isMap, type Node } from 'yaml';
import { z } from 'zod';
import { type Scenario, scenarioSchema } from '../contract/scenario.js';
import { childSchema } from './schema-walk.js';

/** What a person takes in at a glance stands on one line. */
const LINE = 110;

/**
 * The scenario as a YAML file for people: what is a default is left out, so that what is left is what somebody said. Loads
 * to the same scenario, whatever the environment.
 * @param comment stands at the top; may have several lines
 */
export function formatScenarioYaml(scenario: Scenario, comment = ''): string {
  const document = new Document(withoutDefaults(scenarioSchema, scenario));
  document.commentBefore = comment.replaceAll(/^/gm, ' ');
  for (const { value } of isMap<unknown, Node>(document.contents) ? document.contents.items : []) arrange(value, document);
  return document.toString({ lineWidth: 0 });
}

/** Lists and maps that fit go on one line, others get a line for each item. */
function arrange(node: Node | null, document: Document): void {
  if (!isCollection(node)) return;
  node.flow = JSON.stringify(node.toJS(document)).length <= LINE;
  if (!node.flow) for (const item of node.items) arrange((isMap(node) ? (item as { value: Node | null }).value : item) as Node | null, document);
}

function withoutDefaults(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  // Only `$${` is no reference to the environment.
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (typeof value !== 'object' || value === null) return value;
  const inner = (key: string | number): z.core.$ZodType | undefined => schema && childSchema(schema, value, key);
  if (Array.isArray(value)) return value.map((item, index) => withoutDefaults(inner(index), item));
  const said = Object.entries(value).filter(([key, field]) => field !== undefined && !isDefault(inner(key), field));
  return Object.fromEntries(said.map(([key, field]) => [key, withoutDefaults(inner(key), field)]));
}

function isDefault(schema: z.core.$ZodType | undefined, value: unknown): boolean {
  const nothingSaid = schema && z.safeParse(schema, undefined);
  return nothingSaid?.success === true && isDeepStrictEqual(nothingSaid.data, value);
}
