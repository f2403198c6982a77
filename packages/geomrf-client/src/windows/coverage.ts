import type { NodeId, Scenario } from '@satsim/core';
import { GeomrfError } from '@satsim/core';
import { LinkType, NodeRole } from '@satsim/geomrf-proto';
import { eventStream } from '../engine/event-stream.js';
import { CoverageCount } from './coverage-count.js';
import type { SiteCoverage } from './coverage-count.js';
import { withScenario } from './open-scenario.js';
import type { EngineOptions, Span } from './open-scenario.js';

export interface CoverageOptions extends EngineOptions, Span {
  /** The span is looked at so often, from its start on; what is shorter is not seen. */
  readonly stepMs: number;
}

/**
 * How well each ground node is served: by the engine's own passes and links, so with its masks, policies, weather and
 * faults. The start is a whole number of steps after the scenario's, or before it.
 *
 * @throws ScenarioError, GeomrfError
 */
export async function queryCoverage(scenario: Scenario, options: CoverageOptions): Promise<readonly SiteCoverage[]> {
  const { fromMs, toMs, stepMs } = options;
  return withScenario(scenario, options, options, async (session, { spec }) => {
    if (!session.capabilities.eventsTickAligned) {
      throw new GeomrfError(
        'GEOMRF_FAILED_PRECONDITION',
        `engine ${session.version.engineVersion} at ${session.target} has no events that are aligned to ticks`,
      );
    }
    const sites: NodeId[] = spec.nodes.filter(({ role }) => role !== NodeRole.SATELLITE).map(({ id }) => id);
    const spanMs = toMs - fromMs;
    const tickCount = Math.ceil(spanMs / stepMs);
    const counts = new CoverageCount(sites, spanMs, stepMs);
    const selector = { linkTypes: [LinkType.SAT_GS, LinkType.SAT_UT] };
    const thresholds = { delayS: 0, capacityBps: 0, lossRate: 0 };
    const stream = eventStream(session, { runId: 'coverage', t0Ms: fromMs, t1Ms: toMs, dtMs: stepMs, tickCount, selector, thresholds });
    for await (const events of stream) counts.add(events);
    return counts.end();
  });
}
