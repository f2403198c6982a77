import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, type IConfigFile } from '@microsoft/api-extractor';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** What is public, by the name of its report in `etc/`. */
export const ENTRIES = { core: 'index.d.ts', 'core-records': 'records.d.ts', 'core-testing': 'testing/index.d.ts' } as const;

/**
 * Every public type of an entry point of core as one text, from the built declarations: what reviewers see change.
 * @throws Error when core is not built, or has a type that can't be understood
 */
export function apiReport(name: keyof typeof ENTRIES): string {
  const folder = mkdtempSync(join(tmpdir(), 'satsim-api-'));
  try {
    const config = ExtractorConfig.prepare({
      configObject: configOf(name, folder),
      configObjectFullPath: join(PACKAGE, 'api-extractor.json'),
      packageJsonFullPath: join(PACKAGE, 'package.json'),
    });
    const errors: string[] = [];
    Extractor.invoke(config, {
      localBuild: true,
      messageCallback(message) {
        if (message.logLevel === 'error') errors.push(message.text);
        message.handled = true;
      },
    });
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return withoutNoise(readFileSync(join(folder, `${name}.api.md`), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configOf(name: keyof typeof ENTRIES, folder: string): IConfigFile {
  const quiet = { default: { logLevel: 'none' } } as const;
  return {
    projectFolder: PACKAGE,
    mainEntryPointFilePath: join(PACKAGE, 'dist', ENTRIES[name]),
    newlineKind: 'lf',
    compiler: { tsconfigFilePath: join(PACKAGE, 'tsconfig.json') },
    apiReport: {
      enabled: true,
      reportFileName: `${name}.api.md`,
      reportFolder: folder,
      reportTempFolder: join(folder, 'temp'),
      // Types that are not exported by name are still part of the promise when exported ones use them. What the kit uses
      // of core itself stands in core's own report.
      includeForgottenExports: name === 'core',
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    // Comments are plain English, not strict TSDoc; the compiler has checked the types.
    messages: { compilerMessageReporting: { default: { logLevel: 'error' } }, extractorMessageReporting: quiet, tsdocMessageReporting: quiet },
  } as IConfigFile;
}

function withoutNoise(report: string): string {
  return report
    .replaceAll(/^\s*\/\/ \(undocumented\)\n/gm, '')
    .replaceAll(' (undocumented)', '')
    .replace('\n// (No @packageDocumentation comment for this package)\n', '');
}
