/** Equirectangular: the whole world, longitude to the right, latitude up, in CSS pixels. */
export class Projection {
  readonly width: number;
  readonly height: number;

  constructor(width: number) {
    this.width = width;
    this.height = width / 2;
  }

  x(lon: number): number {
    return ((lon + 180) / 360) * this.width;
  }

  y(lat: number): number {
    return ((90 - lat) / 180) * this.height;
  }
}

const RADIANS = Math.PI / 180;

/** Adds a line by the shortest way over the Earth to the path; it leaves the map on one side and comes back on the other. */
export function arc(context: CanvasRenderingContext2D, map: Projection, lon1: number, lat1: number, lon2: number, lat2: number): void {
  const [a, b] = [unit(lon1, lat1), unit(lon2, lat2)];
  const angle = Math.acos(Math.max(-1, Math.min(1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
  const parts = Math.max(1, Math.min(24, Math.ceil(angle / (6 * RADIANS))));
  let [lastLon, lastLat] = [lon1, lat1];
  context.moveTo(map.x(lon1), map.y(lat1));
  for (let i = 1; i <= parts; i += 1) {
    const share = i / parts;
    const [ka, kb] = angle < 1e-6 ? [1 - share, share] : [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)];
    const [x, y, z] = [ka * a[0] + kb * b[0], ka * a[1] + kb * b[1], ka * a[2] + kb * b[2]];
    const lon = Math.atan2(y, x) / RADIANS;
    const lat = Math.atan2(z, Math.hypot(x, y)) / RADIANS;
    if (Math.abs(lon - lastLon) > 180) {
      // Over the date line: to the edge, and on from the other one at the same height.
      const turn = lon > lastLon ? -360 : 360;
      const edge = turn > 0 ? 180 : -180;
      const crossing = lastLat + ((lat - lastLat) * (edge - lastLon)) / (lon + turn - lastLon || 1);
      context.lineTo(map.x(edge), map.y(crossing));
      context.moveTo(map.x(-edge), map.y(crossing));
    }
    context.lineTo(map.x(lon), map.y(lat));
    [lastLon, lastLat] = [lon, lat];
  }
}

function unit(lon: number, lat: number): [number, number, number] {
  const flat = Math.cos(lat * RADIANS);
  return [flat * Math.cos(lon * RADIANS), flat * Math.sin(lon * RADIANS), Math.sin(lat * RADIANS)];
}
