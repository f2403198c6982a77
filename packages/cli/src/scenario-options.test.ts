import { describe, expect, it } from 'vitest';
import { argumentOf } from './raw-arguments.js';
import { overridesOf } from './scenario-options.js';

describe('overridesOf', () => {
  it('puts the shortcuts after --set, so that they win', () => {
    expect(overridesOf({ set: ['time.dt=5s'], dt: '100ms' })).toEqual(['time.dt=5s', 'time.dt="100ms"']);
  });

  it('keeps times and durations texts, whatever YAML makes of them', () => {
    expect(overridesOf({ t0: '2026-11-20', seed: '7' })).toEqual(['time.t0="2026-11-20"', 'seed=7']);
  });
});

describe('argumentOf', () => {
  it('finds both ways to write an option', () => {
    expect(argumentOf(['run', '--format', 'json'], '--format')).toBe('json');
    expect(argumentOf(['run', '--format=json'], '--format')).toBe('json');
    expect(argumentOf(['run', '--format'], '--format')).toBeUndefined();
    expect(argumentOf(['run', '--formats=json'], '--format')).toBeUndefined();
  });
});
