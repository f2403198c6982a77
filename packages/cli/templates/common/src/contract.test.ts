import { test } from 'node:test';
import { pluginContract } from '@satsim/core/testing';
import { harnesses } from './harness.js';
import plugin from './index.js';

// Every rule of the contract is a test. What the harness cannot judge is skipped with the reason, never passed.
for (const { kind, name, cases } of pluginContract(plugin, harnesses, new URL('../package.json', import.meta.url))) {
  for (const { rule, skip, run } of cases) void test(`${kind} ${name}: ${rule}`, { skip }, run);
}
