import { type Scenario, scenarioSchema } from '../contract/scenario.js';
import type { Translator, TranslatorInput } from '../contract/translator.js';
import { ScenarioError, type ScenarioFault } from '../errors.js';

const FIRST_LINE = 'sites of the kit';

/** A translator that keeps every rule, made so that each of them can be broken alone. Its format: lines `id,lat,lon` below a first line. */
export class SitesTranslator implements Translator {
  recognizes({ files }: Pick<TranslatorInput, 'files'>): boolean {
    return files.size === 1 && [...files.values()].every((content) => textOf(content).startsWith(FIRST_LINE));
  }

  async translate({ files }: TranslatorInput): Promise<Scenario> {
    const [[path, content] = ['', new Uint8Array()] as const] = files;
    const faults = textOf(content)
      .split('\n')
      .slice(1)
      .flatMap((line, index) => this.check(line, index + 2, path));
    if (faults.length > 0) throw this.refusal(faults);
    return this.scenario(path);
  }

  protected check(line: string, number: number, path: string): ScenarioFault[] {
    const lat = Number(line.split(',')[1]);
    return lat >= -90 && lat <= 90 ? [] : [{ message: `latitude is ${lat}`, path: ['lat'], file: path, line: number }];
  }

  protected refusal(faults: readonly ScenarioFault[]): Error {
    return new ScenarioError(faults);
  }

  protected scenario(path: string): Scenario {
    return scenarioSchema.parse({
      name: 'kit',
      time: { t0: '2026-11-20T00:00:00Z', duration: '1m' },
      ground: [{ csv: { file: path, columns: { id: 0, lat: 1, lon: 2 } } }],
    });
  }
}

export const SAMPLE = { 'data/kit.sites': `${FIRST_LINE}\noslo,59.9,10.7\nquito,-0.2,-78.5` };
export const FAULTY = { 'kit.sites': `${FIRST_LINE}\noslo,59.9,10.7\nquito,-92,-78.5` };

const textOf = (content: Uint8Array): string => new TextDecoder().decode(content);
