import { create } from '@bufbuild/protobuf';
import { TerminalSchema } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Beams, OWN_BEAM } from './beams.js';

describe('beams of a satellite', () => {
  it('are taken lowest first, fewest terminals first, and given back', () => {
    const beams = new Beams([undefined, create(TerminalSchema, { beams: 3, terminalsPerBeam: 2 })]);
    expect([1, 2, 3, 4, 5].map(() => beams.take(1))).toEqual([0, 1, 2, 0, 1]);
    expect([0, 1, 2].map((beam) => beams.sharers(1, beam))).toEqual([2, 2, 1]);
    beams.leave(1, 1);
    expect([beams.take(1), beams.take(1), beams.hasRoom(1)]).toEqual([1, 2, false]);
    beams.leave(1, 0);
    expect(beams.hasRoom(1)).toBe(true);
    beams.clear();
    expect([beams.hasRoom(1), beams.sharers(1, 1), beams.take(1)]).toEqual([true, 0, 0]);
  });

  it('without a limit are as many as there are terminals', () => {
    const beams = new Beams([undefined, create(TerminalSchema, { terminalsPerBeam: 4 })]);
    expect(beams.limited).toBe(false);
    expect(Array.from({ length: 100 }, () => beams.take(1))).toEqual(new Array(100).fill(OWN_BEAM));
    expect([beams.hasRoom(1), beams.sharers(1, OWN_BEAM)]).toEqual([true, 1]);
    beams.leave(1, OWN_BEAM);
    expect(beams.hasRoom(1)).toBe(true);
  });

  it('hold what a list of terminals would, whoever comes and goes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 }), fc.array(fc.nat(20)), (count, perBeam, steps) => {
        const beams = new Beams([create(TerminalSchema, { beams: count, terminalsPerBeam: perBeam })]);
        const capacity = count * Math.max(1, perBeam);
        const terminals: number[] = [];
        for (const step of steps) {
          if (step % 3 === 0 && terminals.length > 0) beams.leave(0, terminals.splice(step % terminals.length, 1)[0]);
          else if (beams.hasRoom(0)) terminals.push(beams.take(0));
          expect(beams.hasRoom(0)).toBe(terminals.length < capacity);
          for (let beam = 0; beam < count; beam++) {
            const sharers = terminals.filter((each) => each === beam).length;
            expect(beams.sharers(0, beam)).toBe(sharers);
            expect(sharers).toBeLessThanOrEqual(Math.max(1, perBeam));
          }
        }
      }),
    );
  });
});
