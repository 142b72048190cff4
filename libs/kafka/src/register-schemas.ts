import { ConsentDecisionSchema, PropagationAcknowledgementSchema, SYSTEMS, type Topics } from '@consent/events';
import { RegistryError, type SchemaRegistry } from './schema-registry.js';

/** Name under which the registry keeps the value schemas of a topic (TopicNameStrategy). */
export const registrySubjectOf = (topic: string): string => `${topic}-value`;

/**
 * Registers the schemas of this build for every topic and pins FULL_TRANSITIVE. A deploy job; services only look up.
 * @returns the schema id per registry subject
 * @throws RegistryError INCOMPATIBLE when a schema cannot be read by, or cannot read, one registered before
 */
export async function registerSchemas(
  registry: SchemaRegistry,
  topics: Topics,
  systems: readonly string[] = SYSTEMS,
): Promise<Record<string, number>> {
  const schemas: (readonly [string, object])[] = [
    [topics.decisions, ConsentDecisionSchema],
    [topics.replays, ConsentDecisionSchema],
    ...systems.map((system) => [topics.acknowledgements(system), PropagationAcknowledgementSchema] as const),
  ];
  const ids: Record<string, number> = {};
  for (const [topic, schema] of schemas) {
    const registrySubject = registrySubjectOf(topic);
    ids[registrySubject] = await registerOne(registry, registrySubject, schema);
  }
  return ids;
}

async function registerOne(registry: SchemaRegistry, registrySubject: string, schema: object): Promise<number> {
  try {
    await registry.setCompatibility(registrySubject, 'FULL_TRANSITIVE');
  } catch (error) {
    // Some registries know no configuration before the first version, to which no rule can apply anyway.
    if (!(error instanceof RegistryError && error.code === 'NOT_FOUND')) throw error;
    const id = await registry.register(registrySubject, schema);
    await registry.setCompatibility(registrySubject, 'FULL_TRANSITIVE');
    return id;
  }
  return registry.register(registrySubject, schema);
}
