import type { ProcessOptions, ProcessResult, ProcessRunner, RunningProcess } from '@satsim/core';
import { describe, expect, test } from 'vitest';
import { FakeMachine } from '../testing/fake-machine.js';
import { CommandBatch } from './command-batch.js';

const about = (line: string) => ({ line, about: `what ${line} is for` });

/** A program whose output the test writes itself. */
class Puppet implements ProcessRunner {
  readonly heard: string[] = [];
  command: readonly string[] = [];
  say: NonNullable<ProcessOptions['onLine']> = () => undefined;
  end: (result: Partial<ProcessResult>) => void = () => undefined;

  run(): Promise<ProcessResult> {
    throw new Error('nothing is run');
  }

  start(command: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
    this.command = [command, ...args];
    this.say = options.onLine!;
    const { promise: done, resolve } = Promise.withResolvers<ProcessResult>();
    this.end = (result) => resolve({ exitCode: 1, signal: null, stdout: '', stderrTail: '', ...result });
    const write = async (text: string): Promise<void> => void this.heard.push(...text.trimEnd().split('\n'));
    return { pid: 1, done, write, closeInput: () => undefined, stop: () => (this.end({}), done) };
  }
}

describe('a standing tc', () => {
  test('is in the namespace of its process', () => {
    const puppet = new Puppet();
    void new CommandBatch(puppet, 'tc', 4711, 'sat-1');
    expect(puppet.command).toEqual(['nsenter', '--net=/proc/4711/ns/net', 'tc', '-j', '-force', '-batch', '-']);
    void new CommandBatch(puppet, 'ip', null, 'the root namespace');
    expect(puppet.command).toEqual(['ip', '-j', '-force', '-batch', '-']);
  });

  test('says by the number of the line what failed, also when it says so after the fence', async () => {
    const puppet = new Puppet();
    const batch = new CommandBatch(puppet, 'tc', null, 'sat-1');
    batch.send([about('one'), about('two'), about('three')]);
    const fence = batch.fence();
    puppet.say('Error: Specified qdisc not found.', 'stderr');
    puppet.say('Command failed -:2', 'stderr');
    puppet.say('[]', 'stdout');
    setImmediate(() => {
      puppet.say('Cannot find device "x"', 'stderr');
      puppet.say('Command failed -:3', 'stderr');
    });
    expect(await fence).toEqual([
      { command: about('two'), message: 'Specified qdisc not found.' },
      { command: about('three'), message: 'Cannot find device "x"' },
    ]);
    batch.send([about('four')]);
    const next = batch.fence();
    puppet.say('Command failed -:5', 'stderr');
    puppet.say('[ ]', 'stdout');
    expect(await next).toEqual([{ command: about('four'), message: 'it failed' }]);
  });

  test('answers each question with what came before the next fence; to one that fails, with nothing', async () => {
    const puppet = new Puppet();
    const batch = new CommandBatch(puppet, 'tc', null, 'sat-1');
    const [one, other] = [batch.ask('class show dev x'), batch.ask('class show dev y')];
    for (const line of ['class htb 1:1', 'class htb 1:2', '[]']) puppet.say(line, 'stdout');
    puppet.say('Cannot find device "y"', 'stderr');
    puppet.say('Command failed -:3', 'stderr');
    puppet.say('[]', 'stdout');
    expect([await one, await other]).toEqual([['class htb 1:1', 'class htb 1:2'], []]);
    expect(puppet.heard).toEqual(['class show dev x', 'filter show dev lo', 'class show dev y', 'filter show dev lo']);
  });

  test('an abort ends the wait; a late answer is not taken for the next one', async () => {
    const puppet = new Puppet();
    const batch = new CommandBatch(puppet, 'tc', null, 'sat-1');
    const controller = new AbortController();
    const aborted = batch.fence(controller.signal);
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    let answered = false;
    const next = batch.fence().then(() => (answered = true));
    puppet.say('[]', 'stdout');
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(answered).toBe(false);
    puppet.say('[]', 'stdout');
    await next;
  });

  test('that ends fails who waits and who comes later, with its last words', async () => {
    const puppet = new Puppet();
    const batch = new CommandBatch(puppet, 'tc', null, 'sat-1');
    const fence = batch.fence();
    puppet.end({ stderrTail: 'out of memory\n' });
    await expect(fence).rejects.toThrow('tc of sat-1 ended: out of memory');
    expect(() => batch.send([about('one')])).toThrow('tc of sat-1 ended');
    await expect(batch.fence()).rejects.toThrow('tc of sat-1 ended');
  });

  test('that does not end by itself is ended', async () => {
    const batch = new CommandBatch(new Puppet(), 'tc', null, 'sat-1');
    await batch.close();
  });

  test('does a thousand commands at one fence', async () => {
    const batch = new CommandBatch(new FakeMachine(), 'tc', null, 'the root namespace');
    batch.send(Array.from({ length: 1000 }, (_, i) => about(`qdisc change dev x${i} root handle 1: netem limit 1`)));
    const failures = await batch.fence();
    expect(failures.map(({ command }) => command.line).slice(-1)).toEqual(['qdisc change dev x999 root handle 1: netem limit 1']);
    expect(failures).toHaveLength(1000);
  });
});
