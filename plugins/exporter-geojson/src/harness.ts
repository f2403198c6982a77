import type { ExporterHarness, PluginHarness } from '@satsim/core/testing';
import { NETWORK_FILE } from './geojson-exporter.js';

const geojson: ExporterHarness = {
  kind: 'exporter',
  name: 'geojson',
  /** The network of a tick is what all ticks up to it have made. */
  readBack(files) {
    const { tick_index } = JSON.parse(new TextDecoder().decode(files.get(NETWORK_FILE))) as { tick_index: number };
    return { ticks: Array.from({ length: tick_index + 1 }, (_, tick) => tick) };
  },
};

export const harnesses: readonly PluginHarness[] = [geojson];
