import { type Scenario, ScenarioError, type ScenarioFault, scenarioSchema, type Translator, type TranslatorInput } from '@satsim/core';

/** The first line of every file of this format. */
const FIRST_LINE = '# __name__ 1';
const T0 = '2026-01-01T00:00:00Z';

/**
 * One text file: below the first line, a line is
 *
 *     shell NAME PLANES PER_PLANE ALTITUDE_KM INCLINATION_DEG
 *     site ID LATITUDE LONGITUDE
 */
export class __Name__Translator implements Translator {
  recognizes({ files }: Pick<TranslatorInput, 'files'>): boolean {
    return files.size === 1 && [...files.values()].every((content) => linesOf(content)[0] === FIRST_LINE);
  }

  async translate({ files, warn }: TranslatorInput): Promise<Scenario> {
    const [entry] = files;
    if (entry === undefined || files.size > 1)
      throw new ScenarioError([{ message: `one file is expected, not ${files.size}`, path: ['files'], file: null, line: null }]);
    const [file, content] = entry;
    const faults: ScenarioFault[] = [];
    const constellation: object[] = [];
    const ground: { readonly id: string; readonly lat: number; readonly lon: number }[] = [];
    for (const [index, line] of linesOf(content).entries()) {
      const [word, name = '', ...rest] = line.trim().split(/\s+/);
      const numbers = rest.map(Number);
      const isWhole = (count: number) => numbers.length === count && numbers.every(Number.isFinite);
      if (word === 'shell' && isWhole(4)) {
        const [planes, per_plane, altitude_km, inclination_deg] = numbers;
        constellation.push({ walker: { name, planes, per_plane, altitude_km, inclination_deg } });
      } else if (word === 'site' && isWhole(2)) {
        const [lat = 0, lon = 0] = numbers;
        if (Math.abs(lat) > 90) faults.push({ message: `the latitude is ${lat}`, path: [], file, line: index + 1, hint: 'use -90 to 90' });
        ground.push({ id: name, lat, lon });
      } else if (index === 0 ? line !== FIRST_LINE : line.trim() !== '') {
        faults.push({
          message: `cannot be understood: ${line}`,
          path: [],
          file,
          line: index + 1,
          hint: index === 0 ? `the first line is ${FIRST_LINE}` : 'write shell or site',
        });
      }
    }
    if (faults.length > 0) throw new ScenarioError(faults);
    // What the input does not say is said to people, and stands in the scenario for them to change.
    warn?.(`the format tells no time: the scenario starts at ${T0}`);
    const [first, second] = ground;
    return this.#scenario(file, {
      constellation,
      ground,
      traffic: first && second ? [{ id: `${first.id}-${second.id}`, from: first.id, to: second.id, kind: 'ping' }] : [],
    });
  }

  /** @throws ScenarioError for what only the scenario's schema knows to be wrong */
  #scenario(file: string, parts: object): Scenario {
    const parsed = scenarioSchema.safeParse({ name: '__name__', time: { t0: T0, duration: '10m' }, ...parts });
    if (parsed.success) return parsed.data;
    throw new ScenarioError(
      parsed.error.issues.map(({ message, path }) => ({
        message,
        path: path.map((part) => (typeof part === 'number' ? part : String(part))),
        file,
        line: null,
      })),
    );
  }
}

function linesOf(content: Uint8Array): string[] {
  return new TextDecoder().decode(content).split(/\r?\n/);
}
