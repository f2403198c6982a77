/** Air at one height. */
export interface Air {
  /** K */
  readonly temperature: number;
  /** Of dry air, hPa. */
  readonly dryPressure: number;
  /** Of water vapour, hPa. */
  readonly vapourPressure: number;
}

const EARTH_RADIUS_KM = 6_356.766;
/** g/m³ at sea level. */
const SURFACE_VAPOUR_DENSITY = 7.5;
const VAPOUR_SCALE_KM = 2;
const LEAST_MIXING_RATIO = 2e-6;

/** Lapses of the lower regime: base (geopotential km), temperature there (K), gradient (K/km), total pressure there (hPa). */
const REGIMES = [
  [0, 288.15, -6.5, 1013.25],
  [11, 216.65, 0, 226.3226],
  [20, 216.65, 1, 54.7498],
  [32, 228.65, 2.8, 8.680422],
  [47, 270.65, 0, 1.109106],
  [51, 270.65, -2.8, 0.6694167],
  [71, 214.65, -2, 0.03956649],
] as const;
/** K/km: g0·M/R */
const HYDROSTATIC = 34.1632;

/**
 * The mean annual global reference atmosphere (ITU-R P.835-6 Annex 1, eq. 1 to 8), 7.5 g/m³ of water vapour at sea level.
 *
 * @param heightKm geometric, above mean sea level, 0 to 100
 */
export function referenceAir(heightKm: number): Air {
  const { temperature, pressure } = heightKm < 86 ? lower(heightKm) : upper(heightKm);
  const density = SURFACE_VAPOUR_DENSITY * Math.exp(-heightKm / VAPOUR_SCALE_KM);
  // The mixing ratio falls with height and then stays at its least.
  const vapourPressure = Math.max((density * temperature) / 216.7, LEAST_MIXING_RATIO * pressure);
  return { temperature, dryPressure: pressure - vapourPressure, vapourPressure };
}

/** Radio refractive index (ITU-R P.453-14 eq. 1 and 6). */
export function refractiveIndex({ temperature, dryPressure, vapourPressure }: Air): number {
  return 1 + 1e-6 * ((77.6 * dryPressure) / temperature + (72 * vapourPressure) / temperature + (3.75e5 * vapourPressure) / temperature ** 2);
}

function lower(heightKm: number): { temperature: number; pressure: number } {
  const geopotential = (EARTH_RADIUS_KM * heightKm) / (EARTH_RADIUS_KM + heightKm);
  const [base, atBase, gradient, pressureAtBase] = REGIMES.findLast(([from]) => geopotential >= from) ?? REGIMES[0];
  const temperature = atBase + gradient * (geopotential - base);
  const pressure =
    gradient === 0
      ? pressureAtBase * Math.exp((-HYDROSTATIC * (geopotential - base)) / atBase)
      : pressureAtBase * (atBase / temperature) ** (HYDROSTATIC / gradient);
  return { temperature, pressure };
}

function upper(z: number): { temperature: number; pressure: number } {
  const temperature = z <= 91 ? 186.8673 : 263.1905 - 76.3232 * Math.sqrt(1 - ((z - 91) / 19.9429) ** 2);
  const pressure = Math.exp(95.571899 + z * (-4.011801 + z * (6.424731e-2 + z * (-4.78966e-4 + z * 1.340543e-6))));
  return { temperature, pressure };
}
