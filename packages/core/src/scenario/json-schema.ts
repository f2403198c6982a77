import { z } from 'zod';
import { scenarioSchema } from '../contract/scenario.js';

/** JSON Schema (draft 2020-12) of what a scenario file may say, for editors. Other top-level keys are blocks of lanes. */
export function scenarioJsonSchema(): object {
  const { $schema, properties, ...rest } = z.toJSONSchema(scenarioSchema, { target: 'draft-2020-12', io: 'input' });
  const file = { type: 'string', minLength: 1 };
  return {
    $schema,
    title: 'satsim scenario',
    description: 'A satellite network, its time span and its traffic. Keys beyond those described are blocks of lanes.',
    ...rest,
    properties: {
      include: { description: 'Files merged below this one, relative to it; lists are replaced, not joined', anyOf: [file, { type: 'array', items: file }] },
      ...properties,
    },
  };
}
