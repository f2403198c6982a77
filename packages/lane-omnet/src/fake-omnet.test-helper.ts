import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Writes what ours writes, for a run without links and traffic, and says what OMNeT++ says at the end. */
const SUCCESS = [
  'for arg; do case $arg in --sim-time-limit=*) end=${arg#*=};; esac; done',
  "printf 'flow,t_s,rtt_s,one_way_delay_s,loss,goodput_bps,hops,path\\n' > samples.csv",
  "printf 'name,value\\nlink_rows,%d\\nroute_rows,%d\\n' $(($(wc -l < ../links.trace) - 1)) $(($(wc -l < ../routes.trace) - 1)) > counters.csv",
  "printf 'tick,link,up,delay_s,rate_bps,loss\\n' > applied.csv",
  "printf 'version 3\\nrun General-0\\nattr configname General\\n\\nscalar SatsimNetwork.controller link_rows 0\\n' > 'General-#0.sca'",
  "printf '\\n<!> Simulation time limit reached -- at t=%s, event #7\\n\\n' $end",
  "printf '<!> Fingerprint mismatch! calculated: 1234-abcd/tplx, expected: 0000-0000/tplx\\n\\n'",
];

/** How the fake simulation behaves: lines of a shell script. */
export const FAKE_RUNS = {
  success: SUCCESS,
  /** Modules may say much in their `finish`. */
  talksOn: [...SUCCESS, 'i=0; while [ $i -lt 50 ]; do i=$((i + 1)); echo "flow $i: sent 10 packets"; done'],
  error: ["printf '\\n<!> Error: links.trace:4: delay_s is not a number: abc -- in module (satsim::Controller) SatsimNetwork.controller\\n' >&2", 'exit 1'],
  interrupted: ['exit 2'],
  aborted: ["printf 'terminate called\\n' >&2", 'exit 134'],
  cpuLimit: ["printf '\\n<!> CPU time limit reached -- at t=0.5s, event #1024\\n\\n'"],
  tooEarly: ["printf '\\n<!> Simulation time limit reached -- at t=0.5s, event #1024\\n\\n'"],
  silent: [],
  segfault: ['kill -SEGV $$'],
  hangs: ["trap 'echo still here >&2' TERM", 'echo started', 'while :; do sleep 0.05; done'],
} as const satisfies Record<string, readonly string[]>;

/** A folder that looks like OMNeT++, with a compiler and a make of its own; gone after the test. */
export async function fakeOmnet(
  how: { readonly version?: string; readonly runs?: keyof typeof FAKE_RUNS; readonly make?: readonly string[] } = {},
): Promise<string> {
  const { version = '6.1', runs = 'success', make = ['cp fake-program satsim', 'chmod +x satsim'] } = how;
  const root = await mkdtemp(join(tmpdir(), 'satsim-fake-omnet-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, 'bin'));
  await writeFile(join(root, 'Makefile.inc'), 'CC = fake-cc\nCXX = fake-c++\n');
  await writeFile(join(root, 'program'), script(FAKE_RUNS[runs]));
  const programs: Record<string, readonly string[]> = {
    opp_run: [`echo 'Version: ${version}, build: 240101-abc, edition: Academic Public License -- NOT FOR COMMERCIAL USE'`],
    opp_makemake: [`cp '${join(root, 'program')}' fake-program`],
    make: ['[ "$1" = --version ] && echo "GNU Make 4.3" && exit', ...make],
    'fake-c++': ['echo "fake-c++ 1.0"'],
  };
  for (const [name, lines] of Object.entries(programs)) {
    await writeFile(join(root, 'bin', name), script(lines));
    await chmod(join(root, 'bin', name), 0o755);
  }
  return root;
}

function script(lines: readonly string[]): string {
  return ['#!/bin/sh', ...lines, ''].join('\n');
}
