// A thousand changes of links by the lane, and before and after it as many of Mininet's own TCIntf.config, so that a slow or busy
// machine slows both: 250 routers, rates by htb. Needs root and Mininet, and no netem. Prints the median of the lane's ticks, the
// better of the other two, ms, and the ratio as JSON.
import { apply, ownWayMs } from './mininet/index.ts';
import { grid } from './mininet/network.ts';

const TICKS = 7;
const CHANGES = 1_000;

const before = ownWayMs();
const ticks = (await apply(grid(10, CHANGES / 40), {}, 'htb', TICKS)).toSorted((a, b) => a - b);
const laneMs = ticks[TICKS >> 1]!;
const ownMs = CHANGES * Math.min(before, ownWayMs());
process.stdout.write(JSON.stringify({ laneMs, ownMs, ratio: ownMs / laneMs }));
