// Measures the baseline in JavaScript in a process of its own. Argument: a file with the job; prints the answer as JSON.
import { readFileSync } from 'node:fs';
import type { BaselineAnswer, BaselineJob } from './job.ts';
import { measure } from './measurement.ts';
import type { Problem } from './problem.ts';
import { SatelliteJs } from './satellite-js.ts';

const { problem, dtMs, effort, checkAt } = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as BaselineJob & { readonly problem: Problem };
const baseline = new SatelliteJs(problem);
const measured = await measure((tick) => baseline.step(problem.startMs + tick * dtMs), effort);
const rssMiB = process.resourceUsage().maxRSS / 1024;
const answer: BaselineAnswer = { ...measured, rssMiB, checks: checkAt.map((timeMs) => baseline.check(timeMs)) };
process.stdout.write(JSON.stringify(answer));
