import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { BUCKETS_SECONDS, FAMILIES, type Family, type Labels, sampleName } from './families.js';

/** The present values of all families, in a registry of this run alone. */
export class LiveMetrics {
  readonly #registry = new Registry();
  readonly #gauges = new Map<Family, Gauge>();
  readonly #counters = new Map<Family, Counter>();
  readonly #histograms = new Map<Family, Histogram>();
  readonly #simTime: Gauge;

  constructor() {
    for (const family of Object.values<Family>(FAMILIES)) {
      const options = { name: sampleName(family), help: family.help, labelNames: family.labels, registers: [this.#registry] };
      if (family.type === 'counter') this.#counters.set(family, new Counter(options));
      else if (family.type === 'histogram') this.#histograms.set(family, new Histogram({ ...options, buckets: BUCKETS_SECONDS }));
      else this.#gauges.set(family, new Gauge(options));
    }
    this.#simTime = new Gauge({ name: 'satsim_sim_time_seconds', help: 'Sim time of the last tick delivered, Unix time.', registers: [this.#registry] });
    this.#addProcessMetrics();
  }

  set(family: Family, labels: Labels, value: number): void {
    this.#gauges.get(family)!.set(labels, value);
  }

  add(family: Family, labels: Labels, increment: number): void {
    this.#counters.get(family)!.inc(labels, increment);
  }

  observe(family: Family, labels: Labels, value: number): void {
    this.#histograms.get(family)!.observe(labels, value);
  }

  setSimTime(timeMs: number): void {
    this.#simTime.set(timeMs / 1000);
  }

  /** What a histogram has counted: samples of each set of labels together, buckets rising. */
  async histogram(
    family: Family,
  ): Promise<readonly { readonly name: string; readonly labels: Readonly<Record<string, string | number>>; readonly value: number }[]> {
    const { values } = await this.#histograms.get(family)!.get();
    return values.map(({ metricName, labels, value }) => ({ name: metricName!, labels: labels as Record<string, string | number>, value }));
  }

  /** The Prometheus text format. */
  async exposition(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  /** Of the satsim process, read when somebody asks. */
  #addProcessMetrics(): void {
    const registers = [this.#registry];
    new Gauge({
      name: 'satsim_process_resident_memory_bytes',
      help: 'Memory that the satsim process holds.',
      registers,
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    new Counter({
      name: 'satsim_process_cpu_seconds_total',
      help: 'CPU time of the satsim process, all threads.',
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
  }
}
