import { expect, test } from 'vitest';
import { RunStateMachine } from './run-state.js';
import type { RunState } from './types.js';

test('a run goes its way and tells each step', () => {
  const seen: RunState[] = [];
  const machine = new RunStateMachine((state) => seen.push(state));
  const way: RunState[] = ['preparing', 'running', 'paused', 'running', 'draining', 'finalizing', 'finished'];
  for (const state of way) machine.to(state);
  expect(seen).toEqual(way);
});

test.each<[RunState[], RunState]>([
  [[], 'running'],
  [['preparing'], 'paused'],
  [['preparing', 'running', 'paused'], 'paused'],
  [['preparing', 'running', 'draining'], 'paused'],
  [['preparing', 'finalizing', 'finished'], 'preparing'],
])('after %j, %s is refused', (way, next) => {
  const machine = new RunStateMachine(() => {});
  for (const state of way) machine.to(state);
  expect(() => machine.to(next)).toThrow(expect.objectContaining({ code: 'RUN_STATE' }));
});
