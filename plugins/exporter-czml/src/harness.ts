import { type ExporterHarness, type PluginHarness, TEST_RUN } from '@satsim/core/testing';
import { CZML_FILE } from './czml-exporter.js';

const czml: ExporterHarness = {
  kind: 'exporter',
  name: 'czml',
  /** The clock of the document runs over all ticks. */
  readBack(files) {
    const [document] = JSON.parse(new TextDecoder().decode(files.get(CZML_FILE))) as [{ clock: { interval: string } }];
    const [from, to] = document.clock.interval.split('/').map((time) => Date.parse(time)) as [number, number];
    return { ticks: Array.from({ length: (to - from) / TEST_RUN.dtMs }, (_, tick) => tick) };
  },
};

export const harnesses: readonly PluginHarness[] = [czml];
