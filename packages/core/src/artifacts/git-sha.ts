import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';

/** The commit that a package's sources are at; `null` for an installed package, which its version names well enough. */
export function gitSha(packageDir: string): string | null {
  try {
    const real = realpathSync(packageDir);
    // The repository above node_modules is the user's, not the package's.
    if (real.includes(`${sep}node_modules${sep}`)) return null;
    for (let dir = real; ; dir = dirname(dir)) {
      const git = join(dir, '.git');
      if (existsSync(git)) return headOf(git);
      if (dir === dirname(dir)) return null;
    }
  } catch {
    // Nothing about a run depends on it.
    return null;
  }
}

function headOf(git: string): string | null {
  const gitDir = statSync(git).isDirectory()
    ? git
    : pathIn(
        readFileSync(git, 'utf8')
          .replace(/^gitdir: /, '')
          .trim(),
        dirname(git),
      );
  const head = readFileSync(join(gitDir, 'HEAD'), 'utf8').trim();
  if (!head.startsWith('ref: ')) return head;
  const ref = head.slice('ref: '.length);
  const commonFile = join(gitDir, 'commondir');
  const common = existsSync(commonFile) ? pathIn(readFileSync(commonFile, 'utf8').trim(), gitDir) : gitDir;
  if (existsSync(join(common, ref))) return readFileSync(join(common, ref), 'utf8').trim();
  const packed = readFileSync(join(common, 'packed-refs'), 'utf8');
  return (
    packed
      .split('\n')
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(' ')[0] ?? null
  );
}

function pathIn(path: string, base: string): string {
  return isAbsolute(path) ? path : join(base, path);
}
