import { LinkTable } from '@satsim/core';
import { testLink, testTick, withColumns } from '@satsim/core/testing';
import { expect, test } from 'vitest';
import { LINK_KINDS, UpLinks } from './up-links.js';

const isl = testLink('sat-1', 'sat-2');
const gsl = testLink('gnd-1', 'sat-1');

test.each(['without', 'with'])('counts as a table of all links does, whatever happens to them: ticks %s columns', (how) => {
  const counted = new UpLinks();
  const table = new LinkTable();
  const steps = [
    { snapshot: true, updates: [isl, gsl, testLink('sat-2', 'sat-1', { up: false })] },
    { updates: [testLink('sat-2', 'sat-1')] },
    { updates: [isl, isl] },
    { updates: [testLink('sat-1', 'sat-2', { up: false })] },
    { removals: [gsl.linkId, 'gsl:unknown>x'], updates: [] },
    { removals: [isl.linkId], updates: [isl] },
    { snapshot: true, updates: [gsl] },
    { snapshot: true, updates: [] },
  ];
  const plain = steps.map((step, index) => testTick(index, step));
  const ticks = how === 'with' ? withColumns(plain) : plain;
  for (const [index, tick] of plain.entries()) {
    counted.apply(ticks[index]!);
    table.apply(tick);
    for (const kind of LINK_KINDS)
      expect(counted.count(kind), `${kind} after step ${index}`).toBe([...table.values()].filter((link) => link.up && link.kind === kind).length);
  }
});
