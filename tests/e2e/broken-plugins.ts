import type { Kind } from './plugin-packages.js';

/** A way to break a new plugin: in a module of its build, what to put in whose place; and the rule that must fail of it. */
export interface Breakage {
  readonly kind: Kind;
  readonly rule: string;
  readonly module: string;
  readonly changes: readonly (readonly [from: string, to: string])[];
}

const APPLY = 'await this.#network.apply(removals, tick.updates, signal);';
const WORK = 'await this.#network.apply([], [], signal);';
const FINALIZE = 'await this.#network.tearDown();';
const WRITE = "await this.#file.write(samples.map((sample) => this.#line(sample)).join(''));";
const CLOSE = 'await file?.close();';

const applying = (rule: string, to: string, ...more: Breakage['changes']): Breakage => ({
  kind: 'lane',
  rule,
  module: 'lane',
  changes: [[APPLY, to], ...more],
});
const changing = (rule: string, change: string): Breakage =>
  applying(rule, `await this.#network.apply(removals, tick.updates.map((link) => ({ ...link, ${change} })), signal);`);
const finalizing = (rule: string, to: string, ...more: Breakage['changes']): Breakage => ({
  kind: 'lane',
  rule,
  module: 'lane',
  changes: [[FINALIZE, to], ...more],
});
/** Gives the lane a `complete`, which it does not have of itself. */
const completing = (rule: string, complete: string, ...more: Breakage['changes']): Breakage => ({
  kind: 'lane',
  rule,
  module: 'lane',
  changes: [['async finalize()', `async complete(signal) { ${complete} } async finalize()`], ...more],
});
const exporting = (rule: string, ...changes: Breakage['changes']): Breakage => ({ kind: 'exporter', rule, module: 'exporter', changes });
const translating = (rule: string, ...changes: Breakage['changes']): Breakage => ({ kind: 'translator', rule, module: 'translator', changes });

/** One for each rule of each kind, in the kit's order. */
export const BREAKAGES: readonly Breakage[] = [
  applying(
    'removals are applied before updates: a link in both is there afterwards',
    `if (tick.snapshot) ${APPLY} else { await this.#network.apply([], tick.updates, signal); await this.#network.apply(removals, [], signal); }`,
  ),
  { kind: 'lane', rule: 'a snapshot replaces every earlier link', module: 'lane', changes: [['tick.snapshot ?', 'false ?']] },
  applying(
    'a link that is down is known still, and not removed',
    'const down = tick.updates.filter((link) => !link.up).map(({ linkId }) => linkId); await this.#network.apply([...removals, ...down], tick.updates.filter((link) => link.up), signal);',
  ),
  applying(
    'the same tick twice changes nothing',
    `if (this.last === tick.tickIndex) await this.#network.apply(tick.updates.map(({ linkId }) => linkId), [], signal); else ${APPLY} this.last = tick.tickIndex;`,
  ),
  changing('a delay that goes back to zero is really cleared', 'oneWayDelayMs: link.oneWayDelayMs || 5'),
  changing('a loss that goes back to zero is really cleared', 'lossPct: link.lossPct || 1'),
  applying('ticks that carry columns are applied as ticks without', `if (!tick.columns) ${APPLY}`),
  applying('a tick is not changed: deeply frozen ticks are applied as others are', `tick.updates.reverse(); ${APPLY}`),
  applying('a failing command rejects the tick', `${APPLY.slice(0, -1)}.catch((error) => { if (signal.aborted) throw error; });`),
  applying('an abort rejects the tick in time, also when a command hangs', APPLY.replace('signal', 'new AbortController().signal')),
  completing('where there is a complete, what fails in it rejects it', `${WORK.slice(0, -1)}.catch(() => signal.throwIfAborted());`),
  completing('where there is a complete, an abort rejects it in time, also when a command hangs', WORK.replace('signal', 'new AbortController().signal')),
  completing('where there is a complete, it leaves nothing behind: not when it was done, not when it was aborted', `this.completed = true; ${WORK}`, [
    FINALIZE,
    `if (!this.completed) ${FINALIZE}`,
  ]),
  finalizing('finalize is safe before prepare', `if (!this.prepared) throw new Error('not prepared'); ${FINALIZE}`, [
    'await this.#network.build',
    'this.prepared = true; await this.#network.build',
  ]),
  finalizing('finalize is safe twice', `if (this.over) throw new Error('it is over already'); this.over = true; ${FINALIZE}`),
  finalizing('finalize is safe after a failure', `${FINALIZE} if (this.failed) throw new Error('it has failed');`, [
    APPLY,
    `this.failed = true; ${APPLY} this.failed = false;`,
  ]),
  finalizing('nothing is left behind: not after a run, not after a failure', ''),
  {
    kind: 'lane',
    rule: 'a prepare that fails leaves nothing behind',
    module: 'lane',
    changes: [['await this.#network.build', "this.#network.nodes.add('made-too-early'); await this.#network.build"]],
  },
  changing('two fresh lanes agree on the same ticks', 'oneWayDelayMs: link.oneWayDelayMs + Math.random() * 1e-4'),

  exporting(
    'a run without a single tick is exported without error',
    [WRITE, `${WRITE} this.rows = true;`],
    [CLOSE, `${CLOSE} if (file && !this.rows) throw new Error('no rows');`],
  ),
  exporting(
    'what is written stands in the output in the order it was given',
    [WRITE, `if (!this.first) { this.first = samples; return; } ${WRITE}`],
    [CLOSE, `if (file && this.first) await file.write(this.first.map((sample) => this.#line(sample)).join('')); ${CLOSE}`],
  ),
  exporting('close flushes: everything that was written is there', [WRITE, `[samples, this.held] = [this.held ?? [], samples]; ${WRITE}`]),
  exporting('close is safe twice and changes nothing the second time', [
    CLOSE,
    `if (!file) await this.#deps.artifacts.writeFile('results/closed-again', ''); ${CLOSE}`,
  ]),
  exporting('a write after close rejects', ['throw new SatsimError', 'return void new SatsimError']),
  exporting(
    'a sink that fails is told, at the latest by close',
    [WRITE, `${WRITE.slice(0, -1)}.catch(() => {});`],
    [CLOSE, `${CLOSE.slice(0, -1)}.catch(() => {});`],
  ),
  exporting('same input, same bytes', ['number(lossPct)]', 'number(lossPct), Math.random()]']),

  translating('same files, same scenario', ["duration: '10m'", 'duration: `${1 + Math.floor(Math.random() * 1e6)}s`']),
  translating('the input is not changed', ['const faults = [];', 'const faults = []; files.delete(file);']),
  translating('the scenario is valid and complete, and names only files that were given', ['return parsed.data;', 'return { ...parsed.data, execution: {} };']),
  translating(
    'further files lie beside the scenario, under names of their own, and it names them',
    ['translate({ files, warn })', 'translate({ files, warn, attach })'],
    ['const faults = [];', "const faults = []; attach?.('notes.txt', 'x');"],
  ),
  translating('an error names the file and the line or field', ["line: index + 1, hint: 'use", "line: null, hint: 'use"]),
  translating('it recognizes its own format, if any, and nothing else', ['return files.size === 1 &&', 'return true ||']),
];
