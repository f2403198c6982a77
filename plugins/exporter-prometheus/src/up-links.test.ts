import { LinkTable } from '@satsim/core';
import { testLink, testTick } from '@satsim/core/testing';
import { expect, test } from 'vitest';
import { LINK_KINDS, UpLinks } from './up-links.js';

const isl = testLink('sat-1', 'sat-2');
const gsl = testLink('gnd-1', 'sat-1');

test('counts as a table of all links does, whatever happens to them', () => {
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
  for (const [index, step] of steps.entries()) {
    const tick = testTick(index, step);
    counted.apply(tick);
    table.apply(tick);
    for (const kind of LINK_KINDS)
      expect(counted.count(kind), `${kind} after step ${index}`).toBe([...table.values()].filter((link) => link.up && link.kind === kind).length);
  }
});
