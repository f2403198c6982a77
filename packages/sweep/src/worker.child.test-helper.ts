// A process that speaks the protocol of a worker without running anything: what a job is to do stands in its `set`.
import { existsSync } from 'node:fs';
import type { CellJob, FromWorker, ToWorker } from './protocol.js';

const hoard: Buffer[] = [];
let go: () => void = () => undefined;

async function work({ cell, set: [what, amount, until] }: CellJob): Promise<void> {
  tell({ type: 'started', runDir: `/runs/${cell}` });
  await new Promise<void>((resolve) => (go = resolve));
  if (what === 'die') process.exit(7);
  if (what === 'hang') return;
  if (what === 'hoard') hoard.push(Buffer.alloc(Number(amount) * 2 ** 20, 1));
  while (until !== undefined && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 20));
  hoard.length = 0;
  tell({
    type: 'ended',
    result: { runDir: `/runs/${cell}`, exitCode: what === 'fail' ? 1 : 0, error: null },
    maxRssMiB: process.resourceUsage().maxRSS / 1024,
  });
}

function tell(message: FromWorker): void {
  process.send!(message);
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'job') void work(message.job);
  if (message.type === 'go') go();
});
process.on('disconnect', () => process.exit());
