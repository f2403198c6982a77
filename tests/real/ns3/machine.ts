import { lacks } from '../prerequisites.js';

/** ns-3 and what compiles our program against it. */
export const lacksNs3 = (): boolean =>
  lacks({ programs: ['g++', 'pkg-config'], accepts: ['pkg-config', '--atleast-version=3.37', 'ns3-core', 'ns3-flow-monitor'] });
