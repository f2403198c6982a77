import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { execa } from 'execa';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';

const CHROMIUM = '/usr/bin/chromium';

/** For `describe.skipIf`: Debian's Chromium, or poppler that reads what it prints, is not there. Under CI that is a failure. */
export function lacksChromium(): boolean {
  if ([CHROMIUM, '/usr/bin/pdftotext'].every((program) => existsSync(program))) return false;
  const message = `needs ${CHROMIUM} and pdftotext: apt-get install chromium poppler-utils`;
  if (process.env['CI']) throw new Error(message);
  process.stderr.write(`skipped: ${message}\n`);
  return true;
}

export function openBrowser(): Promise<Browser> {
  // Tests run as root, where Chromium has no sandbox.
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

export interface OpenReport {
  readonly page: Page;
  /** What must never be: requests, errors, dialogs. */
  readonly complaints: readonly string[];
  /** Milliseconds from the start of navigation. */
  readonly firstPaintMs: number;
  readonly readyMs: number;
}

/** Opens a report as somebody does who double-clicks the file. */
export async function openReport(
  browser: Browser,
  file: string,
  options: { readonly width?: number; readonly colorScheme?: 'light' | 'dark'; readonly reducedMotion?: 'reduce' } = {},
): Promise<OpenReport> {
  const { width = 1280, ...rest } = options;
  const page = await browser.newPage({ viewport: { width, height: 900 }, ...rest });
  const complaints: string[] = [];
  const own = pathToFileURL(file).href;
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => request.url() !== own && !request.url().startsWith('data:') && complaints.push(`request: ${request.url()}`));
  await page.goto(own);
  await page.waitForSelector('html.ready', { state: 'attached' });
  const [firstPaintMs, readyMs] = await page.evaluate<[number, number]>(
    '[performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN, performance.now()]',
  );
  expect(complaints).toEqual([]);
  return { page, complaints, firstPaintMs, readyMs };
}

/** Where pictures of the pages go, to be looked at; not in git. */
const PICTURES = join(import.meta.dirname, 'pictures');

/** Keeps a picture of the whole page as `pictures/<name>.png`: charts are drawn when they come into sight, so all of it is passed over first. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(`(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
      window.scrollTo({ top: y, behavior: 'instant' });
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    }
    window.scrollTo({ top: 0, behavior: 'instant' });
  })()`);
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** The page as it is printed: kept as `pictures/<name>.pdf`, and what is in it, by poppler. */
export async function printed(page: Page, name: string): Promise<{ readonly pages: number; readonly text: string }> {
  const file = join(PICTURES, `${name}.pdf`);
  await page.pdf({ path: file, format: 'A4', printBackground: true });
  const [info, text] = await Promise.all([execa('pdfinfo', [file]), execa('pdftotext', ['-layout', file, '-'])]);
  return { pages: Number(/^Pages:\s+(\d+)$/m.exec(info.stdout)![1]), text: text.stdout };
}

/** What axe finds that keeps somebody out, by the rules of WCAG 2.2 AA and its best practice. */
export async function accessibilityFaults(page: Page): Promise<unknown[]> {
  await page.evaluate(axe.source);
  return page.evaluate<unknown[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]))`,
  );
}
