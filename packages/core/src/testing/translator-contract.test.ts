import { describe, expect, test } from 'vitest';
import type { Scenario } from '../contract/scenario.js';
import type { Translator, TranslatorInput } from '../contract/translator.js';
import { ScenarioError, type ScenarioFault } from '../errors.js';
import { FAULTY, SAMPLE, SitesTranslator } from './memory-translator.test-helper.js';
import { translatorContract } from './translator-contract.js';

const harness = { samples: [SAMPLE], faulty: [FAULTY] };
type TranslatorClass = new () => Translator;
const casesOf = (Translating: TranslatorClass) => translatorContract(() => new Translating(), harness);

describe('the reference translator keeps every rule', () => {
  for (const { rule, skip, run } of casesOf(SitesTranslator)) test(rule, () => (expect(skip).toBe(false), run()));
});

const SAME = 'same files, same scenario';
const UNCHANGED = 'the input is not changed';
const VALID = 'the scenario is valid and complete, and names only files that were given';
const BESIDE = 'further files lie beside the scenario, under names of their own, and it names them';
const NAMED = 'an error names the file and the line or field';
const RECOGNIZED = 'it recognizes its own format, if any, and nothing else';

let instances = 0;

const BROKEN: readonly (readonly [rule: string, how: string, TranslatorClass])[] = [
  [
    SAME,
    'each translation counts',
    class extends SitesTranslator {
      #count = 0;
      protected override scenario(path: string): Scenario {
        return { ...super.scenario(path), seed: (this.#count += 1) };
      }
    },
  ],
  [
    SAME,
    'each instance counts',
    class extends SitesTranslator {
      readonly #instance = (instances += 1);
      protected override scenario(path: string): Scenario {
        return { ...super.scenario(path), seed: this.#instance };
      }
    },
  ],
  [
    UNCHANGED,
    'writes into the bytes',
    class extends SitesTranslator {
      override async translate(input: TranslatorInput): Promise<Scenario> {
        const scenario = await super.translate(input);
        for (const content of input.files.values()) content.fill(0);
        return scenario;
      }
    },
  ],
  [
    UNCHANGED,
    'takes files out, and only while it fails',
    class extends SitesTranslator {
      override translate(input: TranslatorInput): Promise<Scenario> {
        return super.translate(input).catch((error: unknown) => {
          (input.files as Map<string, Uint8Array>).clear();
          throw error;
        });
      }
    },
  ],
  [
    VALID,
    'a value out of range',
    class extends SitesTranslator {
      protected override scenario(path: string): Scenario {
        return { ...super.scenario(path), ground: [{ id: 'oslo', lat: 95, lon: 0, alt_m: 0, role: 'ground_station', relay: false }] };
      }
    },
  ],
  [
    VALID,
    'fields that do not fit together',
    class extends SitesTranslator {
      protected override scenario(path: string): Scenario {
        return { ...super.scenario(path), assertions: [{ flow: 'none', quantity: 'availability', op: '>', value: 0 }] };
      }
    },
  ],
  [
    VALID,
    'defaults left out',
    class extends SitesTranslator {
      protected override scenario(path: string): Scenario {
        const { seed: _, ...rest } = super.scenario(path);
        return rest as Scenario;
      }
    },
  ],
  [
    VALID,
    'a file that nobody gave',
    class extends SitesTranslator {
      protected override scenario(path: string): Scenario {
        return super.scenario(`/tmp/${path}`);
      }
    },
  ],
  [
    BESIDE,
    'a place of its own',
    class extends SitesTranslator {
      override async translate(input: TranslatorInput): Promise<Scenario> {
        input.attach?.('../trace.jsonl', '');
        return { ...(await super.translate(input)), ticks: { trace: '../trace.jsonl' } };
      }
    },
  ],
  [
    BESIDE,
    'a file that nobody asks for',
    class extends SitesTranslator {
      override translate(input: TranslatorInput): Promise<Scenario> {
        input.attach?.('notes.txt', 'x');
        return super.translate(input);
      }
    },
  ],
  [
    BESIDE,
    'instead of what was given',
    class extends SitesTranslator {
      override translate(input: TranslatorInput): Promise<Scenario> {
        for (const path of input.files.keys()) input.attach?.(path, 'x');
        return super.translate(input);
      }
    },
  ],
  [
    NAMED,
    'an error of another kind',
    class extends SitesTranslator {
      protected override refusal(): Error {
        return new TypeError('cannot read latitude of undefined');
      }
    },
  ],
  [
    NAMED,
    'no line and no field',
    class extends SitesTranslator {
      protected override refusal(faults: readonly ScenarioFault[]): Error {
        return new ScenarioError(faults.map((fault) => ({ ...fault, path: [], line: null })));
      }
    },
  ],
  [
    NAMED,
    'a file that nobody gave',
    class extends SitesTranslator {
      protected override refusal(faults: readonly ScenarioFault[]): Error {
        return new ScenarioError(faults.map((fault) => ({ ...fault, file: `/tmp/${fault.file}` })));
      }
    },
  ],
  [
    NAMED,
    'takes what is faulty',
    class extends SitesTranslator {
      protected override check(): ScenarioFault[] {
        return [];
      }
    },
  ],
  [
    RECOGNIZED,
    'takes everything for its own',
    class extends SitesTranslator {
      override recognizes(): boolean {
        return true;
      }
    },
  ],
  [
    RECOGNIZED,
    'throws at what is not its own',
    class extends SitesTranslator {
      override recognizes(input: Pick<TranslatorInput, 'files'>): boolean {
        if (!super.recognizes(input)) throw new SyntaxError('unexpected token');
        return true;
      }
    },
  ],
];

test('a trace that comes with the scenario is no file that nobody gave', async () => {
  class Tracing extends SitesTranslator {
    override async translate(input: TranslatorInput): Promise<Scenario> {
      const scenario = await super.translate(input);
      input.attach?.('kit.trace.jsonl', 'ticks');
      return { ...scenario, ticks: { trace: 'kit.trace.jsonl' } };
    }
  }
  for (const { run } of casesOf(Tracing)) await run();
});

describe('a translator broken in one way fails exactly that rule', () => {
  test('there is one for each rule', () => {
    expect([...new Set(BROKEN.map(([rule]) => rule))]).toEqual(casesOf(SitesTranslator).map(({ rule }) => rule));
  });
  test.each(BROKEN)('%s: %s', async (broken, _how, Translating) => {
    const failed: string[] = [];
    for (const { rule, run } of casesOf(Translating)) await run().catch(() => failed.push(rule));
    expect(failed).toEqual([broken]);
  });
});

test('errors need a faulty input: without one the rule is skipped with the reason, never passed', async () => {
  const skipped = translatorContract(() => new SitesTranslator(), { samples: [SAMPLE] }).filter(({ skip }) => skip !== false);
  expect(skipped.map(({ rule, skip }) => [rule, skip])).toEqual([[NAMED, 'the harness has no faulty']]);
  await expect(skipped[0]!.run()).rejects.toThrow('skipped: ');
});

test('a translator that has to be named recognizes nothing, and keeps the rules', async () => {
  const named = () => ({ translate: (input: TranslatorInput) => new SitesTranslator().translate(input) });
  for (const { run } of translatorContract(named, harness)) await run();
});
