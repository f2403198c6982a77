import type { DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { GenService, GenServiceMethods } from '@bufbuild/protobuf/codegenv2';
import type { ChannelOptions, Metadata } from '@grpc/grpc-js';

type Method = GenServiceMethods[string];

/** What a handler knows of its call. */
export interface RpcContext {
  /** Aborts when the caller cancels, goes away, or its deadline passes. */
  readonly signal: AbortSignal;
  readonly metadata: Metadata;
}

type Handler<M extends Method> = M['methodKind'] extends 'unary'
  ? (request: MessageShape<M['input']>, context: RpcContext) => Promise<MessageInitShape<M['output']>>
  : M['methodKind'] extends 'server_streaming'
    ? (request: MessageShape<M['input']>, context: RpcContext) => AsyncIterable<MessageInitShape<M['output']>>
    : never;

/** One handler for each method of the service. */
export type ServiceImplementation<Methods extends GenServiceMethods> = { readonly [Name in keyof Methods]: Handler<Methods[Name]> };

export interface UnaryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Fails with DEADLINE_EXCEEDED after this long; no deadline by default. */
  readonly timeoutMs?: number | undefined;
}

export interface StreamOptions {
  readonly signal?: AbortSignal | undefined;
}

type ClientMethod<M extends Method> = M['methodKind'] extends 'unary'
  ? (request: MessageInitShape<M['input']>, options?: UnaryOptions) => Promise<MessageShape<M['output']>>
  : M['methodKind'] extends 'server_streaming'
    ? (request: MessageInitShape<M['input']>, options?: StreamOptions) => AsyncIterable<MessageShape<M['output']>>
    : never;

/**
 * One function for each method of the service. All failures are {@link RpcError}s; a call ended by its signal fails with
 * CANCELLED. A stream starts with its first `next()`, and leaving the loop cancels it on the server.
 */
export type ServiceClient<Methods extends GenServiceMethods> = { readonly [Name in keyof Methods]: ClientMethod<Methods[Name]> } & {
  /** Drops the connection; calls under way fail. */
  close(): void;
};

export type { DescMethod, GenService, GenServiceMethods };

/**
 * Most bytes of one message. grpc-js stops at 4 MiB by default, which is less than a snapshot of 60,000 links; one of
 * 4,000,000 links with all their figures is 344 MB in columns and up to 600 MB as messages. Nothing is compressed: on
 * loopback and in a laboratory's network that would cost more than it saves.
 */
const MAX_MESSAGE_BYTES = 1024 * 1024 * 1024;

/**
 * A ping that often while calls are under way, and how long its answer may take. A peer that is stopped, or cut off without
 * a word, is noticed after the sum of both: calls under way fail with UNAVAILABLE. The answer may take long, as an engine in
 * one thread answers no ping while it computes a tick or reads a specification.
 */
export const KEEPALIVE = { everyMs: 20_000, timeoutMs: 40_000 };

/** What both sides need: pass it to `new grpc.Server(RPC_CHANNEL_OPTIONS)`; clients made here have it. */
export const RPC_CHANNEL_OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  // About one large tick in flight; the default of 64 KiB costs a round trip for every 100 links or so.
  'grpc-node.flow_control_window': 1024 * 1024,
  'grpc.keepalive_time_ms': KEEPALIVE.everyMs,
  'grpc.keepalive_timeout_ms': KEEPALIVE.timeoutMs,
};
