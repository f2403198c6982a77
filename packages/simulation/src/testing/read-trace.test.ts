import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROUTES_HEADER } from '../trace/route-writer.js';
import { LINKS_HEADER } from '../trace/trace-writer.js';
import { BAD_LINKS, BAD_ROUTES, GOOD_LINK } from './bad-traces.js';
import { readTrace } from './read-trace.js';

const dir = mkdtempSync(join(tmpdir(), 'satsim-read-'));
afterAll(() => rmSync(dir, { recursive: true }));
const files = { links: join(dir, 'links.trace'), routes: join(dir, 'routes.trace') };

test.each(BAD_LINKS)('links.trace: $what', ({ text, line, says }) => {
  writeFileSync(files.links, text);
  writeFileSync(files.routes, ROUTES_HEADER);
  expect(() => readTrace('sim', files)).toThrow(new RegExp(`^${files.links}:${line}: .*${says}`));
});

test.each(BAD_ROUTES)('routes.trace: $what', ({ text, line, says }) => {
  writeFileSync(files.links, LINKS_HEADER + GOOD_LINK);
  writeFileSync(files.routes, text);
  expect(() => readTrace('sim', files)).toThrow(new RegExp(`^${files.routes}:${line}: .*${says}`));
});
