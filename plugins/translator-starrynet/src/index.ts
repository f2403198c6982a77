import { definePlugin, defineTranslator } from '@satsim/core';
import { StarryNetTranslator } from './starrynet-translator.js';

export default definePlugin(defineTranslator({ name: 'starrynet', create: () => new StarryNetTranslator() }));
