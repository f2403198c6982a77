import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Scenario, scenarioSchema } from '../contract/scenario.js';
import type { Translator } from '../contract/translator.js';
import { isSatsimError, type ScenarioFault } from '../errors.js';
import { checkScenario } from '../scenario/check.js';
import { check } from './contract-case.js';
import type { InputFiles, TranslatorContractOptions } from './translator-subject.js';

type Create = () => Translator | Promise<Translator>;

/** A rule before it meets a translator. */
interface TranslatorRule {
  readonly rule: string;
  /** What of the harness it can't be judged without. */
  readonly needs: 'samples' | 'faulty';
  readonly judge: (create: Create, options: TranslatorContractOptions) => Promise<void>;
}

/** Files that are nobody's: nothing at all, prose, a picture's first bytes, JSON and YAML of no known kind. */
const FOREIGN: readonly InputFiles[] = [
  {},
  { 'README.md': '# Notes\n\n1 thing and 2 more.\n' },
  { 'picture.png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0xfe) },
  { 'package.json': '{ "name": "x", "version": "1.0.0" }' },
  { 'empty.txt': '' },
  { 'network.satsim.yaml': 'name: x\ntime: { t0: "2026-11-20T00:00:00Z", duration: 1s }\n' },
];

export function translatorRules(): readonly TranslatorRule[] {
  return [
    {
      rule: 'same files, same scenario',
      needs: 'samples',
      async judge(create, { samples }) {
        const one = await create();
        for (const sample of samples) {
          const first = await translated(one, sample);
          check(isDeepStrictEqual(first, await translated(one, sample)), `translated again, ${named(sample)} became another scenario`);
          check(isDeepStrictEqual(first, await translated(await create(), sample)), `a fresh translator made another scenario of ${named(sample)}`);
        }
      },
    },
    {
      rule: 'the input is not changed',
      needs: 'samples',
      async judge(create, { samples, faulty = [] }) {
        for (const input of [...samples, ...faulty]) {
          const files = filesOf(input);
          const translator = await create();
          await quietly(() => translator.recognizes?.({ files }));
          await quietly(() => translator.translate({ files }));
          check(isDeepStrictEqual([...files], [...filesOf(input)]), `${named(input)} is not what it was`);
        }
      },
    },
    {
      rule: 'the scenario is valid and complete, and names only files that were given',
      needs: 'samples',
      async judge(create, { samples }) {
        for (const sample of samples) {
          const { scenario, attached } = await translated(await create(), sample);
          const { findings } = checkScenario(scenario, [], { laneNames: Object.keys(scenario), complete: true });
          check(findings.length === 0, `${named(sample)}: ${findings.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`);
          check(isDeepStrictEqual(scenarioSchema.parse(scenario), scenario), `${named(sample)}: defaults are missing; return what scenarioSchema.parse gives`);
          const strange = filesNamedBy(scenario).filter((path) => !Object.hasOwn(sample, path) && !attached.has(path));
          check(strange.length === 0, `${named(sample)}: the scenario names ${strange.join(', ')}`);
        }
      },
    },
    {
      rule: 'further files lie beside the scenario, under names of their own, and it names them',
      needs: 'samples',
      async judge(create, { samples }) {
        for (const sample of samples) {
          const { scenario, attached } = await translated(await create(), sample);
          for (const path of attached.keys()) {
            check(posix.normalize(path) === path && !path.startsWith('/') && !path.startsWith('..'), `${path} does not lie beside the scenario`);
            check(!Object.hasOwn(sample, path), `${path} is a file that was given`);
            check(filesNamedBy(scenario).includes(path), `the scenario does not name ${path}, which comes with it`);
          }
        }
      },
    },
    {
      rule: 'an error names the file and the line or field',
      needs: 'faulty',
      async judge(create, { faulty = [] }) {
        for (const input of faulty) {
          const translator = await create();
          const outcome = await translator.translate({ files: filesOf(input) }).then(
            () => null,
            (error: unknown) => ({ error }),
          );
          check(outcome !== null, `${named(input)} was translated; it must be refused`);
          const faults = faultsOf(outcome.error);
          check(faults.length > 0, `${named(input)} was refused with ${String(outcome.error)}; it must be a ScenarioError`);
          for (const { file, path, message } of faults) {
            check(
              file === null ? path.length > 0 : Object.hasOwn(input, file),
              `${named(input)}: "${message}" is said of ${file === null ? 'no file and no field' : `${file}, which was not given`}`,
            );
          }
          check(
            faults.some(({ line, path }) => line !== null || path.length > 0),
            `${named(input)}: no fault has a line or a field`,
          );
        }
      },
    },
    {
      rule: 'it recognizes its own format, if any, and nothing else',
      needs: 'samples',
      async judge(create, { samples, faulty = [] }) {
        const translator = await create();
        if (translator.recognizes === undefined) return;
        for (const sample of samples) check(translator.recognizes({ files: filesOf(sample) }), `${named(sample)} is not recognized`);
        for (const input of FOREIGN) check(!translator.recognizes({ files: filesOf(input) }), `${named(input)} is taken for its own`);
        for (const input of faulty) translator.recognizes({ files: filesOf(input) });
      },
    },
  ];
}

/** What fails is the business of other rules. */
async function quietly(work: () => unknown): Promise<void> {
  await (async () => work())().catch(() => undefined);
}

/** A fresh map with fresh bytes each time, so that one translation can't spoil another. */
function filesOf(input: InputFiles): Map<string, Uint8Array> {
  return new Map(
    Object.entries(input).map(([path, content]) => [path, typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content)]),
  );
}

const named = (input: InputFiles): string => Object.keys(input).join(' + ') || 'no file at all';

function faultsOf(error: unknown): readonly ScenarioFault[] {
  return isSatsimError(error) && error.code === 'SCENARIO_INVALID' && 'faults' in error ? (error.faults as readonly ScenarioFault[]) : [];
}

/** With the further files, each as bytes, as one might write them. */
async function translated(
  translator: Translator,
  sample: InputFiles,
): Promise<{ readonly scenario: Scenario; readonly attached: ReadonlyMap<string, Uint8Array> }> {
  const attached = new Map<string, Uint8Array>();
  const attach = (path: string, content: string | Uint8Array): void => {
    check(!attached.has(path), `${path} comes twice`);
    attached.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content));
  };
  return { scenario: await translator.translate({ files: filesOf(sample), attach }), attached };
}

function filesNamedBy(scenario: Scenario): string[] {
  return [
    ...(scenario.ticks?.trace === undefined ? [] : [scenario.ticks.trace]),
    ...(scenario.constellation ?? []).flatMap((item) => ('elements' in item ? item.elements.file : [])),
    ...(scenario.ground ?? []).flatMap((item) => ('csv' in item ? item.csv.file : [])),
  ];
}
