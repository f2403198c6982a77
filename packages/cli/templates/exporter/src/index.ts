import { defineExporter, definePlugin } from '@satsim/core';
import { configSchema, type __Name__Config } from './config.js';
import { __Name__Exporter } from './exporter.js';

export default definePlugin(defineExporter<__Name__Config>({ name: '__name__', config: configSchema, create: (deps) => new __Name__Exporter(deps) }));
