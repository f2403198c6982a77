import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pause, until, workplace } from '../../e2e/satsim.js';
import { lacksMininet, laneOf, LEDGERS, namespacesOf, prefixOf, remainders } from './machine.js';
import { GRID, small } from './scenarios.js';

const BROKEN = fileURLToPath(new URL('../../acceptance/fixtures/peers-broken-lane', import.meta.url));
/** The agent takes everything away when its input ends. */
const AGENT_LIMIT_MS = 10_000;

interface LedgerLine {
  readonly kind: string;
  readonly runId?: string;
  readonly runDir?: string;
  readonly what?: string;
  readonly process?: { readonly pid: number };
}

/** Ways of a run to its end, the orderly ones and the others; each time the machine is as it was before. */
describe.skipIf(lacksMininet('iperf3', 'tcpdump'))('what a run leaves', () => {
  const place = workplace();
  const EVERYTHING = small({
    seconds: 60,
    traffic: '{ id: ping, from: west, to: east, kind: ping }, { id: tcp, from: west, to: east, kind: tcp }, { id: udp, from: east, to: west, kind: udp }',
    mininet: 'capture: { interfaces: all }, exec: [{ node: west, command: [sleep, "1000"] }, { node: east, command: [sh, -c, "trap \'\' TERM; sleep 1000"] }]',
  });
  let prefixes: string[] = [];
  let namespaces: string[] = [];

  beforeEach(() => {
    place.write('small.satsim.yaml', EVERYTHING);
    place.write('grid.satsim.yaml', GRID);
  });
  afterEach(async () => {
    await place.killAll();
    await until(() => processes().length === 0, AGENT_LIMIT_MS);
    expect(remainders(prefixes, namespaces)).toEqual([]);
    [prefixes, namespaces] = [[], []];
  });
  afterAll(place.remove);

  /** A killed run leaves a folder for its engine, which the next one clears away. */
  const processes = (): readonly string[] => place.leftovers().filter((name) => name.startsWith('process '));
  const ledgers = (): readonly { readonly prefix: string; readonly lines: readonly LedgerLine[] }[] =>
    (existsSync(LEDGERS) ? readdirSync(LEDGERS) : [])
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => ({
        prefix: name.slice(0, 4),
        lines: readFileSync(join(LEDGERS, name), 'utf8')
          .split('\n')
          .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LedgerLine])),
      }))
      .filter(({ lines }) => lines[0]?.runDir?.startsWith(place.dir));

  /** Starts a run and waits for a phase of it. */
  async function begin(file: string, phase: 'building' | 'built' | 'running', ...args: string[]) {
    const before = new Set(place.runs());
    const process = place.start('run', file, '--format', 'json', ...args);
    const ledger = () => ledgers().find(({ lines }) => !before.has(lines[0]!.runId!) && lines.length > 3);
    await until(() => ledger() !== undefined, 30_000);
    const { prefix, lines } = ledger()!;
    const runId = lines[0]!.runId!;
    const lane = laneOf(place, runId);
    prefixes.push(prefix);
    const agent = lines.find(({ what }) => what === 'the Mininet agent')!.process!.pid;
    if (phase !== 'building') {
      await until(() => lane.has('node_map.json'), 30_000);
      namespaces.push(...namespacesOf(lane.nodes()));
      expect(prefixOf(lane.nodes())).toBe(prefix);
    }
    if (phase === 'running') await until(() => lane.has('apply.jsonl') && lane.lines('apply.jsonl').length > 4, 30_000);
    return { process, runId, agent, lane };
  }

  it('Ctrl-C: interrupted, with everything that it measured until then', async () => {
    const { process, lane } = await begin('small.satsim.yaml', 'running');
    process.kill('SIGINT');
    const { exitCode, stdout } = await process;
    expect({ exitCode, result: JSON.parse(stdout) as object }).toMatchObject({
      exitCode: 130,
      result: { outcome: 'interrupted', lanes: [{ state: 'stopped', error: null }] },
    });
    for (const { packets } of lane.captures()) expect(packets).not.toBeNull();
    expect(lane.captures()).toHaveLength(2 * 11);
    expect(lane.text('exec/1-west.log')).toBe('ended by SIGTERM\n');
    expect(lane.text('exec/2-east.log')).toBe('ended by SIGKILL\n');
    // Nothing waits for anybody: it all was still running.
    expect(ledgers()).toEqual([]);
  });

  it('Ctrl-C twice', async () => {
    const { process } = await begin('small.satsim.yaml', 'running');
    process.kill('SIGINT');
    await pause(100);
    process.kill('SIGINT');
    expect((await process).exitCode).toBe(130);
    await until(() => processes().length === 0, AGENT_LIMIT_MS);
    await place.output('clean');
  });

  it('Ctrl-C while it is being built', async () => {
    const { process } = await begin('grid.satsim.yaml', 'building');
    const asked = performance.now();
    process.kill('SIGINT');
    expect((await process).exitCode).toBe(130);
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(ledgers()).toEqual([]);
  });

  it('another lane fails', async () => {
    const { process, runId } = await begin(
      'small.satsim.yaml',
      'built',
      '--plugin',
      BROKEN,
      '--lane',
      'mininet',
      '--lane',
      'broken',
      '--set',
      'broken.in=applyTick',
    );
    expect((await process).exitCode).toBe(1);
    expect(JSON.parse(readFileSync(join(place.dir, 'artifacts/runs', runId, 'summary.json'), 'utf8'))).toMatchObject({
      outcome: 'failed',
      lanes: [
        { name: 'mininet', state: 'stopped', error: null },
        { name: 'broken', state: 'error' },
      ],
    });
    expect(ledgers()).toEqual([]);
  });

  it.each(['building', 'built', 'running', 'leaving'] as const)('kill -9 while it is %s: the agent takes everything away', async (phase) => {
    const { process } = await begin(phase === 'building' ? 'grid.satsim.yaml' : 'small.satsim.yaml', phase === 'leaving' ? 'running' : phase);
    if (phase === 'leaving') {
      process.kill('SIGINT');
      await pause(60);
    }
    process.kill('SIGKILL');
    await process;
    await until(() => processes().length === 0, AGENT_LIMIT_MS);
    // Of a dead run only its ledger is there, until somebody looks.
    expect(remainders(prefixes, namespaces).every((name) => name.endsWith('.jsonl'))).toBe(true);
    const cleaned = JSON.parse(await place.output('clean', '--format', 'json')) as readonly { readonly left: readonly string[] }[];
    expect(cleaned.flatMap(({ left }) => left)).toEqual([]);
  });

  it('kill -9 of satsim while its agent hangs: satsim clean finds and removes what they made, and nothing else', async () => {
    const living = await begin(place.write('other.satsim.yaml', small({ seconds: 14 })), 'built');
    const { process: victim, agent, lane, runId } = await begin('small.satsim.yaml', 'running');
    const [alive, dead] = prefixes as [string, string];
    const lost = namespaces.slice(-12);
    const shell = lane.nodes()['west']!.pid;
    // An agent that is killed takes its nodes with it, by the end of their terminals. One that hangs does not.
    process.kill(agent, 'SIGSTOP');
    victim.kill('SIGKILL');
    await victim;
    type Report = readonly { readonly runId: string; readonly things: readonly string[]; readonly left: readonly string[] }[];
    const planned = JSON.parse(await place.output('clean', '--dry-run', '--format', 'json')) as Report;
    expect(planned.map((report) => report.runId)).toEqual([runId]);
    expect(planned[0]!.things).toEqual(
      expect.arrayContaining([`the Mininet agent (process ${agent})`, `node mininet:${lane.nodes()['west']!.name} (process ${shell})`]),
    );
    // It only looked.
    expect(existsSync(`/proc/${shell}`)).toBe(true);
    const printed = await place.output('clean');
    expect(printed).toContain(`${runId} (lane mininet)\n`);
    expect(printed).toContain(`  removed  the Mininet agent (process ${agent})`);
    expect(remainders([dead], lost)).toEqual([]);
    expect(remainders([alive], namespaces).length).toBeGreaterThan(12);
    expect(await place.output('clean')).toBe('nothing is left of any run');
    expect(JSON.parse((await living.process).stdout)).toMatchObject({ outcome: 'completed', flows: [{ availability: 1 }] });
  });

  it('kill -9 of satsim and its agent at once', async () => {
    const { process: first, agent } = await begin('small.satsim.yaml', 'running');
    process.kill(agent, 'SIGKILL');
    first.kill('SIGKILL');
    await first;
    await place.output('clean');
    expect(remainders(prefixes, namespaces)).toEqual([]);
  });

  it('what a dead run has left is removed by the next start', async () => {
    const { process: first, agent, runId } = await begin('small.satsim.yaml', 'running');
    process.kill(agent, 'SIGSTOP');
    first.kill('SIGKILL');
    await first;
    expect(remainders(prefixes, namespaces).length).toBeGreaterThan(1);
    const next = await place.run(place.write('next.satsim.yaml', small({ seconds: 2 })));
    expect(next).toMatchObject({ outcome: 'completed' });
    expect(readFileSync(join(next.runDir, 'logs/run.jsonl'), 'utf8')).toContain(`removed what the dead run ${runId} had left`);
  });
});
