// A third party's plugin with lanes that do nothing: what a lane costs that costs nothing itself.
import { readFileSync } from 'node:fs';
import { defineLane, definePlugin } from '@satsim/core';

const { contributes } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')).satsim;
const config = { '~standard': { version: 1, vendor: 'bench', validate: () => ({ value: {} }) } };
const create = () => ({ async prepare() {}, async applyTick() {}, async finalize() {} });

export default definePlugin(...contributes.map(({ name }) => defineLane({ name, config, create })));
