import type { ArtifactArea, FlowSample } from '@satsim/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { CsvExporter, RESULTS_FILE } from './csv-exporter.js';
import plugin from './index.js';

const HEADER = 'lane,flow,sim_time_unix_ms,rtt_ms,one_way_delay_ms,loss_pct,goodput_mbps,hops,path_hash,path,bottleneck_link\n';
const SAMPLE: FlowSample = {
  lane: 'flow',
  flow: 'bulk',
  simTimeMs: 1_795_132_800_000,
  rttMs: 35.5,
  oneWayDelayMs: 17.25,
  lossPct: 0,
  goodputMbps: 0.1,
  hops: 2,
  pathHash: '0123456789abcdef',
  path: ['a', 'b', 'c'],
  bottleneck: 'isl:a>b',
};
const OUTAGE: FlowSample = {
  lane: 'flow',
  flow: 'bulk',
  simTimeMs: 0,
  rttMs: null,
  oneWayDelayMs: null,
  lossPct: 100,
  goodputMbps: null,
  hops: null,
  pathHash: null,
};

describe('exporter csv', () => {
  const files = new Map<string, string>();
  let broken: 'open' | 'write' | 'close' | null = null;
  const step = (what: typeof broken) => {
    if (what === broken) throw new Error('disk is full');
  };
  const artifacts: ArtifactArea = {
    dir: '/nowhere',
    writeFile: async () => {
      throw new Error('not by this exporter');
    },
    openStream: async (path) => {
      step('open');
      files.set(path, '');
      return {
        write: async (chunk) => {
          await Promise.resolve();
          step('write');
          files.set(path, files.get(path)! + String(chunk));
        },
        close: async () => step('close'),
      };
    },
  };
  let exporter: CsvExporter;
  beforeEach(() => {
    files.clear();
    broken = null;
    exporter = new CsvExporter({ artifacts });
  });

  it('a header with units, then a row for each sample; what does not apply is empty', async () => {
    await exporter.open();
    await exporter.writeResults([SAMPLE]);
    await exporter.writeResults([OUTAGE]);
    await exporter.close();
    expect(files.get(RESULTS_FILE)).toBe(`${HEADER}flow,bulk,1795132800000,35.5,17.25,0,0.1,2,0123456789abcdef,a>b>c,isl:a>b\nflow,bulk,0,,,100,,,,,\n`);
  });

  it('text with separators is quoted', async () => {
    await exporter.open();
    await exporter.writeResults([{ ...OUTAGE, lane: 'a,"b"' }]);
    expect(files.get(RESULTS_FILE)).toContain('\n"a,""b""",bulk,');
  });

  it('without any tick: the header alone', async () => {
    await exporter.open();
    await exporter.writeResults([]);
    await exporter.close();
    expect(files.get(RESULTS_FILE)).toBe(HEADER);
  });

  it('close may be called twice, and without open; a write before open or after close rejects', async () => {
    await exporter.close();
    await expect(exporter.writeResults([SAMPLE])).rejects.toMatchObject({ code: 'EXPORTER_FAILED' });
    await exporter.open();
    await exporter.close();
    await exporter.close();
    await expect(exporter.writeResults([SAMPLE])).rejects.toMatchObject({ code: 'EXPORTER_FAILED' });
  });

  it('a disk that refuses surfaces at every step', async () => {
    broken = 'open';
    await expect(exporter.open()).rejects.toThrow('disk is full');
    broken = 'write';
    await expect(exporter.open()).rejects.toThrow('disk is full');
    await expect(exporter.writeResults([SAMPLE])).rejects.toThrow('disk is full');
    broken = 'close';
    await expect(exporter.close()).rejects.toThrow('disk is full');
  });

  it('the plugin contributes what its manifest says and takes no options', async () => {
    expect(plugin.definitions.map(({ kind, name }) => [kind, name])).toEqual([['exporter', 'csv']]);
    const [definition] = plugin.definitions;
    const check = (value: unknown) =>
      (definition as { config: { '~standard': { validate: (value: unknown) => unknown } } }).config['~standard'].validate(value);
    expect(await check({})).toEqual({ value: {} });
    expect(await check({ delimiter: ';' })).toHaveProperty('issues');
  });
});
