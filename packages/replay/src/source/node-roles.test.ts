import { type LinkIdentity, linkId, type LinkKind } from '@satsim/core';
import { expect, test } from 'vitest';
import { nodeRoles } from './node-roles.js';

const links = (...ids: string[]): LinkIdentity[] =>
  ids.map((id) => {
    const [, kind, source, target] = /^(\w+):(.+)>(.+)$/.exec(id)!;
    return { linkId: linkId(kind as LinkKind, source!, target!), kind: kind as LinkKind, source: source!, target: target! };
  });
const spaceOf = (roles: ReadonlyMap<string, boolean>): string[] => [...roles].flatMap(([id, space]) => (space ? [id] : [])).sort();

test('one link between satellites tells what all others are', () => {
  const roles = nodeRoles(links('gsl:c>b', 'gsl:c>d', 'gsl:b>a', 'isl:d>e', 'terrestrial:c>x'), []);
  expect(spaceOf(roles)).toEqual(['b', 'd', 'e'].sort());
  expect([...roles.keys()].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'x']);
});

test('a site of the scenario does, too; one without links is nobody here', () => {
  expect(spaceOf(nodeRoles(links('gsl:b>a', 'gsl:c>a'), ['a', 'elsewhere']))).toEqual(['b', 'c']);
});

test('what nothing is said of, or two things, is an error that names the link or node', () => {
  expect(() => nodeRoles(links('isl:a>b', 'gsl:x>y'), [])).toThrow('nothing says which end of gsl:x>y is the satellite');
  expect(() => nodeRoles(links('isl:a>b', 'gsl:a>b'), [])).toThrow('cannot be a satellite and on the ground');
  expect(() => nodeRoles(links('isl:a>b'), ['b'])).toThrow('b cannot be a satellite and on the ground');
});
