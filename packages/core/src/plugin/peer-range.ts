import semver from 'semver';
import { CORE_PACKAGE } from './core-version.js';

/**
 * Checks a plugin's peer range against the running core.
 * @returns what is wrong, or `null`
 */
export function peerRangeFault(range: unknown, coreVersion: string): string | null {
  if (typeof range !== 'string') return `peerDependencies must name ${CORE_PACKAGE} with a range such as ^${coreVersion}`;
  const parsed = semver.validRange(range) === null ? null : new semver.Range(range);
  if (!parsed) return `the peer range of ${CORE_PACKAGE} is not a version range: ${range}`;
  if (!isBounded(parsed))
    return `the peer range of ${CORE_PACKAGE} is open: ${range || "''"}; it would promise to work with every core to come, write ^${coreVersion}`;
  // A pre-release of core counts as what it will become, else nobody could try one.
  if (!semver.satisfies(coreVersion, parsed, { includePrerelease: true })) return `it needs ${CORE_PACKAGE} ${range}, but ${coreVersion} is running`;
  return null;
}

/** Whether every alternative of the range has an upper end. */
function isBounded(range: semver.Range): boolean {
  return range.set.every((alternative) => alternative.some((comparator) => comparator.operator === '<' || comparator.operator === '<=' || isExact(comparator)));
}

// `*` is a comparator without operator too: its version is the symbol ANY, which has no major.
function isExact(comparator: semver.Comparator): boolean {
  return (comparator.operator as string) === '' && comparator.semver.major !== undefined;
}
