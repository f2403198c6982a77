export { readTrace, type ReadTraceOptions, type Trace } from './read-trace.js';
export { TraceError } from './trace-damage.js';
export type { TraceFrame } from './trace-files.js';
export { TraceHash } from './trace-hash.js';
export { TraceText } from './trace-text.js';
export type { TraceFormat, TraceHeader } from './trace-header.js';
