import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testLaneDeps, type TestLaneDeps } from '@satsim/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { NetworkPlan } from '../plan/network-plan.js';
import { MininetAgent } from './mininet-agent.js';

const SWITCHES = { datapath: 'kernel', protocols: ['OpenFlow14'], controller: null, tags: {} } as const;

describe.skipIf(process.platform !== 'linux')('the agent', () => {
  let folder: string;
  let kit: TestLaneDeps;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'satsim-agent-'));
    kit = await testLaneDeps();
  });
  afterEach(async () => {
    await kit.dispose();
    rmSync(folder, { recursive: true });
  });

  /** Stands for Python: takes its arguments, and does what the body says with each request. */
  function agent(body: string): MininetAgent {
    const python = join(folder, 'python');
    const script = `import { createInterface } from 'node:readline';
import { appendFileSync } from 'node:fs';
const say = (reply) => console.log(JSON.stringify(reply));
const note = (text) => appendFileSync(${JSON.stringify(join(folder, 'notes'))}, text + '\\n');
process.on('SIGTERM', () => { note('asked to end'); process.exit(0); });
const input = createInterface({ input: process.stdin });
input.on('close', () => { note('input ended'); process.exit(0); });
${body}`;
    writeFileSync(join(folder, 'agent.mjs'), script);
    writeFileSync(python, `#!/bin/sh\nexec "${process.execPath}" "${join(folder, 'agent.mjs')}"\n`);
    chmodSync(python, 0o755);
    return new MininetAgent(kit.deps, python);
  }
  const notes = (): string => readFileSync(join(folder, 'notes'), 'utf8');
  const signal = new AbortController().signal;
  const plan = new NetworkPlan([{ id: 'a', role: 'satellite', relay: true }], configSchema.parse({}).topo, 'run');

  test('answers belong to their questions, in whatever order they come', async () => {
    const made = agent(`
      const asked = [];
      input.on('line', (line) => {
        asked.push(JSON.parse(line));
        if (asked.length < 2) return;
        const [hello, nodes] = asked;
        say({ id: nodes.id, ok: true, result: { pids: Object.fromEntries(nodes.nodes.map((node, i) => [node.name, 100 + i])) } });
        say({ id: hello.id, ok: true, result: { mininet: '2.3.0', python: '3.11' } });
      });`);
    const [versions, pids] = await Promise.all([made.versions(signal), made.addNodes(plan.nodes, SWITCHES, signal)]);
    expect(versions).toEqual({ mininet: '2.3.0', python: '3.11' });
    expect(pids).toEqual(new Map([[plan.nodes[0]!.name, 100]]));
    await made.close();
    expect(notes()).toBe('input ended\n');
  });

  test('what it cannot do is told in its words; what it says besides is in the log', async () => {
    const made = agent(
      `input.on('line', (line) => { console.error('Traceback'); say({ id: JSON.parse(line).id, ok: false, error: 'RuntimeError: no such device' }); });`,
    );
    await expect(made.versions(signal)).rejects.toMatchObject({
      code: 'LANE_FAILED',
      message: expect.stringContaining('Mininet: RuntimeError: no such device'),
    });
    await expect.poll(() => kit.logs.map(({ message }) => message)).toContain('Traceback');
    await made.close();
  });

  test('a Python without Mininet says so before it is asked', async () => {
    const made = agent(`say({ id: 0, ok: false, error: "Mininet cannot be imported: No module named 'mininet'" }); setTimeout(() => process.exit(3), 50);`);
    await expect(made.versions(signal)).rejects.toThrow("Mininet cannot be imported: No module named 'mininet'");
    await made.close();
  });

  test('when it ends, all who wait hear why, and all who ask later', async () => {
    const made = agent(`input.on('line', () => { console.error('out of memory'); process.exit(7); });`);
    await expect(Promise.all([made.versions(signal), made.versions(signal)])).rejects.toThrow('the Mininet agent ended with exit code 7: out of memory');
    await expect(made.versions(signal)).rejects.toThrow('exit code 7');
    await made.close();
    await made.close();
  });

  test('an abort does not wait for the answer, and neither does the end', async () => {
    const made = agent(`input.on('line', () => { note('busy'); input.removeAllListeners('close'); setInterval(() => {}, 1000); });`);
    const aborting = new AbortController();
    const asked = made.addNodes(plan.nodes, SWITCHES, aborting.signal);
    await expect.poll(() => notes()).toBe('busy\n');
    aborting.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    const begun = performance.now();
    await made.close();
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(notes()).toBe('busy\nasked to end\n');
  });
});
