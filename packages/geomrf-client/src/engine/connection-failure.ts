/** What OpenSSL and grpc-js say of a connection that can't be made, in words for people. Trying again changes none of it. */
interface ConnectionFailure {
  readonly message: string;
  readonly hint: string;
}

const FAILURES: readonly (ConnectionFailure & { readonly said: RegExp })[] = [
  {
    said: /unable to (verify the first|get (local )?issuer) certificate|self[- ]signed certificate/,
    message: 'its certificate is of no authority that is trusted here',
    hint: "name the authority's certificate as geomrf.tls.ca_file",
  },
  { said: /certificate has expired/, message: 'its certificate has expired', hint: 'whoever runs the engine has to renew it' },
  { said: /certificate is not yet valid/, message: 'its certificate is not valid yet', hint: 'check the clocks of both machines' },
  {
    said: /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames/,
    message: 'its certificate is for another name',
    hint: 'connect by a name that the certificate has, or give that name as geomrf.tls.server_name',
  },
  {
    said: /alert (certificate required|bad certificate|unknown ca|certificate unknown|certificate expired)/,
    message: 'it lets in only clients with a certificate that it trusts',
    hint: 'give geomrf.tls.cert_file and key_file',
  },
  {
    said: /wrong version number|packet length too long/,
    message: 'it does not speak TLS',
    hint: 'leave geomrf.tls out, or start the engine with --tls-cert and --tls-key',
  },
  { said: /Protocol error/, message: 'what listens there is no gRPC server', hint: 'check geomrf.grpc_target' },
];

/** @returns `null` for a failure that may pass, like a server that does not listen yet */
export function connectionFailure(said: string): ConnectionFailure | null {
  return FAILURES.find((failure) => failure.said.test(said)) ?? null;
}
