import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iridium, root, workplace } from '../../e2e/satsim.js';
import { accessibilityFaults, lacksChromium, openBrowser, openReport, picture } from './browser.js';

const MIB = 2 ** 20;
const MINUTE = ['--t1', '2026-11-20T00:01:00Z'];

describe.skipIf(lacksChromium())('reports of all kinds, in Chromium', () => {
  const place = workplace();
  let browser: Browser;
  let first: string;

  beforeAll(async () => {
    browser = await openBrowser();
    first = (await place.run(iridium, ...MINUTE)).runDir;
  });
  afterAll(async () => {
    await browser?.close();
    place.remove();
  });

  const report = async (...args: string[]): Promise<string> => (JSON.parse(await place.output('report', ...args, '--format', 'json')) as { file: string }).file;
  /** A copy of a run, to be spoiled. */
  const copyOf = (runDir: string, name: string): string => {
    const copy = join(place.dir, 'copies', name);
    mkdirSync(join(place.dir, 'copies'), { recursive: true });
    cpSync(runDir, copy, { recursive: true });
    return copy;
  };
  const edit = (file: string, change: (text: string) => string): void => writeFileSync(file, change(readFileSync(file, 'utf8')));

  it('a comparison lays runs over each other, and shows only what differs', async () => {
    const second = (await place.run(iridium, ...MINUTE, '--set', 'links.isl.polar_cutoff_lat_deg=45', '--set', 'assertions=[]')).runDir;
    const { page, complaints } = await openReport(browser, await report(first, second));
    expect(await page.locator('#differences tbody th').allTextContents()).toEqual(expect.arrayContaining(['links.isl.polar_cutoff_lat_deg']));
    expect(await page.locator('#differences').textContent()).not.toContain('time.t0');
    expect(await page.locator('#agreement').textContent()).toMatch(/✗ differs/);
    const flow = page.locator('section.flow').first();
    expect(await flow.locator('.readout').first().locator('.item').count()).toBe(2);
    await page.locator('#flows').getByRole('checkbox', { name: '2 flow' }).click();
    expect(await flow.locator('.readout').first().locator('.item').count()).toBe(1);
    const way = page.locator('table.now td.way').first();
    const before = await way.textContent();
    await page.locator('#map').getByRole('combobox', { name: 'Run' }).selectOption('1');
    expect(await way.textContent()).not.toBe(before);
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture(page, 'comparison');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('a sweep has a table that sorts, results over parameters, and links to its runs', async () => {
    await place.output(
      'sweep',
      iridium,
      '--name',
      'masks',
      '--grid',
      'links.gsl.min_elevation_deg=15,8,30',
      '--grid',
      'seed=1,2',
      '--set',
      'time.duration=20s',
      '--set',
      'assertions=[]',
      '-j',
      '1',
    );
    const file = await report('masks');
    const { page, complaints } = await openReport(browser, file);
    const column = page.locator('#cells tbody td:nth-child(2)');
    const sort = page.locator('#cells').getByRole('button', { name: 'links.gsl.min_elevation_deg' });
    await sort.click();
    expect(await column.allTextContents()).toEqual(['8', '8', '15', '15', '30', '30']);
    await sort.focus();
    await page.keyboard.press('Enter');
    expect(await column.first().textContent()).toBe('30');
    expect(await page.locator('#cells th[aria-sort="descending"]').count()).toBe(1);
    await page.getByRole('combobox', { name: 'Result' }).selectOption({ label: 'availability' });
    expect(await page.locator('svg.scatter').getAttribute('aria-label')).toMatch(/^availability of oslo-singapore over links.gsl.min_elevation_deg: 6 cells/);
    expect(await page.locator('svg.scatter circle').count()).toBe(6);
    expect(await accessibilityFaults(page)).toEqual([]);
    await picture(page, 'sweep');
    const link = await page.locator('#cells a').first().getAttribute('href');
    expect(statSync(fileURLToPath(new URL(link!, pathToFileURL(file)))).isDirectory()).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('text of a run is text, wherever it stands', async () => {
    const nasty = `</script><img src=x onerror="alert(1)"><script>alert(2)</script>'"&`;
    const copy = copyOf(first, 'nasty');
    const quoted = JSON.stringify(nasty).slice(1, -1);
    edit(join(copy, 'manifests/run.json'), (text) => {
      const manifest = JSON.parse(text) as Record<string, unknown>;
      const all = { name: nasty, tags: [nasty], reason: nasty, lanes: [nasty], command: [nasty], source: nasty };
      return JSON.stringify({ ...manifest, ...all });
    });
    edit(join(copy, 'manifests/scenario.normalized.json'), (text) =>
      text.replaceAll('"oslo-singapore"', `"${quoted}"`).replace('"name": "iridium"', `"name": "${quoted}"`),
    );
    edit(join(copy, 'results/flows.jsonl'), (text) =>
      text.replaceAll('"oslo-singapore"', `"${quoted}"`).replaceAll('"lane":"flow"', `"lane":"${quoted}"`).replaceAll('"IR-3-2"', `"${quoted}"`),
    );
    edit(join(copy, 'manifests/spec.json'), (text) => text.replaceAll('"honolulu"', `"${quoted}"`));
    edit(join(copy, 'summary.json'), (text) => text.replaceAll('"oslo-singapore"', `"${quoted}"`).replace('"warnings": []', `"warnings": ["${quoted}"]`));
    const { page, complaints } = await openReport(browser, await report(copy));
    expect(await page.locator('h1').textContent()).toBe(nasty);
    expect(await page.locator('section.flow h3').first().textContent()).toContain(nasty);
    expect(await page.locator('img').count()).toBe(0);
    // Its own three and no other.
    expect(await page.locator('script').count()).toBe(3);
    await page.waitForTimeout(300);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('a run whose positions nobody knows shows what it can, and says why', async () => {
    const copy = copyOf(first, 'foreign');
    writeFileSync(join(copy, 'manifests/spec.json'), 'null\n');
    const { page, complaints } = await openReport(browser, await report(copy));
    expect(await page.locator('#map .note').textContent()).toContain('no specification of its nodes');
    expect(await page.locator('table.now td.way').first().textContent()).toContain('oslo › IR-3-2');
    // Ground nodes stand where the scenario puts them.
    await page.locator('canvas.map').scrollIntoViewIfNeeded();
    const box = (await page.locator('canvas.map').boundingBox())!;
    await page.mouse.move(box.x + ((10.75 + 180) / 360) * box.width, box.y + ((90 - 59.91) / 180) * box.height);
    expect(await page.locator('.tip').textContent()).toBe('oslo  59.9° N, 10.8° E');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('a run that lost its results, its trace or its metrics is still shown', async () => {
    const copy = copyOf(first, 'poor');
    for (const folder of ['results', 'traces', 'metrics']) rmSync(join(copy, folder), { recursive: true });
    const { page, complaints } = await openReport(browser, await report(copy));
    for (const id of ['map', 'flows', 'contacts', 'timing']) expect(await page.locator(`#${id} .note`).count(), id).toBeGreaterThan(0);
    expect(await page.locator('#summary tbody tr').count()).toBe(4);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('1,584 satellites over ten minutes: small, and the time moves smoothly', async () => {
    const { runDir } = await place.run(join(root, 'examples/starlink-shell1.satsim.yaml'));
    const file = await report(runDir);
    const { page, complaints, readyMs } = await openReport(browser, file);
    const slider = page.getByRole('slider', { name: 'Time of the map' });
    await slider.focus();
    // What a step costs until it is drawn, in the page's own clock.
    const steps = await page.evaluate<number[]>(`(async () => {
      const slider = document.getElementById('time');
      const took = [];
      for (let tick = 10; tick < 600; tick += 10) {
        const from = performance.now();
        slider.value = String(tick);
        slider.dispatchEvent(new Event('input'));
        took.push(performance.now() - from);
        await new Promise(requestAnimationFrame);
      }
      return took.sort((a, b) => a - b);
    })()`);
    const median = steps[Math.floor(steps.length / 2)]!;
    const kib = Math.round(statSync(file).size / 1024);
    process.stdout.write(
      `report of shell 1: ${kib} KiB, usable ${readyMs.toFixed(0)} ms, a step of the time ${median.toFixed(1)} ms (median of ${steps.length})\n`,
    );
    expect(statSync(file).size).toBeLessThan(2 * MIB);
    // Ten pictures a second on a machine that does other things; an idle one draws several times as many.
    expect(median).toBeLessThan(100);
    await picture(page, 'starlink-shell1');
    expect(complaints).toEqual([]);
    await page.close();
  });
});
