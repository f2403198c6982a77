import { defineExporter, definePlugin } from '@satsim/core';
import { z } from 'zod';
import { JsonlExporter } from './jsonl-exporter.js';

const configSchema = z.strictObject({}).prefault({});

export default definePlugin(defineExporter({ name: 'jsonl', config: configSchema, create: (deps) => new JsonlExporter(deps) }));
