import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, type FinishedRun, root } from '../e2e/satsim.js';

const HERE = { TZ: 'Pacific/Auckland', LC_ALL: 'C', LANG: 'C' };
const THERE = { TZ: 'America/St_Johns', LC_ALL: 'tr_TR.UTF-8', LANG: 'ar_EG.UTF-8' };

/** What another machine differs in that can be had on one: another copy of everything in another folder, time zone and locale. */
describe('a run made on one machine, on another', () => {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-other-machine-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const place = join(dir, 'first, with spaces');
  const tree = join(dir, 'ein anderer Ort', 'satsim');

  const satsim = async (command: string, env: Record<string, string>, ...args: string[]): Promise<unknown> => {
    const cwd = command === bin ? place : dir;
    const { stdout, stderr, exitCode } = await execa(process.execPath, [command, ...args, '--format', 'json'], { cwd, env, reject: false });
    expect(exitCode, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  const copied = join(tree, bin.slice(root.length));

  beforeAll(() => {
    mkdirSync(place, { recursive: true });
    copyTree(tree);
  }, 120_000);

  it('the copy is one: the command and every package of ours are its own', async () => {
    expect(readFileSync(copied)).toEqual(readFileSync(bin));
    const core = realpathSync(join(tree, 'node_modules/@satsim/core'));
    expect(core.startsWith(realpathSync(tree))).toBe(true);
  });

  it.each(['iridium', 'elements-file', 'ship-atlantic'])('%s verifies, and comes out the same', { timeout: 120_000 }, async (name) => {
    const args = ['--set', 'time.duration=60s', '--set', 'assertions=[]'];
    const made = (await satsim(bin, HERE, 'run', join(root, `examples/${name}.satsim.yaml`), ...args)) as FinishedRun;
    const received = join(dir, 'received', made.runId);
    cpSync(made.runDir, received, { recursive: true });
    rmSync(made.runDir, { recursive: true });

    const verified = await satsim(copied, THERE, 'verify', received);
    expect(verified).toMatchObject({ ok: true, ticks: { identical: made.ticks, planned: made.ticks }, problems: [], notes: [] });
    expect(verified).toMatchObject({ traceSha256: { recorded: made.traceSha256, computed: made.traceSha256 } });
    const replayed = (await satsim(copied, THERE, 'replay', received, '--verify')) as FinishedRun;
    expect(replayed).toMatchObject({ traceSha256: made.traceSha256, flows: made.flows, verified: { identical: true } });
    const again = (await satsim(copied, THERE, 'run', join(tree, `examples/${name}.satsim.yaml`), ...args)) as FinishedRun;
    expect(again).toMatchObject({ traceSha256: made.traceSha256, flows: made.flows });
  });

  it('a run that was a replay is held against its own hashes, where what it played is not there', { timeout: 120_000 }, async () => {
    const made = (await satsim(bin, HERE, 'run', join(root, 'examples/iridium.satsim.yaml'), '--set', 'time.duration=10s')) as FinishedRun;
    const played = (await satsim(bin, HERE, 'replay', made.runDir)) as FinishedRun;
    const received = join(dir, 'received', played.runId);
    cpSync(played.runDir, received, { recursive: true });
    for (const { runDir } of [made, played]) rmSync(runDir, { recursive: true });
    const verified = (await satsim(copied, THERE, 'verify', received)) as { notes: string[] };
    expect(verified).toMatchObject({ ok: true, files: { changed: [] }, ticks: { recorded: 10, planned: 10 }, problems: [], error: null });
    expect(verified.notes).toEqual([expect.stringMatching(/^the ticks are not computed anew: .*ticks\.trace: there is neither /)]);
    expect(await satsim(copied, THERE, 'replay', received, '--verify')).toMatchObject({ traceSha256: made.traceSha256, verified: { identical: true } });

    // Its own hashes do tell of damage.
    const flows = join(received, 'results/flows.jsonl');
    writeFileSync(
      flows,
      readFileSync(flows, 'utf8').replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
    );
    const { exitCode, stdout } = await execa(process.execPath, [copied, 'verify', received, '--format', 'json'], { cwd: dir, reject: false });
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ problems: ['results/flows.jsonl has changed since the run'] });
  });
});

/** As if it were installed there: our packages and examples are copied, what they need of others is linked. */
function copyTree(to: string): void {
  const own = ['packages', 'plugins']
    .flatMap((room) => readdirSync(join(root, room)).map((name) => `${room}/${name}`))
    .filter((path) => existsSync(join(root, path, 'package.json')));
  for (const path of [...own, 'examples'])
    cpSync(join(root, path), join(to, path), { recursive: true, filter: (from) => !/[/\\](?:node_modules|src|build|\.turbo)$/.test(from) });
  link(join(root, 'node_modules'), join(to, 'node_modules'), (name) => name !== '@satsim');
  for (const path of own) {
    const { name } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as { name: string };
    const target = join(to, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(to, path), target);
    if (existsSync(join(root, path, 'node_modules'))) link(join(root, path, 'node_modules'), join(to, path, 'node_modules'), () => true);
  }
}

function link(from: string, to: string, wanted: (name: string) => boolean): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) if (wanted(name) && !name.startsWith('.')) symlinkSync(join(from, name), join(to, name));
}
