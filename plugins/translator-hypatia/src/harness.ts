import type { InputFiles, PluginHarness, TranslatorHarness } from '@satsim/core/testing';
import { RUN, STATE } from './sample-state.js';

const without = (path: string): InputFiles => Object.fromEntries(Object.entries(STATE).filter(([other]) => other !== path));

const hypatia: TranslatorHarness = {
  kind: 'translator',
  name: 'hypatia',
  samples: [
    STATE,
    { ...STATE, 'run/config_ns3.properties': RUN },
    { ...STATE, 'kit_630/isls.txt': '', 'kit_630/gsl_interfaces_info.txt': '0,1,1.000000\n' },
    Object.fromEntries(Object.entries(STATE).map(([path, text]) => [path.replace('kit_630/', ''), text])),
  ],
  faulty: [
    without('kit_630/isls.txt'),
    { ...STATE, 'kit_630/isls.txt': '0 1\n7 7\n' },
    { ...STATE, 'kit_630/ground_stations.txt': '0,Nowhere,95,0,0\n' },
    { ...STATE, 'kit_630/description.txt': 'max_gsl_length_m=far\nmax_isl_length_m=1\n' },
  ],
};

export const harnesses: readonly PluginHarness[] = [hypatia];
