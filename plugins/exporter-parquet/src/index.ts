import { defineExporter, definePlugin } from '@satsim/core';
import { configSchema } from './config.js';
import { ParquetExporter } from './parquet-exporter.js';

export default definePlugin(defineExporter({ name: 'parquet', config: configSchema, create: (deps) => new ParquetExporter(deps) }));
