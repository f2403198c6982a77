import { defineExporter, definePlugin } from '@satsim/core';
import { configSchema } from './config.js';
import { GeojsonExporter } from './geojson-exporter.js';

export default definePlugin(defineExporter({ name: 'geojson', config: configSchema, create: (deps) => new GeojsonExporter(deps) }));
