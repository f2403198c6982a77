import { createReadStream } from 'node:fs';
import { unreadable } from '../artifacts/artifact-error.js';
import type { FlowSample } from '../contract/results.js';
import { SatsimError } from '../errors.js';

/** Where the exporter `jsonl` puts samples. */
export const RESULTS_PATH = 'results/flows.jsonl';

/**
 * The samples of a file, one JSON object a line, in its order and as they come: the file may be larger than memory.
 * @throws SatsimError ARTIFACTS naming file and line
 */
export async function readSamples(file: string, take: (sample: FlowSample) => void): Promise<void> {
  let line = 0;
  let rest = '';
  const read = (text: string): void => {
    line += 1;
    take(sampleOf(text, file, line));
  };
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
      const lines = (rest + (chunk as string)).split('\n');
      rest = lines.pop()!;
      lines.forEach(read);
    }
  } catch (error) {
    if (error instanceof SatsimError) throw error;
    throw unreadable(error, file);
  }
  if (rest !== '') read(rest);
}

const QUANTITIES = ['rttMs', 'oneWayDelayMs', 'lossPct', 'goodputMbps', 'hops'] as const;

function sampleOf(text: string, file: string, line: number): FlowSample {
  const refused = (why: string): SatsimError =>
    new SatsimError('ARTIFACTS', `${file}:${line}: ${why}`, { hint: 'the file was cut off or changed after the run; run the scenario again' });
  let sample: FlowSample;
  try {
    sample = JSON.parse(text) as FlowSample;
  } catch {
    throw refused('not JSON');
  }
  const sound =
    typeof sample === 'object' &&
    sample !== null &&
    typeof sample.lane === 'string' &&
    typeof sample.flow === 'string' &&
    Number.isFinite(sample.simTimeMs) &&
    QUANTITIES.every((key) => sample[key] === null || Number.isFinite(sample[key])) &&
    (sample.pathHash === null || typeof sample.pathHash === 'string') &&
    (sample.path === undefined || Array.isArray(sample.path));
  if (!sound) throw refused('not a sample of a flow');
  return sample;
}
