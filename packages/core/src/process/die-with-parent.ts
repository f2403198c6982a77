import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const SETPRIV = '/usr/bin/setpriv';
const canFollow = process.platform === 'linux' && isExecutable(SETPRIV);

/** The command as it has to be started to end with satsim even when satsim is killed: a SIGKILL leaves nobody to clean up. */
export function dieWithParent(command: string, args: readonly string[]): readonly [command: string, args: readonly string[]] {
  return canFollow ? [SETPRIV, ['--pdeathsig', 'KILL', '--', command, ...args]] : [command, args];
}

/** Whether a command can be started, by path or found on PATH. */
export function isInstalled(command: string, path: string = process.env['PATH'] ?? ''): boolean {
  // Windows also tries endings.
  if (process.platform === 'win32') return true;
  return command.includes('/') ? isExecutable(command) : path.split(delimiter).some((folder) => isExecutable(join(folder, command)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
