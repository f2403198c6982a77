import { connect } from 'node:net';

/** What is too far away to answer by then is not there. */
const CONNECT_LIMIT_MS = 2_000;

/** Whether somebody listens there. @param addr `tcp:HOST:PORT` or `ssl:HOST:PORT` */
export function listens(addr: string): Promise<boolean> {
  const [, host, port] = addr.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host: host!, port: Number(port), timeout: CONNECT_LIMIT_MS });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => done(true))
      .once('timeout', () => done(false))
      .once('error', () => done(false));
  });
}
