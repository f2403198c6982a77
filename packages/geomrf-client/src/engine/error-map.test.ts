import { RpcError, RpcStatus } from '@satsim/geomrf-proto';
import { describe, expect, test } from 'vitest';
import { isTransient, toGeomrfError } from './error-map.js';

const REMOTE = { target: 'engine.example:50051', embedded: false } as const;
const unavailable = (message: string) => new RpcError(RpcStatus.UNAVAILABLE, `No connection established. Last error: ${message}`);

describe('what an engine says, for people', () => {
  test.each([
    ['unable to verify the first certificate', 'of no authority that is trusted', 'geomrf.tls.ca_file'],
    ['self-signed certificate in certificate chain', 'of no authority that is trusted', 'geomrf.tls.ca_file'],
    ['certificate has expired', 'has expired', 'renew'],
    ["[ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames", 'another name', 'geomrf.tls.server_name'],
    ['SSL routines:ssl3_read_bytes:tlsv13 alert certificate required', 'lets in only clients with a certificate', 'cert_file'],
    ['SSL routines:tls_validate_record_header:wrong version number', 'does not speak TLS', 'leave geomrf.tls out'],
    ['Protocol error', 'no gRPC server', 'geomrf.grpc_target'],
  ])('%s', (said, message, hint) => {
    const error = unavailable(said);
    expect(toGeomrfError(error, { doing: 'asking', engine: REMOTE })).toMatchObject({
      code: 'GEOMRF_UNAVAILABLE',
      exitCode: 1,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    expect(isTransient(error), 'trying again changes nothing').toBe(false);
  });

  test('an external engine that is not there is not the embedded one that ended', () => {
    const error = unavailable('connect ECONNREFUSED 127.0.0.1:1');
    expect(isTransient(error)).toBe(true);
    const hint = (engine: Parameters<typeof toGeomrfError>[1]['engine']) => toGeomrfError(error, { doing: 'asking', engine }).hint;
    expect(hint(REMOTE)).toMatch(/satsim engine serve.*geomrf\.tls/);
    expect(hint({ ...REMOTE, tls: {} })).not.toMatch(/geomrf\.tls/);
    expect(hint({ target: 'unix:/tmp/x', embedded: true })).toMatch(/report it/);
    expect(hint({ target: 'unix:/tmp/x', embedded: true })).not.toMatch(/serve/);
  });

  test('a token that is missing is not a token that is wrong', () => {
    const hint = (token?: string) => toGeomrfError(new RpcError(RpcStatus.UNAUTHENTICATED, 'no'), { doing: 'asking', engine: { ...REMOTE, token } }).hint;
    expect(hint()).toMatch(/^name the file/);
    expect(hint('x')).toMatch(/another token/);
  });
});
