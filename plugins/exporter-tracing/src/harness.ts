import type { ExporterHarness, PluginHarness } from '@satsim/core/testing';
import { TRACE_FILE } from './tracing-exporter.js';

interface ReadEvent {
  readonly ph: string;
  readonly name: string;
  readonly args: Readonly<Record<string, number>>;
}

const tracing: ExporterHarness = {
  kind: 'exporter',
  name: 'tracing',
  readBack(files) {
    const events = JSON.parse(new TextDecoder().decode(files.get(TRACE_FILE))) as readonly ReadEvent[];
    return {
      metrics: events.filter(({ name }) => name.startsWith('tick ')).map(({ args }) => args['tick']!),
      events: events.filter(({ ph }) => ph === 'i').map(({ args }) => args['seq']!),
    };
  },
};

export const harnesses: readonly PluginHarness[] = [tracing];
