import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../shared/data/', import.meta.url);

/** Real element sets and vectors lie beside the checkout, not in it. Without them their tests are skipped, except in CI. */
export const skipWithoutSharedData = (() => {
  if (existsSync(folder)) return false as const;
  if (process.env['CI']) throw new Error('the shared data folder has to lie beside the checkout in CI');
  return 'no shared data folder beside the checkout' as const;
})();

export const sharedData = (name: string): string => fileURLToPath(new URL(name, folder));
