#!/usr/bin/env node
// Committed as it is and not built: npm links it before anything is compiled, and the Node that runs it may be too old for
// the rest. It has to stay plain JavaScript that Node 18 understands.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 15];
const MISSING_DEPENDENCY = 3;
const INTERRUPTED = 130;

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) await startHere();
else runWith(packagedNode());

async function startHere() {
  const main = new URL('../dist/main.js', import.meta.url);
  if (!existsSync(main)) fail('satsim is not built yet', 'run `npm ci` or `npm run build` in its folder');
  const { main: start } = await import(main.href);
  await start(process.argv.slice(2));
}

/** The Node that this repository pins as an npm package, or undefined where it is not installed. */
function packagedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`node-${platform}-${process.arch}/package.json`));
    const binary = join(folder, 'bin', platform === 'win' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

function runWith(node) {
  if (node === undefined) {
    fail(`satsim needs Node ${NEEDED.join('.')} or later, and this is ${process.versions.node}`, 'install a newer Node from https://nodejs.org');
  }
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // A signal to this process alone has to reach the child. Ctrl-C reaches both, so it is told and not sent once more: the
  // child takes what both have heard for one. This process only ends when the child has, so that nobody believes the run
  // over too early.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.connected && child.send({ signal }, () => undefined));
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`, `install Node ${NEEDED.join('.')} or later`));
  child.on('exit', (code, signal) => {
    // Killed before it could listen: the same exit code as if it had.
    process.exit(signal === null ? code : signal === 'SIGINT' || signal === 'SIGTERM' ? INTERRUPTED : 128 + constants.signals[signal]);
  });
}

function fail(what, remedy) {
  process.stderr.write(`error: ${what}\n  ${remedy}\n`);
  process.exit(MISSING_DEPENDENCY);
}
