import type { Family, Labels } from './families.js';

/** The OpenMetrics 1.0 text format (prometheus.io/docs/specs/om/open_metrics_spec), as lines. */

export const EOF = '# EOF\n';

/** TYPE, UNIT and HELP of a family. */
export function metadata({ name, type, unit, help }: Family): string {
  const unitLine = unit === null ? '' : `# UNIT ${name} ${unit}\n`;
  return `# TYPE ${name} ${type}\n${unitLine}# HELP ${name} ${escape(help)}\n`;
}

/** `{a="b",c="d"}`, or nothing without labels. */
export function labelText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** @param timeMs Unix milliseconds; the format has seconds */
export function sampleLine(name: string, labels: string, value: number, timeMs: number): string {
  return `${name}${labels} ${number(value)} ${timeMs / 1000}\n`;
}

/** The canonical form that `le` must have: 1 is `1.0`. */
export function bucketBound(bound: number | string): string {
  if (typeof bound === 'string') return bound;
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

function number(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

/** Backslash, quote and line feed; the same in HELP and in label values. */
const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
