import { definePlugin, defineTranslator } from '@satsim/core';
import { NetSatBenchTranslator } from './netsatbench-translator.js';

export default definePlugin(defineTranslator({ name: 'netsatbench', create: () => new NetSatBenchTranslator() }));
