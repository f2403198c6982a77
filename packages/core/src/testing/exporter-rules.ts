import { isDeepStrictEqual } from 'node:util';
import { check, mustReject } from './contract-case.js';
import { type ExporterBench, type ExporterRule, GIVEN } from './exporter-bench.js';
import type { ExporterSubject, ReadBack } from './exporter-subject.js';

const KINDS = ['ticks', 'events', 'results', 'metrics'] as const;

export function exporterRules<Subject extends ExporterSubject>(): readonly ExporterRule<Subject>[] {
  return [
    {
      rule: 'a run without a single tick is exported without error',
      needs: [],
      async judge(bench) {
        await bench.open();
        await bench.close();
      },
    },
    {
      rule: 'what is written stands in the output in the order it was given',
      needs: ['readBack'],
      async judge(bench) {
        await exportAll(bench);
        const found = await readBack(bench);
        for (const kind of KINDS) {
          const rising = found[kind]?.every((value, at, all) => at === 0 || value > all[at - 1]!) ?? true;
          check(rising, `${kind} are not in order: ${found[kind]?.join(', ')}`);
        }
      },
    },
    {
      rule: 'close flushes: everything that was written is there',
      needs: ['readBack'],
      async judge(bench) {
        await exportAll(bench);
        const found = await readBack(bench);
        check(
          KINDS.some((kind) => found[kind] !== undefined),
          'readBack() tells nothing',
        );
        for (const kind of KINDS) {
          const missing = found[kind] === undefined ? [] : GIVEN[kind].filter((value) => !found[kind]!.includes(value));
          check(missing.length === 0, `${kind} are missing: ${missing.join(', ')}`);
        }
      },
    },
    {
      rule: 'close is safe twice and changes nothing the second time',
      needs: [],
      async judge(bench) {
        await exportAll(bench);
        const files = await bench.files();
        await bench.close();
        check(isDeepStrictEqual(files, await bench.files()), 'the second close changed the output');
      },
    },
    {
      rule: 'a write after close rejects',
      needs: [],
      async judge(bench) {
        await exportAll(bench);
        for (const { method, write } of bench.writes()) await mustReject(() => write(5), 30_000, `${method} after close`);
      },
    },
    {
      rule: 'a sink that fails is told, at the latest by close',
      needs: [],
      async judge(bench) {
        await expectFailureTold(bench, 'writing');
        if (!bench.options.failSink) await bench.another((other) => expectFailureTold(other, 'closing'));
      },
    },
    {
      rule: 'same input, same bytes',
      needs: [],
      unless: ({ determinism }) => (determinism === 'statistical' ? 'the exporter says that it is statistical' : null),
      async judge(bench) {
        await exportAll(bench);
        const mine = await bench.files();
        check(mine.size > 0 || bench.options.readBack !== undefined, 'nothing to compare: no file in the run directory, and the harness has no readBack()');
        for (const ticks of [undefined, 'with columns'] as const) {
          const [others, othersRead] = await bench.another(async (other) => {
            await exportAll(other, ticks);
            return [await other.files(), bench.options.readBack ? await readBack(other) : null] as const;
          });
          const different = [...new Set([...mine.keys(), ...others.keys()])].filter((path) => !isDeepStrictEqual(mine.get(path), others.get(path)));
          const when = ticks === undefined ? '' : ` where ticks come ${ticks}`;
          check(different.length === 0, `these files differ${when}: ${different.join(', ')}`);
          check(othersRead === null || isDeepStrictEqual(await readBack(bench), othersRead), `the outputs differ${when}`);
        }
      },
    },
  ];
}

async function exportAll<Subject extends ExporterSubject>(bench: ExporterBench<Subject>, ticks?: 'with columns'): Promise<void> {
  await bench.open();
  await bench.writeAll(ticks);
  await bench.close();
}

async function readBack<Subject extends ExporterSubject>(bench: ExporterBench<Subject>): Promise<ReadBack> {
  return bench.options.readBack!(await bench.files(), bench.subject);
}

/** A disk is full from the first write on, or it takes everything and refuses in the end. */
async function expectFailureTold<Subject extends ExporterSubject>(bench: ExporterBench<Subject>, failing: 'writing' | 'closing'): Promise<void> {
  await bench.open();
  if (bench.options.failSink) await bench.options.failSink(bench.subject);
  else bench.area.failing = failing;
  let told = false;
  const note = () => {
    told = true;
  };
  await bench.writeAll().catch(note);
  await bench.close().catch(note);
  check(told || bench.options.failSink !== undefined || bench.area.refused, 'nothing was written to the artifact folder: give the harness a failSink()');
  check(told, `the sink failed when ${failing}, and neither a write nor close rejected`);
}
