// npm run api: writes core's API reports and docs/reference.md anew, from what is built.
import { writeFileSync } from 'node:fs';
import { apiReport, ENTRIES } from './api-report.ts';
import { reference } from './reference.ts';

for (const name of Object.keys(ENTRIES) as (keyof typeof ENTRIES)[]) writeFileSync(new URL(`../etc/${name}.api.md`, import.meta.url), apiReport(name));
writeFileSync(new URL('../../../docs/reference.md', import.meta.url), reference());
