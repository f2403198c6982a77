import type { ExporterDefinition, LaneDefinition } from '../contract/plugin.js';
import type { Scenario } from '../contract/scenario.js';
import type { FieldLocator } from '../contract/tick-source.js';
import type { ScenarioFault } from '../errors.js';
import { faultAt } from '../scenario/fault-at.js';
import type { PlannedPlugin } from './types.js';

type Chosen<Definition> = Pick<PlannedPlugin<Definition>, 'name' | 'contribution' | 'definition'>;

/** What a scenario asks for and the chosen plugins can't give together. */
export function ruleFaults(
  scenario: Scenario,
  lanes: readonly Chosen<LaneDefinition>[],
  exporters: readonly Chosen<ExporterDefinition>[],
  locate: FieldLocator,
): ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  if (scenario.time.mode === 'offline') {
    for (const { name, contribution } of lanes) {
      if (contribution.pacing === 'realtime')
        faults.push(
          faultAt(
            locate,
            ['time', 'mode'],
            `lane ${name} runs in real time only, but the run is offline`,
            'write mode: realtime (--set time.mode=realtime), or leave the lane out',
          ),
        );
    }
  }
  if (!scenario.execution.strict_reproducible) return faults;

  const strict = (message: string, hint: string) =>
    faults.push(faultAt(locate, ['execution', 'strict_reproducible'], `strict_reproducible refuses ${message}`, hint));
  for (const { name, contribution } of [...lanes, ...exporters]) {
    if (contribution.determinism === 'statistical')
      strict(`${contribution.kind} ${name}: it is statistical, two runs of it differ`, 'leave it out, or set strict_reproducible: false');
  }
  for (const { name, definition } of exporters) {
    if (definition.overflow === 'drop-oldest') strict(`exporter ${name}: it may lose ticks (drop-oldest)`, 'leave it out, or set strict_reproducible: false');
  }
  if (scenario.execution.on_late_tick === 'skip') strict('on_late_tick: skip', 'write on_late_tick: wait');
  return faults;
}

/** Packets that nobody can record. */
export function packetFaults({ execution }: Scenario, lanes: readonly Chosen<LaneDefinition>[], locate: FieldLocator): ScenarioFault[] {
  if (!execution.record_pcap || lanes.some(({ definition }) => definition.recordsPackets === true)) return [];
  const names = lanes.map(({ name }) => name).join(', ') || 'none';
  const hint = 'leave the key out, or choose a lane that carries packets, such as mininet or ns3';
  return [faultAt(locate, ['execution', 'record_pcap'], `no lane of this run can record packets (lanes: ${names})`, hint)];
}
