import { messageOf, SatsimError } from '../errors.js';

/** What it means, what to do about it in this place, and what other place would do. */
const CAUSES: Readonly<Record<string, readonly [what: string, here: string, elsewhere?: string]>> = {
  ENOSPC: ['the disk is full', 'free some space', 'another disk'],
  EDQUOT: ['the disk quota is used up', 'free some space', 'another disk'],
  EROFS: ['the file system is read-only', 'have it mounted writable', 'another folder'],
  EACCES: ['permission denied', 'do it as a user who may', 'another folder'],
  EPERM: ['not permitted', 'do it as a user who may', 'another folder'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'move that file away', 'another folder'],
  EEXIST: ['something that is not a folder has this name', 'move it away', 'another folder'],
  ENAMETOOLONG: ['the path is too long', 'name it shorter', 'another folder'],
  ENOENT: ['there is no such file or folder', 'make the folder', 'another folder'],
  EISDIR: ['it is a folder', 'name a file in it, or one with another name'],
  EMFILE: ['too many open files', 'raise the limit with ulimit -n'],
  EIO: ['the disk reports an input/output error', 'check the disk', 'another disk'],
};

/** What decides where runs are. */
export const ARTIFACTS_ROOT = 'paths.artifacts_root';

/**
 * What went wrong with a file that is written: which file, why, and what to do.
 * @param chosenBy the field or option that decides where it is; `null` where nobody can choose
 */
export function artifactError(error: unknown, action: string, path: string, chosenBy: string | null = ARTIFACTS_ROOT): SatsimError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const [what, here, elsewhere] = CAUSES[code] ?? [];
  const why = what === undefined ? messageOf(error) : `${what} (${code})`;
  const hint = elsewhere === undefined || chosenBy === null ? here : `${here}, or choose ${elsewhere} with ${chosenBy}`;
  return new SatsimError('ARTIFACTS', `cannot ${action} ${path}: ${why}`, { cause: error, hint });
}

/** As {@link artifactError}, without its hints: those are about places to write to. */
export function unreadable(error: unknown, path: string): SatsimError {
  return new SatsimError('ARTIFACTS', artifactError(error, 'read', path).message, { cause: error });
}
