import { describe, expect, test } from 'vitest';
import type { Exporter, ExporterDeps, RunOutcome } from '../contract/exporter.js';
import type { FlowSample } from '../contract/results.js';
import type { TickUpdate } from '../contract/tick.js';
import { exporterContract } from './exporter-contract.js';
import type { ExporterContractOptions, ExporterSubject } from './exporter-subject.js';
import { LineExporter, OUTPUT } from './memory-exporter.test-helper.js';

const harness: ExporterContractOptions<ExporterSubject> = {
  readBack(files) {
    const text = Buffer.from(files.get(OUTPUT)!).toString();
    const lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { tick?: number; at?: number });
    return { ticks: lines.flatMap(({ tick }) => tick ?? []), results: lines.flatMap(({ at }) => at ?? []) };
  },
};
type ExporterClass = new (deps: ExporterDeps) => Exporter;
const casesOf = (Exporting: ExporterClass) => exporterContract((deps) => ({ exporter: new Exporting(deps) }), harness);

describe('the reference exporter keeps every rule', () => {
  for (const { rule, skip, run } of casesOf(LineExporter)) test(rule, () => (expect(skip).toBe(false), run()));
});

let instances = 0;

const BROKEN: Readonly<Record<string, ExporterClass>> = {
  'a run without a single tick is exported without error': class extends LineExporter {
    #ticks = 0;
    override writeTick(tick: TickUpdate): Promise<void> {
      this.#ticks += 1;
      return super.writeTick(tick);
    }
    override async close(outcome: RunOutcome): Promise<void> {
      await super.close(outcome);
      if (this.#ticks === 0) throw new Error('division by the number of ticks');
    }
  },
  'what is written stands in the output in the order it was given': class extends LineExporter {
    #late: TickUpdate | null = null;
    override async writeTick(tick: TickUpdate): Promise<void> {
      if (tick.tickIndex === 0 && this.stream) this.#late = tick;
      else await super.writeTick(tick);
    }
    override async close(outcome: RunOutcome): Promise<void> {
      try {
        if (this.#late && this.stream) await super.writeTick(this.#late);
      } finally {
        await super.close(outcome);
      }
    }
  },
  'close flushes: everything that was written is there': class extends LineExporter {
    #held: FlowSample[] = [];
    override async writeResults(samples: readonly FlowSample[]): Promise<void> {
      if (!this.stream) throw new Error('not open');
      this.#held.push(...samples);
      if (this.#held.length >= 2) await super.writeResults(this.#held.splice(0));
    }
  },
  'close is safe twice and changes nothing the second time': class extends LineExporter {
    #closed = 0;
    override async close(outcome: RunOutcome): Promise<void> {
      this.#closed += 1;
      if (this.#closed === 2) await this.deps.artifacts.writeFile('results/closed-twice', '');
      await super.close(outcome);
    }
  },
  'a write after close rejects': class extends LineExporter {
    protected override async line(value: object): Promise<void> {
      if (this.stream) await super.line(value);
    }
  },
  'a sink that fails is told, at the latest by close': class extends LineExporter {
    protected override async line(value: object): Promise<void> {
      const { stream } = this;
      await super.line(value).catch((error: unknown) => {
        if (!stream) throw error;
      });
    }
  },
  'same input, same bytes': class extends LineExporter {
    override async open(): Promise<void> {
      await super.open();
      await this.line({ instance: (instances += 1) });
    }
  },
};

describe('an exporter broken in one way fails exactly that rule', () => {
  test('there is one for each rule', () => {
    expect(Object.keys(BROKEN)).toEqual(casesOf(LineExporter).map(({ rule }) => rule));
  });
  const lazy = class extends LineExporter {
    override close(outcome: RunOutcome): Promise<void> {
      return super.close(outcome).catch(() => {});
    }
  };
  const columnar = class extends LineExporter {
    override writeTick(tick: TickUpdate): Promise<void> {
      return tick.columns ? this.line({ tick: tick.tickIndex, links: tick.columns.link.length }) : super.writeTick(tick);
    }
  };
  const others = [
    ['a sink that fails is told, at the latest by close', lazy],
    ['same input, same bytes', columnar],
  ] as const;
  test.each([...Object.entries(BROKEN), ...others])('%s', async (broken, Exporting) => {
    const failed: string[] = [];
    for (const { rule, run } of casesOf(Exporting)) await run().catch(() => failed.push(rule));
    expect(failed).toEqual([broken]);
  });
});

describe('what the harness cannot do is skipped with the reason, never passed', () => {
  const bare = exporterContract((deps) => ({ exporter: new LineExporter(deps) }));
  test('order and flush need readBack', async () => {
    const skipped = bare.filter(({ skip }) => skip !== false);
    expect(skipped.map(({ skip }) => skip)).toEqual(['the harness has no readBack()', 'the harness has no readBack()']);
    for (const { run } of skipped) await expect(run()).rejects.toThrow('skipped: ');
  });
  test('a sink of its own that nobody can make fail, and that nobody can read, fails the rules that need it', async () => {
    const elsewhere = exporterContract(() => ({ exporter: { open: async () => {}, writeTick: async () => {}, close: async () => {} } }));
    const run = (start: string) => elsewhere.find(({ rule }) => rule.startsWith(start))!.run();
    await expect(run('a sink that fails')).rejects.toThrow('give the harness a failSink()');
    await expect(run('same input')).rejects.toThrow('nothing to compare');
  });
});
