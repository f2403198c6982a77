/**
 * A second SGP4, for near-Earth orbits only (period below 225 min), written from Hoots & Roehrich, "Spacetrack Report
 * No. 3" (1980), as revised in Vallado et al., AIAA 2006-6753. It shares no code with the engine, which is the point.
 * WGS-72; angles in radians, lengths in km, time in minutes; position in TEME.
 */
export interface MeanElements {
  readonly epochUnixMs: number;
  /** Kozai mean motion, rad/min. */
  readonly meanMotion: number;
  readonly eccentricity: number;
  readonly inclination: number;
  readonly node: number;
  readonly perigee: number;
  readonly meanAnomaly: number;
  readonly bstar: number;
}

const RE = 6378.135;
const XKE = 60 / Math.sqrt(RE ** 3 / 398600.8);
const J2 = 0.001082616;
const J3 = -0.00000253881;
const J4 = -0.00000165597;
const RAD = Math.PI / 180;

/** Reads the fixed columns of two TLE lines. */
export function readTle(line1: string, line2: string): MeanElements {
  const year = Number(line1.slice(18, 20));
  const days = Number(line1.slice(20, 32));
  const exponent = Number(line1.slice(59, 61));
  return {
    epochUnixMs: Date.UTC(year < 57 ? 2000 + year : 1900 + year, 0, 1) + (days - 1) * 86_400_000,
    meanMotion: (Number(line2.slice(52, 63)) * 2 * Math.PI) / 1440,
    eccentricity: Number(`0.${line2.slice(26, 33)}`),
    inclination: Number(line2.slice(8, 16)) * RAD,
    node: Number(line2.slice(17, 25)) * RAD,
    perigee: Number(line2.slice(34, 42)) * RAD,
    meanAnomaly: Number(line2.slice(43, 51)) * RAD,
    bstar: Number(`${line1[53] === '-' ? '-' : ''}0.${line1.slice(54, 59)}`) * 10 ** exponent,
  };
}

