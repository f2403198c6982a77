import type { LinkKind, NodeRole } from '@satsim/core';

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

export const NODE_COLORS: Readonly<Record<NodeRole, Rgba>> = {
  satellite: [255, 214, 102, 255],
  ground_station: [102, 217, 255, 255],
  user_terminal: [153, 255, 153, 255],
};
export const LINK_COLORS: Readonly<Record<LinkKind, Rgba>> = { isl: [140, 160, 190, 90], gsl: [102, 255, 178, 160], terrestrial: [230, 160, 90, 160] };
export const HANDOVER_COLOR: Rgba = [255, 120, 60, 255];

/** Easy to tell apart, also for the colour-blind: Okabe and Ito, "Color Universal Design" (2008), without black and yellow. */
const FLOW_COLORS: readonly Rgba[] = [
  [230, 159, 0, 230],
  [86, 180, 233, 230],
  [0, 158, 115, 230],
  [213, 94, 0, 230],
  [204, 121, 167, 230],
  [0, 114, 178, 230],
];
export const flowColor = (index: number): Rgba => FLOW_COLORS[index % FLOW_COLORS.length]!;

export const solid = (rgba: Rgba) => ({ solidColor: { color: { rgba } } });
