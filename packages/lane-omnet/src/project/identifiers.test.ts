import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Identifiers } from './identifiers.js';

it('keeps what can be kept of a name', () => {
  const names = new Identifiers();
  expect(['IR-1-1', 'IR.1.1', 'new-york', '44714', 'input', 'controller'].map((name) => names.of(name))).toEqual([
    'IR_1_1',
    'IR_1_1_2',
    'new_york',
    'n_44714',
    'n_input',
    'n_controller',
  ]);
});

it('whatever the names, all are identifiers and no two alike', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,6}$/), { maxLength: 60 }), (ids) => {
      const names = new Identifiers();
      const identifiers = ids.map((id) => names.of(id));
      expect(new Set(identifiers).size).toBe(ids.length);
      for (const identifier of identifiers) expect(identifier).toMatch(/^[A-Za-z]\w*$/);
    }),
  );
});
