import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventType, LinkType } from '@satsim/geomrf-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, testEngine } from '../testing/engine.test-helper.js';
import type { TestEngine } from '../testing/engine.test-helper.js';
import { STEP, hourOf } from '../testing/service.test-helper.js';
import { ALL_LINKS, START_MS } from '../testing/specs.test-helper.js';

let engine: TestEngine;
beforeAll(async () => void (engine = await testEngine()));
afterAll(() => engine.stop());

describe('StreamEvents', () => {
  it('tells passes, links, handovers and MODCODs, numbered, at ticks of the delta stream, and in accord with it', async () => {
    const scenarioRef = await engine.create(hourOf());
    const request = { scenarioRef, dt: STEP, selector: ALL_LINKS };
    const events = await collect(engine.client.streamEvents(request));
    expect(events.map(({ seq }) => Number(seq))).toEqual(events.map((_, i) => i));
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set([EventType.LINK_UP, EventType.LINK_DOWN, EventType.HANDOVER, EventType.MODCOD_CHANGE, EventType.PASS_START, EventType.PASS_END]),
    );
    for (const { tickIndex, time } of events) expect(time).toEqual(timestampFromMs(START_MS + Number(tickIndex) * 30_000));

    const up = new Set<string>();
    const name = (key: { src: string; dst: string } | undefined): string => `${key!.src}>${key!.dst}`;
    const changes: string[] = [];
    for await (const { tickIndex, removals, updates } of engine.client.streamLinkDeltas(request)) {
      for (const key of removals) if (up.delete(name(key))) changes.push(`${tickIndex} down ${name(key)}`);
      for (const { key, up: now } of updates) {
        if (now && !up.has(name(key)) && (tickIndex > 0n || key!.linkType === LinkType.SAT_UT)) changes.push(`${tickIndex} up ${name(key)}`);
        if (!now && up.has(name(key))) changes.push(`${tickIndex} down ${name(key)}`);
        if (now) up.add(name(key));
        else up.delete(name(key));
      }
    }
    const told = events.flatMap(({ type, tickIndex, link }) =>
      type === EventType.LINK_UP ? [`${tickIndex} up ${name(link)}`] : type === EventType.LINK_DOWN ? [`${tickIndex} down ${name(link)}`] : [],
    );
    expect(told.toSorted()).toEqual(changes.toSorted());
    const handover = events.find(({ type }) => type === EventType.HANDOVER);
    expect(handover).toMatchObject({ attrs: { from: expect.stringMatching(/^W-/) as string, to: handover!.link!.dst }, nodeId: handover!.link!.src });

    const some = await collect(engine.client.streamEvents({ ...request, types: [EventType.HANDOVER] }));
    expect(some.map(({ tickIndex, nodeId, attrs }) => ({ tickIndex, nodeId, attrs }))).toEqual(
      events.filter(({ type }) => type === EventType.HANDOVER).map(({ tickIndex, nodeId, attrs }) => ({ tickIndex, nodeId, attrs })),
    );
  });
});
