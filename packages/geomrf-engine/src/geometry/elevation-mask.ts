/** The horizon around a site: least elevation towards an azimuth, both in degrees. */
export interface HorizonPoint {
  readonly azimuthDeg: number;
  readonly minElevationDeg: number;
}

/** The elevation that a satellite must reach: by azimuth, linear between points and across north, but never below a floor. */
export class ElevationMask {
  readonly lowestDeg: number;
  readonly highestDeg: number;
  readonly #azimuth: Float64Array;
  readonly #elevation: Float64Array;
  readonly #floorDeg: number;

  /** @param points ascending in azimuth, 0 ≤ azimuth < 360; none for the same elevation all around, the floor */
  constructor(points: readonly HorizonPoint[], floorDeg: number) {
    this.#azimuth = Float64Array.from(points, (each) => each.azimuthDeg);
    this.#elevation = Float64Array.from(points, (each) => each.minElevationDeg);
    this.#floorDeg = floorDeg;
    this.lowestDeg =
      points.length === 0
        ? floorDeg
        : Math.max(
            floorDeg,
            this.#elevation.reduce((least, each) => Math.min(least, each)),
          );
    this.highestDeg = this.#elevation.reduce((most, each) => Math.max(most, each), floorDeg);
  }

  /** @param azimuthDeg 0 to 360 */
  at(azimuthDeg: number): number {
    const [azimuth, elevation] = [this.#azimuth, this.#elevation];
    const last = azimuth.length - 1;
    if (last < 0) return this.#floorDeg;
    let next = 0;
    while (next <= last && azimuth[next] <= azimuthDeg) next++;
    const from = next === 0 ? last : next - 1;
    const to = next > last ? 0 : next;
    const span = azimuth[to] - azimuth[from] + (to > from ? 0 : 360);
    const passed = azimuthDeg - azimuth[from] + (next === 0 ? 360 : 0);
    return Math.max(this.#floorDeg, elevation[from] + (elevation[to] - elevation[from]) * (passed / span));
  }
}
