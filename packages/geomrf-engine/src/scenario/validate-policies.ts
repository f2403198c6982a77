import { IslPattern, NodeRole, SelectionPolicy } from '@satsim/geomrf-proto';
import type { GslPolicy, IslPolicy, NodeSpec, ScenarioSpec } from '@satsim/geomrf-proto';
import type { Faults } from './faults.js';
import { checkTerminal } from './validate-terminal.js';
import { checkSpan } from './validate-time.js';

/** The parts of a specification that are about links. */
export function checkPolicies(spec: ScenarioSpec, nodes: ReadonlyMap<string, NodeSpec>, faults: Faults): void {
  if (spec.isl !== undefined) checkIsl(spec.isl, nodes, faults);
  if (spec.gsl !== undefined) checkGsl(spec.gsl, spec.nodes, faults);
  checkTerrestrial(spec, nodes, faults);
  const { adaptation } = spec;
  if (adaptation === undefined) return;
  adaptation.modcods.forEach((modcod, i) => {
    faults.check(modcod.name !== '', `adaptation.modcods[${i}].name`, 'is empty');
    faults.finite(modcod.minSnrDb, `adaptation.modcods[${i}].min_snr_db`);
    faults.positive(modcod.spectralEfficiency, `adaptation.modcods[${i}].spectral_efficiency`);
  });
  faults.check(new Set(adaptation.modcods.map(({ name }) => name)).size === adaptation.modcods.length, 'adaptation.modcods', 'a name is used twice');
  faults.nonNegative(adaptation.marginDb, 'adaptation.margin_db');
  faults.nonNegative(adaptation.hysteresisDb, 'adaptation.hysteresis_db');
}

function checkIsl(isl: IslPolicy, nodes: ReadonlyMap<string, NodeSpec>, faults: Faults): void {
  if (
    !faults.check(
      [IslPattern.ISL_NONE, IslPattern.PLUS_GRID, IslPattern.NEAREST, IslPattern.EXPLICIT].includes(isl.pattern),
      'isl.pattern',
      'is not set, or not known',
    )
  )
    return;
  if (isl.pattern === IslPattern.ISL_NONE) return;
  faults.nonNegative(isl.maxRangeM, 'isl.max_range_m');
  faults.nonNegative(isl.minAltitudeM, 'isl.min_altitude_m');
  if (isl.polarCutoffLatDeg !== undefined) faults.range(isl.polarCutoffLatDeg, 0, 90, 'isl.polar_cutoff_lat_deg', ' degrees');
  if (isl.terminal === undefined) faults.positive(isl.capacityBps, 'isl.capacity_bps');
  else checkTerminal(isl.terminal, 'isl.terminal', faults);
  faults.nonNegative(isl.processingDelayS, 'isl.processing_delay_s');
  if (isl.pattern === IslPattern.NEAREST) faults.check(isl.neighbors > 0, 'isl.neighbors', 'is 0: say how many links a satellite has');
  if (isl.pattern === IslPattern.EXPLICIT) faults.check(isl.pairs.length > 0, 'isl.pairs', 'is empty: name the pairs');
  const seen = new Set<string>();
  isl.pairs.forEach(({ a, b }, i) => {
    for (const [end, id] of Object.entries({ a, b })) {
      const node = nodes.get(id);
      if (faults.check(node !== undefined, `isl.pairs[${i}].${end}`, `there is no node '${id}'`))
        faults.check(node!.role === NodeRole.SATELLITE, `isl.pairs[${i}].${end}`, `'${id}' is not a satellite`);
    }
    faults.check(a !== b, `isl.pairs[${i}]`, `links '${a}' with itself`);
    const key = [a, b].toSorted().join(' ');
    faults.check(!seen.has(key), `isl.pairs[${i}]`, `'${a}' and '${b}' are linked twice`);
    seen.add(key);
  });
}

function checkGsl(gsl: GslPolicy, nodes: readonly NodeSpec[], faults: Faults): void {
  const known = [
    SelectionPolicy.ALL_VISIBLE,
    SelectionPolicy.MAX_ELEVATION,
    SelectionPolicy.LONGEST_VISIBLE,
    SelectionPolicy.MAX_SNR,
    SelectionPolicy.LEAST_LOADED,
    SelectionPolicy.SCHEDULED,
  ];
  faults.check(known.includes(gsl.selection), 'gsl.selection', 'is not set, or not known');
  faults.range(gsl.minElevationDeg, 0, 90, 'gsl.min_elevation_deg', ' degrees');
  faults.nonNegative(gsl.hysteresisDeg, 'gsl.hysteresis_deg');
  faults.nonNegative(gsl.processingDelayS, 'gsl.processing_delay_s');
  if (gsl.schedulePeriod !== undefined) checkSpan(gsl.schedulePeriod, 'gsl.schedule_period', faults, 'above 0');
  if (gsl.scheduleOffset !== undefined) checkSpan(gsl.scheduleOffset, 'gsl.schedule_offset', faults);
  faults.nonNegative(gsl.handoverOutageS, 'gsl.handover_outage_s');
  if (gsl.fixedLossRate !== undefined) faults.range(gsl.fixedLossRate, 0, 1, 'gsl.fixed_loss_rate');
  if (gsl.fixedCapacityBps !== undefined) faults.positive(gsl.fixedCapacityBps, 'gsl.fixed_capacity_bps');
  const budget = gsl.fixedCapacityBps === undefined || gsl.selection === SelectionPolicy.MAX_SNR;
  const needed = budget && nodes.some((node) => node.role === NodeRole.SATELLITE) && nodes.some((node) => node.role !== NodeRole.SATELLITE);
  if (needed)
    nodes.forEach((node, i) => faults.check(node.terminal !== undefined, `nodes[${i}].terminal`, 'the link budget needs it (or set gsl.fixed_capacity_bps)'));
}

function checkTerrestrial(spec: ScenarioSpec, nodes: ReadonlyMap<string, NodeSpec>, faults: Faults): void {
  const seen = new Set<string>();
  spec.terrestrial.forEach((link, i) => {
    const path = `terrestrial[${i}]`;
    for (const [end, id] of Object.entries({ a: link.a, b: link.b })) {
      const node = nodes.get(id);
      if (faults.check(node !== undefined, `${path}.${end}`, `there is no node '${id}'`))
        faults.check(node!.role !== NodeRole.SATELLITE, `${path}.${end}`, `'${id}' is not on the ground`);
    }
    faults.check(link.a !== link.b, path, `links '${link.a}' with itself`);
    const key = [link.a, link.b].toSorted().join(' ');
    faults.check(!seen.has(key), path, `'${link.a}' and '${link.b}' are linked twice`);
    seen.add(key);
    faults.nonNegative(link.oneWayDelayS, `${path}.one_way_delay_s`);
    faults.positive(link.capacityBps, `${path}.capacity_bps`);
    faults.range(link.lossRate, 0, 1, `${path}.loss_rate`);
  });
}
