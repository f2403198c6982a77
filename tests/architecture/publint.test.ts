import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';
import { readWorkspace, ROOT } from './workspace.js';

describe('every package that is published', () => {
  for (const { dir, json } of readWorkspace().filter((one) => one.json.private !== true)) {
    it(`${dir}: publint has nothing to say`, async () => {
      const { messages } = await publint({ pkgDir: join(ROOT, dir), pack: false });
      expect(messages.map((message) => formatMessage(message, json as never))).toEqual([]);
    });
  }
});
