import type { ArtifactStream } from '@satsim/core';
import { FAMILIES, type Family, type Labels, sampleName } from './families.js';
import type { LiveMetrics } from './live-metrics.js';
import { bucketBound, EOF, labelText, metadata, sampleLine } from './openmetrics-text.js';
import type { Series, SeriesSpool } from './series-spool.js';

/** A value that holds is repeated this often at least: after 5 minutes Prometheus takes a series for gone. */
const REPEAT_AFTER_MS = 60_000;

/**
 * Writes one family after the other, in each one series after the other, in each time rising, as the format demands.
 * @param endMs sim time of the last tick: values hold until then, and histograms, which are of the run as a whole, stand there
 */
export async function writeOpenMetrics(out: ArtifactStream, spool: SeriesSpool, live: LiveMetrics, endMs: number): Promise<void> {
  for (const family of Object.values<Family>(FAMILIES)) {
    if (family.type === 'histogram') await out.write(await histogramText(family, live, endMs));
    else await writeFamily(out, family, spool, endMs);
  }
  await out.write(EOF);
}

async function writeFamily(out: ArtifactStream, family: Family, spool: SeriesSpool, endMs: number): Promise<void> {
  const allSeries = spool.of(family);
  if (allSeries.length === 0) return;
  await out.write(metadata(family));
  for (const series of allSeries) {
    for await (const text of seriesText(series, spool, endMs)) await out.write(text);
  }
}

async function* seriesText(series: Series, spool: SeriesSpool, endMs: number): AsyncGenerator<string> {
  const name = sampleName(series.family);
  const labels = labelText(series.labels);
  const { holds } = series.family;
  let lastMs = Infinity;
  let last = NaN;
  const repeats = (untilMs: number): string => {
    let text = '';
    for (lastMs += REPEAT_AFTER_MS; lastMs < untilMs; lastMs += REPEAT_AFTER_MS) text += sampleLine(name, labels, last, lastMs);
    return text;
  };
  for await (const points of spool.points(series)) {
    let text = '';
    for (const [timeMs, value] of points) {
      if (holds) text += repeats(timeMs);
      text += sampleLine(name, labels, value, timeMs);
      lastMs = timeMs;
      last = value;
    }
    yield text;
  }
  if (holds && lastMs < endMs) yield repeats(endMs) + sampleLine(name, labels, last, endMs);
}

async function histogramText(family: Family, live: LiveMetrics, endMs: number): Promise<string> {
  const samples = await live.histogram(family);
  if (samples.length === 0) return '';
  const lines = samples.map(({ name, labels: { le, ...labels }, value }) => {
    const all = le === undefined ? labels : { ...labels, le: bucketBound(le) };
    return sampleLine(name, labelText(all as Labels), value, endMs);
  });
  return metadata(family) + lines.join('');
}
