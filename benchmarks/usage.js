// Preloaded into the measured process: writes what the operating system says of it when it exits.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(process.env['SATSIM_BENCH_USAGE'], JSON.stringify({ cpuS: (userCPUTime + systemCPUTime) / 1e6, maxRssMiB: maxRSS / 1024 }));
  });
}
