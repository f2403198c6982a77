import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './serve.js';

// The embedded engine's thread: says when it listens, and ends when its parent ends it.
const { address } = workerData as { readonly address: string };
await serve(address);
parentPort!.postMessage('listening');
