import { color } from '../theme.js';
import type { Projection } from './projection.js';

/** Sea, land, a grid of 30°: drawn once for every size and theme. */
export function drawEarth(context: CanvasRenderingContext2D, map: Projection): void {
  context.fillStyle = color('sea');
  context.fillRect(0, 0, map.width, map.height);
  context.beginPath();
  for (const ring of COASTLINES) {
    let [lon, lat] = [0, 0];
    for (let i = 0; i < ring.length; i += 2) {
      lon += ring[i]! / 10;
      lat += ring[i + 1]! / 10;
      if (i === 0) context.moveTo(map.x(lon), map.y(lat));
      else context.lineTo(map.x(lon), map.y(lat));
    }
    context.closePath();
  }
  context.fillStyle = color('land');
  context.fill('evenodd');
  context.strokeStyle = color('coast');
  context.lineWidth = 0.6;
  context.stroke();
  context.beginPath();
  for (let lon = -150; lon < 180; lon += 30) line(context, map.x(lon), 0, map.x(lon), map.height);
  for (let lat = -60; lat < 90; lat += 30) line(context, 0, map.y(lat), map.width, map.y(lat));
  context.strokeStyle = color('line');
  context.globalAlpha = 0.55;
  context.lineWidth = 0.5;
  context.stroke();
  context.globalAlpha = 1;
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
}

const RADIANS = Math.PI / 180;
const J2000_MS = Date.UTC(2000, 0, 1, 12);

/** A veil over the half of the Earth where it is night; right to about a quarter of a degree. */
export function drawNight(context: CanvasRenderingContext2D, map: Projection, unixMs: number): void {
  const days = (unixMs - J2000_MS) / 86_400_000;
  const anomaly = (357.528 + 0.9856003 * days) * RADIANS;
  const longitude = (280.46 + 0.9856474 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RADIANS;
  const obliquity = 23.439 * RADIANS;
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(longitude));
  const ascension = Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude)) / RADIANS;
  const sidereal = 280.46061837 + 360.98564736629 * days;
  const sunLon = ascension - sidereal;
  const slope = Math.tan(declination);
  context.beginPath();
  // On this side of the terminator the sun is down: below it in the northern summer, above it in the winter.
  const dark = declination > 0 ? -90 : 90;
  context.moveTo(0, map.y(dark));
  for (let lon = -180; lon <= 180; lon += 2) {
    const lat = Math.atan(-Math.cos((lon - sunLon) * RADIANS) / (Math.abs(slope) < 1e-4 ? 1e-4 : slope)) / RADIANS;
    context.lineTo(map.x(lon), map.y(lat));
  }
  context.lineTo(map.width, map.y(dark));
  context.closePath();
  context.fillStyle = color('night');
  context.fill();
}
