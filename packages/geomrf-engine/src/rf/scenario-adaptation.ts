import type { ScenarioSpec } from '@satsim/geomrf-proto';
import { Adaptation } from './adaptation.js';
import { DVB_S2X } from './dvb-s2x.js';

/** The scenario's own MODCODs, or those of DVB-S2X. */
export function adaptationOf({ adaptation }: ScenarioSpec): Adaptation {
  const { modcods = [], marginDb = 0, hysteresisDb = 0 } = adaptation ?? {};
  return new Adaptation(modcods.length === 0 ? DVB_S2X : modcods, marginDb, hysteresisDb);
}
