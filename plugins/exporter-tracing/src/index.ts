import { defineExporter, definePlugin } from '@satsim/core';
import { z } from 'zod';
import { TracingExporter } from './tracing-exporter.js';

const configSchema = z.strictObject({}).prefault({});

export default definePlugin(defineExporter({ name: 'tracing', config: configSchema, create: (deps) => new TracingExporter(deps) }));
