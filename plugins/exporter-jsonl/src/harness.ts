import type { ExporterHarness, PluginHarness } from '@satsim/core/testing';
import { EVENTS_FILE, RESULTS_FILE } from './jsonl-exporter.js';

const jsonl: ExporterHarness = {
  kind: 'exporter',
  name: 'jsonl',
  readBack: (files) => ({
    results: linesOf(files.get(RESULTS_FILE)).map((line) => (JSON.parse(line) as { simTimeMs: number }).simTimeMs),
    events: linesOf(files.get(EVENTS_FILE)).map((line) => (JSON.parse(line) as { seq: number }).seq),
  }),
};

function linesOf(content: Uint8Array | undefined): string[] {
  return new TextDecoder()
    .decode(content)
    .split('\n')
    .filter((line) => line !== '');
}

export const harnesses: readonly PluginHarness[] = [jsonl];
