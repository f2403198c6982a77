import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ElementsTranslator } from './elements-translator.js';

const DATA = new URL('../../../../shared/data/', import.meta.url);
const present = existsSync(DATA);
if (!present && process.env['CI']) throw new Error(`the real data (${DATA.pathname}) is not there, and CI may not skip it`);

const translate = (path: string) => new ElementsTranslator().translate({ files: new Map([[path, readFileSync(new URL(path, DATA))]]) });

describe.skipIf(!present)('real element files (skipped where ../shared/data is absent)', () => {
  it('6,469 Starlink sets', async () => {
    const scenario = await translate('starlink-2024-10-21.tle');
    expect(scenario).toMatchObject({
      name: 'starlink-2024-10-21',
      time: { t0: '2024-10-21T04:39:00Z' },
      constellation: [{ elements: { file: 'starlink-2024-10-21.tle' } }],
    });
    expect(scenario.links).toBeUndefined();
  });

  // The JSON sample is a later epoch of the same object.
  it.each([
    ['csv', '2020-10-13T04:53:00Z'],
    ['xml', '2020-10-13T04:53:00Z'],
    ['json', '2025-02-14T14:37:00Z'],
  ])('a published OMM sample: %s', async (encoding, t0) => {
    const file = `omm-samples/sample_omm.${encoding}`;
    expect(await translate(file)).toMatchObject({ name: 'sample_omm', time: { t0 }, constellation: [{ elements: { file } }] });
  });

  it('says which lines of the SGP4 verification deck have wrong checksums', async () => {
    const error = (await translate('sgp4-verification/SGP4-VER.TLE').catch((thrown: unknown) => thrown)) as {
      faults: readonly { file: string; line: number }[];
    };
    expect(error.faults.filter(({ line }) => line !== null).map(({ line }) => line)).toEqual([100, 101, 103, 106, 107]);
  });
});
