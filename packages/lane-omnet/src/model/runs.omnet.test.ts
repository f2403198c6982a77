import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { describeOmnet, play, type Play } from '../omnet.test-helper.js';

const OWN_SOURCES = fileURLToPath(new URL('../../omnetpp/src', import.meta.url));
const LOSSY: Play = {
  links: ['0,0.000,0,1,0.010000000,10000000,0.050000000', '0,0.000,1,1,0.010000000,10000000,0.000000000'],
  flows: [
    { id: 't', from: 'a', to: 'b', kind: 'tcp' },
    { id: 'u', from: 'a', to: 'b', kind: 'udp', rate_mbps: 1, pattern: 'poisson' },
  ],
};

async function folder(prefix: string): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), prefix));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

describeOmnet('runs', { timeout: 300_000 }, () => {
  it('the same twice has the same fingerprint and the same samples, another seed has others', async () => {
    const [one, same, other] = [
      await play({ ...LOSSY, seed: 9_007_199_254_740_991 }),
      await play({ ...LOSSY, seed: 9_007_199_254_740_991 }),
      await play({ ...LOSSY, seed: 2 }),
    ];
    expect(one.told.fingerprint).toMatch(/^[0-9a-f]{4}-[0-9a-f]{4}\/tplx$/);
    expect(same.told.fingerprint).toBe(one.told.fingerprint);
    expect(same.samples).toEqual(one.samples);
    expect(other.told.fingerprint).not.toBe(one.told.fingerprint);
  });

  it('leaves its .sca and .vec files, or none of vectors', async () => {
    const { dir } = await play(LOSSY);
    expect(await readdir(join(dir, 'results'))).toEqual(expect.arrayContaining(['General-#0.sca', 'General-#0.vec', 'General-#0.vci']));
    expect(await readFile(join(dir, 'results', 'General-#0.vec'), 'utf8')).toMatch(/^vector \d+ SatsimNetwork\.flow_t congestionWindow[^]*^\d+\t/m);
    const without = await play({ ...LOSSY, config: { record_vectors: false } });
    // There may be a file that names the vectors, with nothing in them.
    const left = await readFile(join(without.dir, 'results', 'General-#0.vec'), 'utf8').catch(() => '');
    expect(left).not.toMatch(/^\d+\t/m);
  });

  it('writes results into SQLite where that is wanted', async () => {
    const { dir } = await play({ ...LOSSY, config: { result_format: 'sqlite' } });
    const handle = await open(join(dir, 'results', 'General-#0.sca'));
    const { buffer } = await handle.read(Buffer.alloc(15), 0, 15, 0);
    await handle.close();
    expect(buffer.toString()).toBe('SQLite format 3');
  });

  it('a limit of CPU time is no success, though OMNeT++ exits with 0', async () => {
    await expect(play({ ...LOSSY, config: { run_args: ['--cpu-time-limit=0s'] } })).rejects.toThrow(/with exit code 0: CPU time limit reached/);
  });

  it('a disk that is full is told by the name of the file', async () => {
    const before = (results: string) => symlink('/dev/full', join(results, 'samples.csv'));
    await expect(play({ ...LOSSY, before })).rejects.toThrow(/cannot write all of \.\/samples\.csv: No space left on device/);
  });

  it('an argument with spaces and a semicolon is one argument, that no shell reads', async () => {
    await expect(play({ ...LOSSY, config: { run_args: ['--seed-set=x; touch satsim-was-here'] } })).rejects.toThrow(/exit code 1/);
  });

  it('compiles on first use within 30 s of an idle machine, saying so, and starts within 0.3 s then', async () => {
    vi.stubEnv('XDG_CACHE_HOME', await folder('satsim-cache-'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const first = await play(LOSSY);
    expect(first.told.buildMs).toBeLessThan(30_000 * Math.max(1, (loadavg()[0]! + 1) / availableParallelism()));
    console.log(`compiled in ${first.told.buildMs} ms`);
    const later = [await play(LOSSY), await play(LOSSY), await play(LOSSY)];
    expect(later.map(({ told }) => told.buildMs)).toEqual([null, null, null]);
    expect(Math.min(...later.map(({ prepareMs }) => prepareMs))).toBeLessThan(300);
  });

  it("a project of the user's with our modules plays our network: its ini file is what counts", async () => {
    const project = await folder('satsim own project ');
    await cp(OWN_SOURCES, join(project, 'src'), { recursive: true });
    await mkdir(join(project, 'simulations'));
    await writeFile(join(project, 'simulations', 'omnetpp.ini'), '[General]\nnetwork = SatsimNetwork\n[Config Few]\n**.a.queuePackets = 5\n');
    const flows = [{ id: 'u', from: 'a', to: 'b', kind: 'udp', rate_mbps: 20 }];
    const { told, counters } = await play({ ...LOSSY, flows, config: { project_path: project, ini_config: 'Few' } });
    expect(told.scalars['SatsimNetwork.a']!['longestQueue']).toBe(5);
    expect(told['project']).toBe(project);
    expect(counters['link_rows']).toBe(2);
    expect((await readdir(project)).toSorted()).toEqual(['simulations', 'src']);
  });

  it("a project of the user's own gets the trace by its parameters; it needs no samples and counts nothing", async () => {
    const project = await folder('satsim-own-');
    await writeFile(join(project, 'Reader.ned'), 'simple Reader { string traceFile; }\nnetwork Mine { submodules: reader: Reader; }\n');
    await writeFile(
      join(project, 'Reader.cc'),
      [
        '#include <fstream>',
        '#include <omnetpp.h>',
        'using namespace omnetpp;',
        'class Reader : public cSimpleModule {',
        '  void initialize() override { scheduleAt(0, new cMessage()); }',
        '  void handleMessage(cMessage *message) override { scheduleAfter(1, message); }',
        '  void finish() override {',
        '    std::ifstream file(par("traceFile").stringValue());',
        '    int count = 0;',
        '    for (std::string line; std::getline(file, line);) count++;',
        '    recordScalar("lines", count);',
        '  }',
        '};',
        'Define_Module(Reader);',
        '',
      ].join('\n'),
    );
    await writeFile(join(project, 'omnetpp.ini'), '[General]\nnetwork = Mine\n');
    const { told, samples, counters, dir } = await play({ ...LOSSY, config: { project_path: project } });
    expect(told.scalars['Mine.reader']!['lines']).toBe(3);
    expect([samples, counters]).toEqual([[], {}]);
    expect((await readdir(project)).toSorted()).toEqual(['Reader.cc', 'Reader.ned', 'omnetpp.ini']);
    // What earlier runs left in it is neither read nor compiled: their network has the name of ours.
    const run = join(project, 'artifacts', 'runs', 'earlier');
    await mkdir(join(run, 'manifests'), { recursive: true });
    await writeFile(join(run, 'manifests', 'run.json'), '{}');
    await cp(join(dir, 'results', 'SatsimNetwork.ned'), join(run, 'SatsimNetwork.ned'));
    expect((await play({ ...LOSSY, config: { project_path: project } })).told.buildMs).toBeNull();
  });

  it('a project that does not compile, or has no ini file, is told', async () => {
    const project = await folder('satsim-broken-');
    await mkdir(join(project, 'src'));
    await writeFile(join(project, 'src', 'Broken.cc'), '#include <omnetpp.h>\n\nint broken(){ return none; }\n');
    await expect(play({ ...LOSSY, config: { project_path: project } })).rejects.toThrow(`${project} has no simulations/omnetpp.ini, nor omnetpp.ini`);
    await writeFile(join(project, 'omnetpp.ini'), '[General]\n');
    await expect(play({ ...LOSSY, config: { project_path: project } })).rejects.toThrow(/Broken\.cc:3: .*none.* was not declared/);
  });
});
