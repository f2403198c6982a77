/** Whole hertz: 11.7 GHz is 11,700,000,000 Hz, whatever binary fractions say. */
export const hertz = (value: number, unit: 1e6 | 1e9): number => Math.round(value * unit);
