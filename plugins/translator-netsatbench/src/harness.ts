import type { PluginHarness, TranslatorHarness } from '@satsim/core/testing';
import { BARE, EPOCHS, SYSTEM, withField } from './sample-system.js';

const netsatbench: TranslatorHarness = {
  kind: 'translator',
  name: 'netsatbench',
  samples: [SYSTEM, EPOCHS, BARE],
  faulty: [
    withField('time', 'noon'),
    withField('rate', 'fast'),
    withField('delay', '5 parsec'),
    withField('loss', 101),
    withField('endpoint1', 'sat99'),
    withField('endpoint1', 'sat2'),
    withField('endpoint2', 7),
    withField('time', '2024-06-02T00:00:00Z'),
  ],
};

export const harnesses: readonly PluginHarness[] = [netsatbench];