export function positionTemeKm(el: MeanElements, unixMs: number): [number, number, number] {
  const t = (unixMs - el.epochUnixMs) / 60_000;
  const { eccentricity: e0, inclination: i0, bstar } = el;
  const ci = Math.cos(i0);
  const si = Math.sin(i0);
  const ci2 = ci * ci;
  const ci4 = ci2 * ci2;
  const beta2 = 1 - e0 * e0;
  const beta = Math.sqrt(beta2);
  const con41 = 3 * ci2 - 1;

  // Kozai → Brouwer mean motion
  const ak = (XKE / el.meanMotion) ** (2 / 3);
  const d1 = (0.75 * J2 * con41) / (beta * beta2);
  const delta = d1 / ak ** 2;
  const adel = ak * (1 - delta ** 2 - delta * (1 / 3 + (134 * delta ** 2) / 81));
  const n = el.meanMotion / (1 + d1 / adel ** 2);
  const a = (XKE / n) ** (2 / 3);
  const perigeeKm = (a * (1 - e0) - 1) * RE;

  // Atmosphere
  const s = perigeeKm < 98 ? 20 : perigeeKm < 156 ? perigeeKm - 78 : 78;
  const q4 = ((120 - s) / RE) ** 4;
  const sRe = s / RE + 1;
  const xi = 1 / (a - sRe);
  const eta = a * e0 * xi;
  const eta2 = eta * eta;
  const eeta = e0 * eta;
  const psi2 = Math.abs(1 - eta2);
  const coef = q4 * xi ** 4;
  const coef1 = coef / psi2 ** 3.5;
  const c2 = coef1 * n * (a * (1 + 1.5 * eta2 + eeta * (4 + eta2)) + ((0.375 * J2 * xi) / psi2) * con41 * (8 + 3 * eta2 * (8 + eta2)));
  const c1 = bstar * c2;
  const c3 = e0 > 1e-4 ? (-2 * coef * xi * (J3 / J2) * n * si) / e0 : 0;
  const c4 =
    2 *
    n *
    coef1 *
    a *
    beta2 *
    (eta * (2 + 0.5 * eta2) +
      e0 * (0.5 + 2 * eta2) -
      ((J2 * xi) / (a * psi2)) *
        (-3 * con41 * (1 - 2 * eeta + eta2 * (1.5 - 0.5 * eeta)) + 0.75 * (1 - ci2) * (2 * eta2 - eeta * (1 + eta2)) * Math.cos(2 * el.perigee)));
  const c5 = 2 * coef1 * a * beta2 * (1 + 2.75 * (eta2 + eeta) + eeta * eta2);

  // Secular rates
  const p2 = 1 / (a * beta2) ** 2;
  const k1 = 1.5 * J2 * p2 * n;
  const k2 = 0.5 * k1 * J2 * p2;
  const k3 = -0.46875 * J4 * p2 * p2 * n;
  const mDot = n + 0.5 * k1 * beta * con41 + 0.0625 * k2 * beta * (13 - 78 * ci2 + 137 * ci4);
  const perigeeDot = -0.5 * k1 * (1 - 5 * ci2) + 0.0625 * k2 * (7 - 114 * ci2 + 395 * ci4) + k3 * (3 - 36 * ci2 + 49 * ci4);
  const nodeDot1 = -k1 * ci;
  const nodeDot = nodeDot1 + (0.5 * k2 * (4 - 19 * ci2) + 2 * k3 * (3 - 7 * ci2)) * ci;

  const xmdf = el.meanAnomaly + mDot * t;
  let perigee = el.perigee + perigeeDot * t;
  const node = el.node + nodeDot * t + 3.5 * beta2 * nodeDot1 * c1 * t * t;
  let m = xmdf;
  let tempA = 1 - c1 * t;
  let tempE = bstar * c4 * t;
  let tempL = 1.5 * c1 * t * t;
  if (perigeeKm >= 220) {
    const dM = e0 > 1e-4 ? ((-2 / 3) * coef * bstar * ((1 + eta * Math.cos(xmdf)) ** 3 - (1 + eta * Math.cos(el.meanAnomaly)) ** 3)) / eeta : 0;
    const d = bstar * c3 * Math.cos(el.perigee) * t + dM;
    m += d;
    perigee -= d;
    const c12 = c1 * c1;
    const d2 = 4 * a * xi * c12;
    const step = (d2 * xi * c1) / 3;
    const d3 = (17 * a + sRe) * step;
    const d4 = 0.5 * step * a * xi * (221 * a + 31 * sRe) * c1;
    tempA -= d2 * t ** 2 + d3 * t ** 3 + d4 * t ** 4;
    tempE += bstar * c5 * (Math.sin(m) - Math.sin(el.meanAnomaly));
    tempL +=
      (d2 + 2 * c12) * t ** 3 +
      0.25 * (3 * d3 + c1 * (12 * d2 + 10 * c12)) * t ** 4 +
      0.2 * (3 * d4 + 12 * c1 * d3 + 6 * d2 ** 2 + 15 * c12 * (2 * d2 + c12)) * t ** 5;
  }
  const am = a * tempA ** 2;
  const em = Math.max(e0 - tempE, 1e-6);
  m += n * tempL;

  // Long-period terms, Kepler's equation in the equinoctial form
  const lp = 1 / (am * (1 - em * em));
  const ax = em * Math.cos(perigee);
  const ay = em * Math.sin(perigee) + lp * -0.5 * (J3 / J2) * si;
  const u0 = m + perigee + (lp * -0.25 * (J3 / J2) * si * (3 + 5 * ci) * ax) / (1 + ci);
  let ep = u0;
  for (let i = 0; i < 12; i++) ep += (u0 - ay * Math.cos(ep) + ax * Math.sin(ep) - ep) / (1 - Math.cos(ep) * ax - Math.sin(ep) * ay);
  const se = Math.sin(ep);
  const ce = Math.cos(ep);
  const eCosE = ax * ce + ay * se;
  const eSinE = ax * se - ay * ce;
  const eL2 = ax * ax + ay * ay;
  const pl = am * (1 - eL2);
  const r = am * (1 - eCosE);
  const betaL = Math.sqrt(1 - eL2);
  const ratio = eSinE / (1 + betaL);
  const u = Math.atan2((am / r) * (se - ay - ax * ratio), (am / r) * (ce - ax + ay * ratio));

  // Short-period terms
  const h1 = (0.5 * J2) / pl;
  const h2 = h1 / pl;
  const rk = r * (1 - 1.5 * h2 * betaL * con41) + 0.5 * h1 * (1 - ci2) * Math.cos(2 * u);
  const uk = u - 0.25 * h2 * (7 * ci2 - 1) * Math.sin(2 * u);
  const nodeK = node + 1.5 * h2 * ci * Math.sin(2 * u);
  const ik = i0 + 1.5 * h2 * ci * si * Math.cos(2 * u);
  const x = Math.cos(nodeK) * Math.cos(uk) - Math.sin(nodeK) * Math.cos(ik) * Math.sin(uk);
  const y = Math.sin(nodeK) * Math.cos(uk) + Math.cos(nodeK) * Math.cos(ik) * Math.sin(uk);
  return [rk * RE * x, rk * RE * y, rk * RE * Math.sin(ik) * Math.sin(uk)];
}
