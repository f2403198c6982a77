import { scenarioSchema } from '@satsim/core';
import { expect, it } from 'vitest';
import { USUAL_ARTIFACTS_ROOT } from './artifacts-root.js';

it('is where a scenario that says nothing puts its runs', () => {
  expect(scenarioSchema.shape.paths.parse(undefined).artifacts_root).toBe(USUAL_ARTIFACTS_ROOT);
});
