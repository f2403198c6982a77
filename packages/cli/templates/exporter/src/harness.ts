import type { ExporterHarness, PluginHarness } from '@satsim/core/testing';
import { OUTPUT } from './exporter.js';

const exporter: ExporterHarness = {
  kind: 'exporter',
  name: '__name__',
  // The kit writes; this tells it what stands in the output, in its order.
  readBack(files) {
    const [, ...lines] = new TextDecoder().decode(files.get(OUTPUT)).trimEnd().split('\n');
    return { results: lines.map((line) => Date.parse(line.slice(0, line.indexOf('\t')))) };
  },
};

export const harnesses: readonly PluginHarness[] = [exporter];
