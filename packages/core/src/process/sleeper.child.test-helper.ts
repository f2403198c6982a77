import { RunProcesses } from './process-runner.js';

// A process of its own for process-runner.test.ts, which kills it: starts a program and says which.
console.log(new RunProcesses().start('sleep', ['60']).pid);
