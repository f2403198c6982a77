export type { ContractCase } from './contract-case.js';
export { exporterContract } from './exporter-contract.js';
export type { ExporterContractOptions, ExporterSubject, ReadBack } from './exporter-subject.js';
export { laneContract } from './lane-contract.js';
export type { LaneContractOptions, LaneSubject, ObservedLink } from './lane-subject.js';
export { MemoryBackend, MemoryLane } from './memory-lane.js';
export { deepFreeze, TEST_LINKS, TEST_NODES, TEST_RUN, TEST_SCENARIO, testLink, testTick } from './network.js';
export { type LogLine, memoryLogger, type TestExporterDeps, testExporterDeps, type TestLaneDeps, testLaneDeps } from './test-deps.js';
