import { parentPort, workerData } from 'node:worker_threads';
import { serve } from './serve.js';

// The embedded engine's thread: says when it listens, and ends when its parent asks it to.
const { address } = workerData as { readonly address: string };
const server = await serve(address);
parentPort!.once('message', () => void server.stop().then(() => process.exit()));
parentPort!.postMessage('listening');
