import type { Terminal } from '@satsim/geomrf-proto';
import type { Faults } from './faults.js';

const MOST_BEAMS = 4096;
const MOST_SHARERS = 65_535;

/** A radio profile. */
export function checkTerminal(terminal: Terminal, path: string, faults: Faults): void {
  faults.finite(terminal.eirpDbw, `${path}.eirp_dbw`);
  faults.finite(terminal.gOverTDbPerK, `${path}.g_over_t_db_per_k`);
  faults.positive(terminal.frequencyHz, `${path}.frequency_hz`);
  faults.positive(terminal.bandwidthHz, `${path}.bandwidth_hz`);
  faults.range(terminal.polarizationTiltDeg, 0, 90, `${path}.polarization_tilt_deg`, ' degrees');
  faults.nonNegative(terminal.noiseTemperatureK, `${path}.noise_temperature_k`);
  faults.range(terminal.beams, 0, MOST_BEAMS, `${path}.beams`);
  faults.range(terminal.terminalsPerBeam, 0, MOST_SHARERS, `${path}.terminals_per_beam`);
}
