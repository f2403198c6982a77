export * from './generated/geomrf/v1/geomrf_pb.js';
