import { defineExporter, definePlugin } from '@satsim/core';
import { configSchema } from './config.js';
import { PrometheusExporter } from './prometheus-exporter.js';

export default definePlugin(defineExporter({ name: 'prometheus', config: configSchema, create: (deps) => new PrometheusExporter(deps) }));
