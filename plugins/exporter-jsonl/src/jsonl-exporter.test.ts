import type { ArtifactArea, EngineEvent, FlowSample } from '@satsim/core';
import { beforeEach, describe, expect, it } from 'vitest';
import plugin from './index.js';
import { EVENTS_FILE, JsonlExporter, RESULTS_FILE } from './jsonl-exporter.js';

const SAMPLE: FlowSample = {
  lane: 'flow',
  flow: 'p',
  simTimeMs: 1000,
  rttMs: 35.5,
  oneWayDelayMs: 17,
  lossPct: 0,
  goodputMbps: null,
  hops: 2,
  pathHash: '0123456789abcdef',
  path: ['a', 'b', 'c'],
  bottleneck: null,
};
const EVENT: EngineEvent = { tickIndex: 1, simTimeMs: 1000, seq: 7, type: 'handover', linkId: null, nodeId: 'a', attributes: { to: 'S2', from: 'S1' } };

class Files implements ArtifactArea {
  readonly dir = '/nowhere';
  readonly content = new Map<string, string>();
  readonly open = new Set<string>();
  /** Called at every step with what is done; may throw. */
  fail: (what: string) => void = () => undefined;

  async writeFile(): Promise<void> {
    throw new Error('not by this exporter');
  }

  async openStream(path: string) {
    this.fail(`open ${path}`);
    this.content.set(path, '');
    this.open.add(path);
    return {
      write: async (chunk: string | Uint8Array) => {
        await Promise.resolve();
        this.fail(`write ${path}`);
        this.content.set(path, this.content.get(path)! + String(chunk));
      },
      close: async () => {
        this.open.delete(path);
        this.fail(`close ${path}`);
      },
    };
  }
}

describe('exporter jsonl', () => {
  let files: Files;
  let exporter: JsonlExporter;
  beforeEach(() => {
    files = new Files();
    exporter = new JsonlExporter({ artifacts: files });
  });
  const failOn = (step: string) => {
    files.fail = (what) => {
      if (what === step) throw new Error('disk is full');
    };
  };

  it('one line for each sample and event, in the order they came, keys in a fixed order', async () => {
    await exporter.open();
    const shuffled = Object.fromEntries(Object.entries(SAMPLE).toReversed()) as unknown as FlowSample;
    await exporter.writeResults([SAMPLE, { ...shuffled, simTimeMs: 2000 }]);
    await exporter.writeEvents([EVENT]);
    await exporter.writeResults([{ ...SAMPLE, simTimeMs: 3000 }]);
    await exporter.close();
    const line = (time: number) =>
      `{"lane":"flow","flow":"p","simTimeMs":${time},"rttMs":35.5,"oneWayDelayMs":17,"lossPct":0,"goodputMbps":null,"hops":2,"pathHash":"0123456789abcdef","path":["a","b","c"],"bottleneck":null}\n`;
    expect(files.content.get(RESULTS_FILE)).toBe(line(1000) + line(2000) + line(3000));
    expect(files.content.get(EVENTS_FILE)).toBe(
      '{"tickIndex":1,"simTimeMs":1000,"seq":7,"type":"handover","linkId":null,"nodeId":"a","attributes":{"from":"S1","to":"S2"}}\n',
    );
    expect(files.open.size).toBe(0);
  });

  it('without any tick both files are there, and empty', async () => {
    await exporter.open();
    await exporter.close();
    expect([...files.content]).toEqual([
      [RESULTS_FILE, ''],
      [EVENTS_FILE, ''],
    ]);
  });

  it('close may be called twice, and without open; a write before open or after close rejects', async () => {
    await exporter.close();
    await expect(exporter.writeResults([SAMPLE])).rejects.toMatchObject({ code: 'EXPORTER_FAILED' });
    await exporter.open();
    await exporter.close();
    await exporter.close();
    await expect(exporter.writeResults([SAMPLE])).rejects.toMatchObject({ code: 'EXPORTER_FAILED' });
    await expect(exporter.writeEvents([EVENT])).rejects.toMatchObject({ code: 'EXPORTER_FAILED' });
  });

  it.each([`open ${RESULTS_FILE}`, `open ${EVENTS_FILE}`])('%s fails: so does open, and no file stays open', async (step) => {
    failOn(step);
    await expect(exporter.open()).rejects.toThrow('disk is full');
    await exporter.close();
    expect(files.open.size).toBe(0);
  });

  it('a write that fails surfaces', async () => {
    await exporter.open();
    failOn(`write ${RESULTS_FILE}`);
    await expect(exporter.writeResults([SAMPLE])).rejects.toThrow('disk is full');
  });

  it('a close that fails surfaces, and the other file is closed nevertheless', async () => {
    await exporter.open();
    failOn(`close ${RESULTS_FILE}`);
    await expect(exporter.close()).rejects.toThrow('disk is full');
    expect(files.open.size).toBe(0);
  });

  it('a write waits for the file', async () => {
    await exporter.open();
    const written = exporter.writeResults([SAMPLE]);
    expect(files.content.get(RESULTS_FILE)).toBe('');
    await written;
    expect(files.content.get(RESULTS_FILE)).not.toBe('');
  });

  it('the plugin contributes what its manifest says and takes no options', async () => {
    expect(plugin.definitions.map(({ kind, name }) => [kind, name])).toEqual([['exporter', 'jsonl']]);
    const [definition] = plugin.definitions;
    const check = (value: unknown) =>
      (definition as { config: { '~standard': { validate: (value: unknown) => unknown } } }).config['~standard'].validate(value);
    expect(await check({})).toEqual({ value: {} });
    expect(await check({ pretty: true })).toHaveProperty('issues');
  });
});
