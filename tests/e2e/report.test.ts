import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iridium, SHORT, workplace } from './satsim.js';

const MIB = 2 ** 20;

describe('satsim report', () => {
  const place = workplace();
  let runDir: string;
  let runId: string;
  beforeAll(async () => {
    ({ runDir, runId } = await place.run(iridium, ...SHORT));
  });
  afterAll(place.remove);

  const report = async (...args: string[]): Promise<string> => {
    const { file, bytes } = JSON.parse(await place.output('report', ...args, '--format', 'json')) as { file: string; bytes: number };
    const text = readFileSync(file, 'utf8');
    expect(Buffer.byteLength(text)).toBe(bytes);
    return text;
  };
  /** A copy of the run, to be changed. */
  const copy = (): string => {
    const dir = join(mkdtempSync(join(place.dir, 'copy-')), runId);
    cpSync(runDir, dir, { recursive: true });
    return dir;
  };
  const titles = (text: string): string[] => [...text.matchAll(/<h2 [^>]*>([^<]*)<\/h2>/g)].map(([, title]) => title!);

  it('writes report.html into the run and prints where; by id, its beginning, or the folder', async () => {
    expect((await place.output('report', runId.slice(0, 18))).trim()).toBe(join(runDir, 'report.html'));
    const out = join(place.dir, 'elsewhere/one.html');
    expect((await place.output('report', runDir, '--out', out)).trim()).toBe(out);
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(runDir, 'report.html'), 'utf8'));
    // A link, or a device, is written into.
    symlinkSync('one.html', join(place.dir, 'elsewhere/link.html'));
    writeFileSync(out, '');
    await place.output('report', runDir, '--out', 'elsewhere/link.html');
    expect(lstatSync(join(place.dir, 'elsewhere/link.html')).isSymbolicLink()).toBe(true);
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(runDir, 'report.html'), 'utf8'));
  });

  it('is one file that can ask nobody for anything, with the figures in its text', async () => {
    const text = await report(runId);
    expect(titles(text)).toEqual([
      'Summary',
      'Assertions',
      'Map',
      'Flows over time',
      'Contacts and handovers',
      'Elevation and MODCOD',
      'Apply time and drift',
      'Configuration',
      'Provenance',
    ]);
    expect(text).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-/);
    expect(text).not.toMatch(/\b(src|href)="(?!#|data:)/);
    const manifest = JSON.parse(readFileSync(join(runDir, 'manifests/run.json'), 'utf8')) as { traceSha256: string; scenario: { sha256: string } };
    for (const figure of [manifest.traceSha256, manifest.scenario.sha256, '66 satellites, 4 ground nodes', 'availability &gt;= 0.99'])
      expect(text).toContain(figure);
    expect(text.length).toBeLessThan(MIB / 2);
  });

  it('`run --report` writes it at the end, also of a run whose assertions fail', async () => {
    const failing = ['--set', 'assertions=[{flow: oslo-singapore, quantity: rtt_ms.p99, op: "<", value: 1}]'];
    const { stdout, exitCode } = await place.satsim('run', iridium, ...SHORT, ...failing, '--report', '--format', 'json');
    expect(exitCode).toBe(4);
    const text = readFileSync((JSON.parse(stdout) as { report: string }).report, 'utf8');
    expect(text).toContain('1 of 1 fail');
    expect(text).toContain('</span> fails</span>');
  });

  it('holds several runs against each other, beside the runs', async () => {
    const other = await place.run(iridium, ...SHORT, '--seed', '9', '--set', 'links.isl.polar_cutoff_lat_deg=50');
    const file = (await place.output('report', runId, other.runId)).trim();
    expect(file).toBe(join(place.dir, `artifacts/reports/${runId}-vs-${other.runId}.html`));
    const text = readFileSync(file, 'utf8');
    expect(titles(text).slice(0, 3)).toEqual(['What differs', 'Summary', 'Agreement']);
    expect([...text.matchAll(/<th scope="row"><code>([^<]*)<\/code>/g)].map(([, path]) => path)).toEqual(['seed', 'links.isl.polar_cutoff_lat_deg']);
    expect(text).toMatch(/\d+ quantities agree, \d+ differ/);
  });

  it('a sweep is reported into its folder, and alone', async () => {
    await place.output('sweep', iridium, '--name', 'two', '--grid', 'seed=1,2', '--set', 'time.duration=5s', '--set', 'assertions=[]', '-j', '1');
    const file = (await place.output('report', 'two')).trim();
    expect(file).toBe(join(place.dir, 'artifacts/sweeps/two/report.html'));
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('2 done');
    const links = [...text.matchAll(/<a href="(\.\.[^"]*)"/g)].map(([, path]) => path!);
    expect(links.length).toBe(2);
    for (const link of links) expect(existsSync(join(place.dir, 'artifacts/sweeps/two', link)), link).toBe(true);
    const { exitCode, stderr } = await place.satsim('report', 'two', runId);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('a sweep is reported alone')]);
    writeFileSync(join(place.dir, 'artifacts/sweeps/two/table.json'), '{');
    const damaged = await place.satsim('report', 'two');
    expect([damaged.exitCode, damaged.stderr]).toEqual([1, expect.stringContaining('table.json')]);
  });

  it('what the lane mininet read back stands beside what it asked for', async () => {
    const dir = copy();
    mkdirSync(join(dir, 'lanes/mininet'), { recursive: true });
    const line = (tickIndex: number, linkId: string, delayUs: number, applied: number | string) => ({
      tickIndex,
      linkId,
      requested: { drop: false, rateBps: 2_000_000, delayUs, lossPct: 0, queuePackets: 103, burstBytes: 3028, carrier: true },
      applied: { delayUs: applied, lossPct: 0, rateBps: 2_000_000, queuePackets: 103, carrier: true },
    });
    const lines = [line(0, 'gsl:IR-3-2>oslo', 3393, 3393), line(9, 'gsl:IR-3-2>oslo', 3393, 3393), line(9, 'isl:IR-1-1>IR-1-2', 13_466, 13_459)];
    writeFileSync(join(dir, 'lanes/mininet/read_back.jsonl'), lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const text = await report(dir);
    expect(titles(text)).toContain('Requested and applied');
    expect(text).toContain('3 readings of interfaces in 2 comparisons');
    expect(text).toMatch(/delay, µs<\/th>\s*<td class="figure">3<\/td>\s*<td class="figure">7<\/td>\s*<td>isl:IR-1-1&gt;IR-1-2<\/td>/);
    expect(text).toContain('Every link at the last comparison, tick 9 (2)');
  });

  it('a run that was killed, or whose files are damaged, is shown as far as it goes, and the damage is named', async () => {
    const dir = copy();
    const manifest = join(dir, 'manifests/run.json');
    writeFileSync(manifest, JSON.stringify({ ...(JSON.parse(readFileSync(manifest, 'utf8')) as object), outcome: null, endedAt: null, pid: 2 ** 22 + 1 }));
    rmSync(join(dir, 'summary.json'));
    truncateSync(join(dir, 'results/flows.jsonl'), 3000);
    const text = await report(dir);
    expect(text).toContain('<h1>iridium</h1>');
    expect(text).toContain('>crashed<');
    expect(text).toMatch(/results\/flows\.jsonl:\d+: /);
    rmSync(manifest);
    const { exitCode, stderr } = await place.satsim('report', dir);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('cannot be read')]);
  });

  it('what is not there is said: exit codes 1 and 2', async () => {
    expect(await place.satsim('report', 'nobody')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no run in') as string });
    expect(await place.satsim('report')).toMatchObject({ exitCode: 2 });
    expect(await place.satsim('report', runId, '--out', '/proc/none/report.html')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('/proc/none') as string,
    });
  });

  it('leaves no engine behind', () => expect(place.leftovers()).toEqual([]));
});
