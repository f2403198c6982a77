import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { flow } from '../contract/scenario-traffic.js';
import { COMPARED, DEFAULT_TOLERANCES, formatTolerance, parseTolerances } from './tolerance.js';

describe('--tolerance', () => {
  it('replaces the terms of the quantity that it names', () => {
    expect(parseTolerances([])).toEqual(DEFAULT_TOLERANCES);
    const given = parseTolerances(['rtt_ms=2ms+0.5%', 'path=1%', 'goodput_mbps = 0.1Mbit/s + 2%', 'loss_pct=2']);
    expect(given).toEqual({
      ...DEFAULT_TOLERANCES,
      rtt_ms: { absolute: 2, percent: 0.5, perHop: 0, standardErrors: 0 },
      path: { absolute: 0, percent: 1, perHop: 0, standardErrors: 0 },
      goodput_mbps: { absolute: 0.1, percent: 2, perHop: 0, standardErrors: 0 },
      loss_pct: { absolute: 2, percent: 0, perHop: 0, standardErrors: 0 },
    });
  });

  it('is written as it is read', () => {
    for (const quantity of COMPARED) {
      const text = formatTolerance(DEFAULT_TOLERANCES[quantity], quantity, true);
      expect(parseTolerances([`${quantity}=${text}`])).toEqual(DEFAULT_TOLERANCES);
    }
    expect(formatTolerance(DEFAULT_TOLERANCES.rtt_ms, 'rtt_ms', true)).toBe('1ms+1%+0.2ms/hop');
    expect(formatTolerance(DEFAULT_TOLERANCES.rtt_ms, 'rtt_ms', false)).toBe('1ms+1%');
  });

  it.each(['1ms', 'rtt=1ms', 'rtt_ms', 'rtt_ms=', 'rtt_ms=1s', 'rtt_ms=-1ms', 'rtt_ms=1ms%', 'rtt_ms=1ms+', 'loss_pct=1ms', 'loss_pct=1ppse', 'path=1ms'])(
    'refuses %s',
    (text) => {
      expect(() => parseTolerances([text])).toThrow(expect.objectContaining({ code: 'USAGE', message: `--tolerance ${text} is no tolerance` }) as Error);
    },
  );
});

describe('docs/comparing-lanes.md', () => {
  const text = readFileSync(new URL('../../../../docs/comparing-lanes.md', import.meta.url), 'utf8');

  it('gives the usual tolerances', () => {
    const rows = [...text.matchAll(/^\| `(\w+)` \|[^|]*\|[^|]*\| `([^`]+)` \|$/gm)].map((row) => [row[1], row[2]]);
    expect(rows).toEqual(COMPARED.map((quantity) => [quantity, formatTolerance(DEFAULT_TOLERANCES[quantity], quantity, true)]));
  });

  it('says of every key of traffic what each lane does with it', () => {
    const table = /\| key of `traffic` \|[^]*?\n\n/.exec(text)![0].trim().split('\n');
    const [header, , ...rows] = table.map((line) => line.split('|').map((cell) => cell.trim()));
    expect(header!.slice(2, -1)).toEqual(['flow', 'ns3', 'omnet', 'mininet']);
    const told = rows.flatMap((row) => [...row[1]!.matchAll(/`(\w+)[:`]/g)].map((match) => match[1]));
    const without = ['id', 'from', 'to'];
    expect(new Set(told)).toEqual(new Set(Object.keys(flow.shape).filter((key) => !without.includes(key))));
    for (const [, key, ...cells] of rows) expect(cells.slice(0, -1), key).toEqual(Array.from({ length: 4 }, () => expect.stringMatching(/./)));
  });
});
