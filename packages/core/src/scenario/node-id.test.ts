import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeIdSchema } from '../contract/scenario.js';
import { toNodeId } from './node-id.js';

describe('toNodeId', () => {
  it.each([
    ['STARLINK-1008', 'STARLINK-1008'],
    ['ISS (ZARYA)', 'ISS-ZARYA'],
    ['São Paulo', 'Sao-Paulo'],
    ['Tromsø', 'Tromso'],
    ['Łódź', 'Lodz'],
    ['Gießen', 'Giessen'],
    [' a // b ', 'a-b'],
    ['_x.y_z', 'x.y_z'],
    ['東京', ''],
  ])('%s becomes %s', (name, id) => {
    expect(toNodeId(name)).toBe(id);
  });

  it('gives a valid id or nothing, and leaves its own results alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const id = toNodeId(name);
        expect(id === '' || nodeIdSchema.safeParse(id).success).toBe(true);
        expect(toNodeId(id)).toBe(id);
      }),
    );
  });
});
