type Curve = { readonly gaussians: readonly (readonly [a: number, b: number, c: number])[]; readonly slope: number; readonly constant: number };

/** ITU-R P.838-3 tables 1 to 4. */
const K_HORIZONTAL: Curve = {
  gaussians: [
    [-5.3398, -0.10008, 1.13098],
    [-0.35351, 1.2697, 0.454],
    [-0.23789, 0.86036, 0.15354],
    [-0.94158, 0.64552, 0.16817],
  ],
  slope: -0.18961,
  constant: 0.71147,
};
const K_VERTICAL: Curve = {
  gaussians: [
    [-3.80595, 0.56934, 0.81061],
    [-3.44965, -0.22911, 0.51059],
    [-0.39902, 0.73042, 0.11899],
    [0.50167, 1.07319, 0.27195],
  ],
  slope: -0.16398,
  constant: 0.63297,
};
const ALPHA_HORIZONTAL: Curve = {
  gaussians: [
    [-0.14318, 1.82442, -0.55187],
    [0.29591, 0.77564, 0.19822],
    [0.32177, 0.63773, 0.13164],
    [-5.3761, -0.9623, 1.47828],
    [16.1721, -3.2998, 3.4399],
  ],
  slope: 0.67849,
  constant: -1.95537,
};
const ALPHA_VERTICAL: Curve = {
  gaussians: [
    [-0.07771, 2.3384, -0.76284],
    [0.56727, 0.95545, 0.54039],
    [-0.20238, 1.1452, 0.26809],
    [-48.2991, 0.791669, 0.116226],
    [48.5833, 0.791459, 0.116479],
  ],
  slope: -0.053739,
  constant: 0.83433,
};

const valueOf = ({ gaussians, slope, constant }: Curve, logF: number): number =>
  gaussians.reduce((sum, [a, b, c]) => sum + a * Math.exp(-(((logF - b) / c) ** 2)), slope * logF + constant);

/** Coefficients of γ = k·R^α for horizontal and vertical polarisation on a horizontal path. */
export interface RainCoefficients {
  readonly kH: number;
  readonly kV: number;
  readonly alphaH: number;
  readonly alphaV: number;
}

/**
 * ITU-R P.838-3 eq. 2 and 3.
 *
 * @param frequencyGHz 1 to 1000
 */
export function rainCoefficients(frequencyGHz: number): RainCoefficients {
  const logF = Math.log10(frequencyGHz);
  return {
    kH: 10 ** valueOf(K_HORIZONTAL, logF),
    kV: 10 ** valueOf(K_VERTICAL, logF),
    alphaH: valueOf(ALPHA_HORIZONTAL, logF),
    alphaV: valueOf(ALPHA_VERTICAL, logF),
  };
}

/**
 * Specific attenuation by rain, dB/km (ITU-R P.838-3 eq. 1, 4, 5).
 *
 * @param cos2Tilt cosine of twice the polarisation's tilt from the horizontal: 1 horizontal, −1 vertical, 0 circular
 * @param sinElevation of the path
 */
export function rainSpecificAttenuation({ kH, kV, alphaH, alphaV }: RainCoefficients, rainMmPerH: number, cos2Tilt: number, sinElevation: number): number {
  const weight = (1 - sinElevation * sinElevation) * cos2Tilt;
  const k = (kH + kV + (kH - kV) * weight) / 2;
  const alpha = (kH * alphaH + kV * alphaV + (kH * alphaH - kV * alphaV) * weight) / (2 * k);
  return k * rainMmPerH ** alpha;
}
