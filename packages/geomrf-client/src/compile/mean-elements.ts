import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ElementSet } from '@satsim/elements';
import type { MeanElements, MeanElementsSchema, ScenarioSpec } from '@satsim/geomrf-proto';

/** Units are the same on both sides: OMM's. */
export function toMeanElements(set: ElementSet): MessageInitShape<typeof MeanElementsSchema> {
  return {
    objectName: set.objectName,
    objectId: set.objectId,
    noradCatId: set.noradCatId,
    epoch: { seconds: BigInt(set.epoch.unixSeconds), nanos: set.epoch.nanos },
    meanMotion: set.meanMotionRevPerDay,
    eccentricity: set.eccentricity,
    inclinationDeg: set.inclinationDeg,
    raanDeg: set.raanDeg,
    argPerigeeDeg: set.argPerigeeDeg,
    meanAnomalyDeg: set.meanAnomalyDeg,
    bstar: set.bstar,
    meanMotionDot: set.meanMotionDot,
    meanMotionDdot: set.meanMotionDdot,
  };
}

function fromMeanElements(elements: MeanElements): ElementSet {
  return {
    objectName: elements.objectName,
    objectId: elements.objectId,
    noradCatId: elements.noradCatId,
    epoch: { unixSeconds: Number(elements.epoch?.seconds ?? 0n), nanos: elements.epoch?.nanos ?? 0 },
    meanMotionRevPerDay: elements.meanMotion,
    eccentricity: elements.eccentricity,
    inclinationDeg: elements.inclinationDeg,
    raanDeg: elements.raanDeg,
    argPerigeeDeg: elements.argPerigeeDeg,
    meanAnomalyDeg: elements.meanAnomalyDeg,
    bstar: elements.bstar,
    meanMotionDot: elements.meanMotionDot,
    meanMotionDdot: elements.meanMotionDdot,
  };
}

/** The element sets of a specification's satellites, in its order and named by their node ids. */
export function satelliteElements(spec: ScenarioSpec): ElementSet[] {
  return spec.nodes.flatMap(({ id, position }) => (position.case === 'elements' ? [{ ...fromMeanElements(position.value), objectName: id }] : []));
}
