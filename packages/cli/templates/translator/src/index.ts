import { definePlugin, defineTranslator } from '@satsim/core';
import { __Name__Translator } from './translator.js';

export default definePlugin(defineTranslator({ name: '__name__', create: () => new __Name__Translator() }));
