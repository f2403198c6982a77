import { lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';

/** Removes a Unix socket on which nobody listens any more: a server that was killed could not take its own away. */
export async function removeDeadSocket(path: string): Promise<void> {
  // A plain file refuses connections too, and is somebody's.
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  const code = await new Promise<string | undefined>((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  if (code === 'ECONNREFUSED') rmSync(path, { force: true });
}
