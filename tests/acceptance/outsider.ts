import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa, type Result } from 'execa';
import { ROOT } from '../architecture/workspace.js';

/** What npm and vitest tell the programs that they start; not how this machine gets at packages. */
const OF_THE_WORKSPACE =
  /^(npm_(?!config_(registry|cache|cafile|userconfig|globalconfig|(https?_|no_?)?proxy|strict_ssl)$)|VITEST|NODE_ENV|NODE_OPTIONS|NODE_COMPILE_CACHE|INIT_CWD)/i;

/**
 * A person with Node and npm, a folder of their own far from the workspace, and nothing of the workspace on PATH.
 * @param env for every program that they start, as the local registry gives it
 */
export function outsider(env: Readonly<Record<string, string>>) {
  const dir = mkdtempSync(join(tmpdir(), 'satsim-outside-'));
  mkdirSync(join(dir, 'bin'));
  symlinkSync(process.execPath, join(dir, 'bin/node'));
  const outside = process.env.PATH!.split(delimiter).filter((folder) => !folder.startsWith(ROOT) && !folder.includes('node_modules'));
  const PATH = [join(dir, 'bin'), ...outside].join(delimiter);
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THE_WORKSPACE.test(name)));

  const start = (cwd: string, file: string, args: readonly string[]): Promise<Result<{ reject: false }>> =>
    execa(file, args, { cwd: join(dir, cwd), env: { ...inherited, ...env, PATH }, extendEnv: false, reject: false });
  return {
    dir,
    /** Whatever its exit code. */
    start,
    /** Runs a program; fails the test with what it said when it fails. */
    async run(cwd: string, file: string, ...args: string[]): Promise<string> {
      const { exitCode, stdout, stderr } = await start(cwd, file, args);
      if (exitCode !== 0) throw new Error(`${file} ${args.join(' ')}: exit ${exitCode}\n${String(stdout)}\n${String(stderr)}`);
      return String(stdout);
    },
    write(path: string, content: string | object): string {
      const file = join(dir, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
      return file;
    },
    /** A copy of a package's folder with some fields of its package.json changed; what npm installed there is left out. */
    copyPackage(from: string, to: string, changes: object = {}): string {
      cpSync(from, join(dir, to), { recursive: true, filter: (path) => !path.slice(from.length).includes('node_modules') });
      const file = join(dir, to, 'package.json');
      writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...changes }, null, 2));
      return join(dir, to);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
