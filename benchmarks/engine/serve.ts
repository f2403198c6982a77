// An engine in a thread of its own, for the streaming figures: tells its address and serves until the thread is ended.
import { parentPort } from 'node:worker_threads';
import { startEngineServer } from '@satsim/geomrf-engine';

parentPort!.postMessage((await startEngineServer({ address: '127.0.0.1:0' })).target);
