/** Files of a run directory that more than one part of core knows, relative to it. */
export const MANIFEST_PATH = 'manifests/run.json';
export const SUMMARY_PATH = 'summary.json';
/** SHA-256 of every file of the run. */
export const FILE_HASHES_PATH = 'manifests/files.sha256';
export const NETWORK_PATH = 'manifests/network.json';
export const TAGS_PATH = 'tags.jsonl';

/** All that a listing of a run is made of: while these are the same files, so is what `readRunFacts` says. */
export const RUN_FACT_FILES: readonly string[] = [MANIFEST_PATH, SUMMARY_PATH, TAGS_PATH];
