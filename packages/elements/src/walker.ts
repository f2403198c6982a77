import type { ElementSet, Epoch, ShellPosition } from './element-set.js';
import { kozaiMeanMotion } from './mean-motion.js';

export interface WalkerShell {
  readonly name: string;
  readonly pattern: 'star' | 'delta';
  readonly planes: number;
  readonly perPlane: number;
  /** Above 6,378.135 km. */
  readonly altitudeKm: number;
  readonly inclinationDeg: number;
  /** Walker's F: the phase between neighbouring planes in units of 360° / satellites. */
  readonly phasing: number;
  /** Over which the ascending nodes spread; 180 for star and 360 for delta by default. */
  readonly raanSpreadDeg?: number | undefined;
}

export interface WalkerSatellite {
  /** `<name>-<plane>-<slot>`, counted from 1. */
  readonly id: string;
  readonly elements: ElementSet;
  readonly position: ShellPosition;
}

/**
 * Satellites of a Walker shell i:T/P/F (J. G. Walker, 1984), plane by plane: circular, without drag, node of the first
 * plane and anomaly of its first satellite at 0 in TEME at `epoch`. Catalogue numbers count from 1 within the shell.
 */
export function walkerShell(shell: WalkerShell, epoch: Epoch): WalkerSatellite[] {
  const { name, planes, perPlane, phasing } = shell;
  const raanSpreadDeg = shell.raanSpreadDeg ?? (shell.pattern === 'star' ? 180 : 360);
  const meanMotionRevPerDay = kozaiMeanMotion(shell.altitudeKm);
  const satellites: WalkerSatellite[] = [];
  for (let plane = 0; plane < planes; plane++) {
    for (let slot = 0; slot < perPlane; slot++) {
      const id = `${name}-${plane + 1}-${slot + 1}`;
      satellites.push({
        id,
        position: { shell: name, plane, slot, planes, perPlane, phasing, raanSpreadDeg },
        elements: {
          objectName: id,
          objectId: '',
          noradCatId: plane * perPlane + slot + 1,
          epoch,
          meanMotionRevPerDay,
          eccentricity: 0,
          inclinationDeg: shell.inclinationDeg,
          raanDeg: ((plane * raanSpreadDeg) / planes) % 360,
          argPerigeeDeg: 0,
          // Whole numbers first, so that equal phases are equal to the last bit.
          meanAnomalyDeg: (((slot * planes + plane * phasing) % (planes * perPlane)) * 360) / (planes * perPlane),
          bstar: 0,
          meanMotionDot: 0,
          meanMotionDdot: 0,
        },
      });
    }
  }
  return satellites;
}
