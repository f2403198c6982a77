import { expect, test } from 'vitest';
import { leftOf, tick, ticks } from './runs.test-helper.js';
import { verifyPair } from './verify-pair.js';

const CRASHED = { status: 'crashed' } as const;

test('two runs with the same ticks are the same, also where both have crashed', async () => {
  for (const end of [{}, CRASHED]) {
    const [a, b] = [await leftOf('a', { ticks: ticks(3), ...end }), await leftOf('b', { ticks: ticks(3), ...end })];
    expect(await verifyPair(a, b)).toMatchObject({ ok: true, identical: 3, divergence: null, problems: [], notes: [] });
  }
});

test('one that goes on after the other is not the same, whichever it is and however the two ended', async () => {
  for (const [one, other] of [
    [{}, {}],
    [{}, CRASHED],
    [CRASHED, {}],
    [CRASHED, CRASHED],
  ]) {
    const [short, long] = [await leftOf('short', { ticks: ticks(3), ...one }), await leftOf('long', { ticks: ticks(5), ...other })];
    const expected = { ok: false, identical: 3, problems: ['long goes on after tick 2, the last of short'] };
    expect(await verifyPair(short, long)).toMatchObject(expected);
    expect(await verifyPair(long, short)).toMatchObject(expected);
  }
});

test('without a tick nothing is the same', async () => {
  const [none, some] = [await leftOf('none', { ticks: [], ...CRASHED }), await leftOf('some', { ticks: ticks(2) })];
  expect(await verifyPair(none, none)).toMatchObject({ ok: false, identical: 0, problems: ['neither of the two has a tick'] });
  expect(await verifyPair(none, some)).toMatchObject({ ok: false, identical: 0, problems: ['some has ticks, none has none'] });
});

test('where they part is said', async () => {
  const [a, b] = [await leftOf('a', { ticks: ticks(4) }), await leftOf('b', { ticks: [tick(0), tick(1), tick(2, 9), tick(3)] })];
  expect(await verifyPair(a, b)).toMatchObject({
    ok: false,
    identical: 2,
    divergence: { tickIndex: 2, linkId: 'isl:a>b', field: 'oneWayDelayMs', expected: 2, actual: 9 },
    problems: ['the two runs part'],
  });
});

test('half a tick is what a killed run may leave; in one that came to its end it is damage', async () => {
  const [whole, killed, damaged] = [
    await leftOf('whole', { ticks: ticks(3) }),
    await leftOf('killed', { ticks: ticks(4), cut: 5, ...CRASHED }),
    await leftOf('damaged', { ticks: ticks(4), cut: 5 }),
  ];
  const cutOff = expect.stringContaining('tick 3: the file is cut off') as string;
  expect(await verifyPair(whole, killed)).toMatchObject({ ok: true, identical: 3, problems: [] });
  expect((await verifyPair(whole, killed)).notes).toContainEqual(cutOff);
  expect(await verifyPair(whole, damaged)).toMatchObject({ ok: false, identical: 3, problems: [cutOff] });
});

test('a run that still goes on is not compared', async () => {
  const [ended, running] = [await leftOf('ended', { ticks: ticks(3) }), await leftOf('running', { ticks: ticks(3), status: 'running' })];
  await expect(verifyPair(ended, running)).rejects.toMatchObject({ code: 'RUN_STATE', message: 'run running still goes on' });
});

test('without a trace hashes decide, and no hash is never the same', async () => {
  const without = (runId: string, traceSha256: string | null) => leftOf(runId, { ticks: ticks(3), manifest: { traceRecorded: false, traceSha256 } });
  expect(await verifyPair(await without('a', '12'), await without('b', '12'))).toMatchObject({ ok: true, identical: 3 });
  expect(await verifyPair(await without('a', '12'), await without('b', '34'))).toMatchObject({ ok: false, identical: 0 });
  expect(await verifyPair(await without('a', null), await without('b', null))).toMatchObject({ ok: false, identical: 0 });
});

test('what of a run cannot be read speaks against it', async () => {
  const [whole, none] = [await leftOf('whole', { ticks: ticks(3) }), await leftOf('none', { ticks: ticks(3), cut: 100_000, ...CRASHED })];
  for (const pair of [[whole, none] as const, [none, whole] as const])
    expect(await verifyPair(...pair)).toMatchObject({ ok: false, identical: 0, problems: ['none has no trace that can be read'] });
  const unreadable = { ...whole, manifest: null, problems: ['it is not JSON'] };
  await expect(verifyPair(whole, unreadable)).rejects.toMatchObject({ code: 'VERIFICATION_FAILED', message: 'run whole cannot be read: it is not JSON' });
});
