import { definePlugin, defineTranslator } from '@satsim/core';
import { HypatiaTranslator } from './hypatia-translator.js';

export default definePlugin(defineTranslator({ name: 'hypatia', create: () => new HypatiaTranslator() }));
