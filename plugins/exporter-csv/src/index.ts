import { defineExporter, definePlugin } from '@satsim/core';
import { z } from 'zod';
import { CsvExporter } from './csv-exporter.js';

const configSchema = z.strictObject({}).prefault({});

export default definePlugin(defineExporter({ name: 'csv', config: configSchema, create: (deps) => new CsvExporter(deps) }));
