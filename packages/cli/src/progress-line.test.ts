import { describe, expect, it } from 'vitest';
import { describeProgress } from './progress-line.js';

describe('describeProgress', () => {
  const progress = {
    state: 'running' as const,
    ticks: 150,
    tickCount: 600,
    simTimeMs: Date.parse('2026-11-20T00:02:29Z'),
    speedUp: 312.4,
    driftMs: null,
    lanes: [{ name: 'flow', state: 'running' as const, ticks: 148, error: null }],
  };

  it('says how far, the sim time, how fast, and how far each lane is', () => {
    expect(describeProgress(progress)).toBe('running · tick 150/600 · 2026-11-20T00:02:29Z · 312× · flow 148');
  });

  it('says how late the run is where there is a wall clock to be late against', () => {
    expect(describeProgress({ ...progress, driftMs: 12.6, speedUp: 1.04 })).toContain('1.0× · drift 13 ms');
  });

  it('says the state of a lane that is not running', () => {
    expect(describeProgress({ ...progress, lanes: [{ name: 'mininet', state: 'error', ticks: 3, error: 'no tc' }] })).toContain('· mininet error');
  });
});
