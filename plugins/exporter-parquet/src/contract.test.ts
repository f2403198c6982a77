import { pluginContract } from '@satsim/core/testing';
import { describe, test } from 'vitest';
import { harnesses } from './harness.js';
import plugin from './index.js';

describe.each([100_000, 2, 1])('in row groups of %d', (row_group_rows) => {
  const configured = harnesses.map((harness) => ({ ...harness, config: { row_group_rows } }));
  for (const { cases } of pluginContract(plugin, configured, new URL('../package.json', import.meta.url))) {
    for (const { rule, run } of cases) test(rule, run);
  }
});
