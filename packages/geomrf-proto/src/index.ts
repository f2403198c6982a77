import type { GeomRfEngine } from './generated/geomrf/v1/geomrf_pb.js';

export * from './generated/geomrf/v1/geomrf_pb.js';
export { addService } from './add-service.js';
export { createClient } from './create-client.js';
export type { ClientOptions, ClientTls } from './create-client.js';
export { TOKEN_PATTERN, requireToken } from './require-token.js';
export { RpcError } from './rpc-error.js';
export { RPC_CHANNEL_OPTIONS } from './rpc-types.js';
export type { RpcContext, ServiceClient, ServiceImplementation, StreamOptions, UnaryOptions } from './rpc-types.js';
export { FASTEST_KM_S, areAntipodal, legSpeedKmS, normalOf } from './track-leg.js';
export type { TrackPoint } from './track-leg.js';
export { Server, ServerCredentials, status as RpcStatus } from '@grpc/grpc-js';
/** For `ServiceImplementation<GeomRfMethods>` and `ServiceClient<GeomRfMethods>`. */
export type GeomRfMethods = (typeof GeomRfEngine)['method'];
