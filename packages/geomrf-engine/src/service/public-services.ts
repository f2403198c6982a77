import { toBinary } from '@bufbuild/protobuf';
import type { DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { ReflectionService } from '@grpc/reflection';
import { GeomRfEngine } from '@satsim/geomrf-proto';
import type { Server } from '@satsim/geomrf-proto';
import { HealthImplementation, service as healthService } from 'grpc-health-check';

export interface PublicServices {
  /** Tells everybody who watches that no call is taken any more. */
  notServing(): void;
}

/**
 * Adds what generic clients look for: server reflection (v1 and v1alpha) with the contract's own descriptors, and the health
 * service. Imported only for servers that others use, as the libraries take time to load.
 */
export function addPublicServices(server: Server): PublicServices {
  // All that the reflection service reads of a package definition.
  const contract = { fileDescriptorProtos: descriptorsOf(GeomRfEngine.file) };
  const health = healthService['Check'].requestType;
  new ReflectionService({ contract, health } as unknown as ConstructorParameters<typeof ReflectionService>[0]).addToServer(server);
  const state = new HealthImplementation({ '': 'SERVING', [GeomRfEngine.typeName]: 'SERVING' });
  state.addToServer(server);
  return {
    notServing() {
      for (const name of ['', GeomRfEngine.typeName]) state.setStatus(name, 'NOT_SERVING');
    },
  };
}

/** A file and all that it imports. */
function descriptorsOf(file: DescFile, seen = new Map<string, Buffer>()): Buffer[] {
  if (!seen.has(file.name)) {
    seen.set(file.name, Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)));
    for (const imported of file.dependencies) descriptorsOf(imported, seen);
  }
  return [...seen.values()];
}
