import { defineExporter, definePlugin } from '@satsim/core';
import { configSchema } from './config.js';
import { CzmlExporter } from './czml-exporter.js';

export default definePlugin(defineExporter({ name: 'czml', config: configSchema, create: (deps) => new CzmlExporter(deps) }));
