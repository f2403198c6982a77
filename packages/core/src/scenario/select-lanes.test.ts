import { describe, expect, it } from 'vitest';
import type { Scenario } from '../contract/scenario.js';
import { LANES, loadText, VALID } from './load-files.test-helper.js';
import { selectLanes } from './select-lanes.js';

const scenario = async (extra: string): Promise<Scenario> => (await loadText(VALID + extra)).scenario!;

describe('selectLanes: --lane > --mode > lanes > execution.lane_mode > flow', () => {
  it('is flow when nobody says anything', async () => {
    expect(selectLanes(await scenario(''), {}, LANES)).toEqual(['flow']);
  });
  it('each level wins over those below', async () => {
    const mode = 'execution: { lane_mode: mininet }\n';
    const all = await scenario(`${mode}lanes: [omnet, flow, omnet]\n`);
    expect(selectLanes(await scenario(mode), {}, LANES)).toEqual(['mininet']);
    expect(selectLanes(all, {}, LANES)).toEqual(['omnet', 'flow']);
    expect(selectLanes(all, { mode: 'mininet' }, LANES)).toEqual(['mininet']);
    expect(selectLanes(all, { mode: 'mininet', lanes: ['x'] }, LANES)).toEqual(['x']);
    expect(selectLanes(all, { mode: 'mininet', lanes: [] }, LANES)).toEqual(['mininet']);
  });
  it('parallel is all in lanes, else every lane that has a block, else flow', async () => {
    expect(selectLanes(await scenario('lanes: [omnet, flow]\n'), { mode: 'parallel' }, LANES)).toEqual(['omnet', 'flow']);
    expect(selectLanes(await scenario('omnet: {}\nmininet: {}\nexecution: { lane_mode: parallel }\n'), {}, LANES)).toEqual(['mininet', 'omnet']);
    expect(selectLanes(await scenario(''), { mode: 'parallel' }, LANES)).toEqual(['flow']);
  });
});
