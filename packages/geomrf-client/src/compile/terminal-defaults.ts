import type { NodeRole } from '@satsim/core';

/** A complete radio profile; keys as in the scenario file. Transmit side: frequency, bandwidth, EIRP; receive side: G/T. */
export interface RadioProfile {
  readonly frequency_ghz: number;
  readonly bandwidth_mhz: number;
  readonly eirp_dbw: number;
  readonly g_over_t_db_per_k: number;
  /** On the ground; what satellites serve is limited by their beams. */
  readonly antennas?: number;
}

/**
 * What a terminal is unless the scenario says otherwise: round figures for a broadband constellation in low Earth orbit,
 * chosen so that every direction closes from 10° elevation up to an orbit of 1,200 km. They describe no product.
 *
 * SNR = Es/N0 = EIRP + G/T + 228.6 − FSPL − 10·lg(symbol rate in Hz), symbol rate = bandwidth/1.2, FSPL = 92.45 + 20·lg(f in GHz) + 20·lg(d in km).
 * At 10° elevation d = 1,815 km for an orbit of 550 km and 3,132 km for 1,200 km:
 *
 * | direction                        | SNR, 550 km | SNR, 1,200 km |
 * |----------------------------------|-------------|---------------|
 * | user terminal → satellite        | 11.9 dB     | 7.1 dB        |
 * | satellite → user terminal        | 13.4 dB     | 8.7 dB        |
 * | ground station → satellite       | 26.8 dB     | 22.0 dB       |
 * | satellite → ground station       | 29.4 dB     | 24.7 dB       |
 *
 * 7 dB is 16APSK 5/9 in DVB-S2X, 12 dB 32APSK 32/45, and 20 dB or more the densest MODCOD. A geostationary orbit
 * (40,600 km at 10°) is 22 dB further away: give it terminals of its own.
 *
 * Four antennas on the ground: with one, pointed at the highest satellite, the satellites of two cities often fly in
 * opposite directions, and those are neighbours in no +Grid: the path goes around half the Earth.
 */
export const TERMINAL_DEFAULTS: Readonly<Record<NodeRole, RadioProfile>> = {
  // Ku downlink of one 250 MHz channel. EIRP: some 4 W into a 32 dBi spot beam. G/T: the same beam and 250 K of noise.
  satellite: { frequency_ghz: 11.7, bandwidth_mhz: 250, eirp_dbw: 38, g_over_t_db_per_k: 8 },
  // Ka gateway with a 1.8 m dish: 52 dBi and 6 W up; 44 dBi at 11.7 GHz and 80 K, so G/T 25 dB/K.
  ground_station: { frequency_ghz: 28.5, bandwidth_mhz: 250, eirp_dbw: 60, g_over_t_db_per_k: 25, antennas: 4 },
  // Flat panel of half a metre: 33 dBi and 1 W up in a 62.5 MHz channel; 33 dBi and 250 K, so G/T 9 dB/K.
  user_terminal: { frequency_ghz: 14.0, bandwidth_mhz: 62.5, eirp_dbw: 33, g_over_t_db_per_k: 9, antennas: 4 },
};
