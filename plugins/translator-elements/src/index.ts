import { definePlugin, defineTranslator } from '@satsim/core';
import { ElementsTranslator } from './elements-translator.js';

export default definePlugin(defineTranslator({ name: 'elements', create: () => new ElementsTranslator() }));
