import type { InputFiles, PluginHarness, TranslatorHarness } from '@satsim/core/testing';
import { FLAT, PROGRAM, shell, SHELLS } from './sample-configs.js';

const json = (config: object): InputFiles => ({ 'config.json': JSON.stringify(config) });

const starrynet: TranslatorHarness = {
  kind: 'translator',
  name: 'starrynet',
  samples: [json(FLAT), json(SHELLS), { ...json(FLAT), 'example.py': PROGRAM, 'bird.conf': 'protocol device {}' }],
  faulty: [
    json({ ...FLAT, Inclination: 200 }),
    json({ ...SHELLS, Shells: [{ ...shell(70), Orbits: undefined }] }),
    { ...json(FLAT), 'example.py': 'GS_lat_long = [[95, 0]]\n' },
    {},
  ],
};

export const harnesses: readonly PluginHarness[] = [starrynet];
