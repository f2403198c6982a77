import { describe, expect, it } from 'vitest';
import { FAMILIES, sampleName } from './families.js';
import { bucketBound, labelText, metadata, sampleLine } from './openmetrics-text.js';

describe('the OpenMetrics text format', () => {
  it('metadata: the type, a unit where there is one, help', () => {
    expect(metadata(FAMILIES.flowRtt)).toBe(
      '# TYPE satsim_flow_rtt_seconds gauge\n# UNIT satsim_flow_rtt_seconds seconds\n# HELP satsim_flow_rtt_seconds Round-trip time of a flow; NaN while it has none.\n',
    );
    expect(metadata(FAMILIES.ticks)).toBe('# TYPE satsim_ticks counter\n# HELP satsim_ticks Ticks delivered.\n');
  });

  it('every family has its unit as the end of its name, and only counters and infos a suffix more', () => {
    for (const family of Object.values(FAMILIES)) {
      expect(family.name).toMatch(/^satsim_[a-z_]+$/);
      if (family.unit !== null) expect(family.name.endsWith(`_${family.unit}`)).toBe(true);
      expect(family.name).not.toMatch(/_(total|info|count|sum|bucket)$/);
      expect(sampleName(family)).toBe(family.name + ({ counter: '_total', info: '_info' }[family.type as string] ?? ''));
    }
  });

  it('backslash, quote and line feed in a label are escaped', () => {
    expect(labelText({ a: 'x\\y"z\n', b: '' })).toBe('{a="x\\\\y\\"z\\n",b=""}');
    expect(labelText({})).toBe('');
  });

  it('time is in seconds to the millisecond; what is no number has a name', () => {
    expect(sampleLine('a', '{b="c"}', 0.25, 1_795_132_800_000)).toBe('a{b="c"} 0.25 1795132800\n');
    expect(sampleLine('a', '', NaN, 1_795_132_800_125)).toBe('a NaN 1795132800.125\n');
    expect(sampleLine('a', '', Infinity, 1)).toBe('a +Inf 0.001\n');
    expect(sampleLine('a', '', -Infinity, 0)).toBe('a -Inf 0\n');
  });

  it('bounds of buckets are in canonical form', () => {
    expect([0.0001, 0.25, 1, 10, '+Inf'].map(bucketBound)).toEqual(['0.0001', '0.25', '1.0', '10.0', '+Inf']);
  });
});
