import { type ExporterHarness, type PluginHarness, TEST_RUN } from '@satsim/core/testing';
import { METRICS_FILE } from './prometheus-exporter.js';

const prometheus: ExporterHarness = {
  kind: 'exporter',
  name: 'prometheus',
  // Whoever has the usual port is not to be disturbed.
  config: { port: 0 },
  readBack(files) {
    const lines = new TextDecoder().decode(files.get(METRICS_FILE)).split('\n');
    const timesOf = (sample: string) => lines.filter((line) => line.startsWith(sample)).map((line) => Math.round(Number(line.split(' ').at(-1)) * 1_000));
    return {
      ticks: timesOf('satsim_ticks_total ').map((timeMs) => (timeMs - TEST_RUN.t0Ms) / TEST_RUN.dtMs),
      results: timesOf('satsim_flow_loss_ratio{'),
    };
  },
};

export const harnesses: readonly PluginHarness[] = [prometheus];
