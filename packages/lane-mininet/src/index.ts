import { defineLane, definePlugin } from '@satsim/core';
import { captureCommand } from './capture/capture-command.js';
import { check } from './check.js';
import { configSchema } from './config.js';
import { MininetLane } from './mininet-lane.js';
import { remarksOn } from './remarks.js';
import { laneRemains } from './safety/lane-remains.js';
import { missingFor } from './safety/prerequisites.js';

export default definePlugin(
  defineLane({
    name: 'mininet',
    config: configSchema,
    create: (deps) => new MininetLane(deps),
    missing: missingFor,
    remarks: remarksOn,
    check,
    remains: laneRemains,
    capture: captureCommand,
    recordsPackets: true,
    // Hundreds of namespaces take the kernel that long on a machine that has other things to do as well.
    finalizeLimitMs: 60_000,
  }),
);
