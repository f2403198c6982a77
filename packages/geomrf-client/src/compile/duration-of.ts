import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import type { DurationSchema } from '@bufbuild/protobuf/wkt';
import { durationMs } from '@satsim/core';

/** A duration of the scenario (`100ms`, `10m`) as the specification has it. */
export function durationOf(text: string): MessageInitShape<typeof DurationSchema> {
  return durationFromMs(durationMs(text));
}
