import { messageOf, SatsimError } from '../errors.js';

const CAUSES: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOSPC: ['the disk is full', 'free some space, or choose another disk with paths.artifacts_root'],
  EDQUOT: ['the disk quota is used up', 'free some space, or choose another disk with paths.artifacts_root'],
  EROFS: ['the file system is read-only', 'choose a folder that can be written with paths.artifacts_root'],
  EACCES: ['permission denied', 'choose a folder that you may write with paths.artifacts_root'],
  EPERM: ['not permitted', 'choose a folder that you may write with paths.artifacts_root'],
  ENOTDIR: ['a part of the path is a file, not a folder', 'choose another folder with paths.artifacts_root'],
  EEXIST: ['something that is not a folder has this name', 'choose another folder with paths.artifacts_root'],
  ENAMETOOLONG: ['the path is too long', 'choose a folder with a shorter path with paths.artifacts_root'],
  ENOENT: ['there is no such file or folder', 'choose a folder that can be made with paths.artifacts_root'],
  EISDIR: ['it is a folder', 'name a file in it, or one with another name'],
  EMFILE: ['too many open files', 'raise the limit with ulimit -n'],
  EIO: ['the disk reports an input/output error', 'check the disk, or choose another with paths.artifacts_root'],
};

/** What went wrong with a file of the run directory: which file, why, and what to do. */
export function artifactError(error: unknown, action: string, path: string): SatsimError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const known = CAUSES[code];
  const why = known ? `${known[0]} (${code})` : messageOf(error);
  return new SatsimError('ARTIFACTS', `cannot ${action} ${path}: ${why}`, { cause: error, hint: known?.[1] });
}

/** As {@link artifactError}, without its hints: those are about places to write to. */
export function unreadable(error: unknown, path: string): SatsimError {
  return new SatsimError('ARTIFACTS', artifactError(error, 'read', path).message, { cause: error });
}
