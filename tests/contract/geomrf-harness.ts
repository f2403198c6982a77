import type { TickSourceHarness } from '@satsim/core/testing';
import { startEmbeddedEngine } from '@satsim/geomrf-engine';

/** Connections of this thread to sockets and pipes; the engine has its own in another thread. */
const openPipes = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'PipeWrap').length;

let openBefore = 0;

/** The tick source of the Geo/RF engine, over the engine that satsim brings. */
export const geomrfHarness: TickSourceHarness = {
  kind: 'tick-source',
  name: 'geomrf',
  startEngine(signal) {
    openBefore = openPipes();
    return startEmbeddedEngine(signal);
  },
  async leftovers() {
    // A socket is gone in the turn of the loop after it was destroyed.
    await new Promise(setImmediate);
    const more = openPipes() - openBefore;
    return more > 0 ? [`${more} connections to the engine`] : [];
  },
};
