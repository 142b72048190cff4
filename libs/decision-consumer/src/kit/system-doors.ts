import { type ConsentDecision } from '@consent/events';
import { type MigrationSet, withTransaction } from '@consent/postgres';
import { type Effect, type SystemHandler } from '../system-handler.js';
import { applyAnyway } from './apply-anyway.js';
import { holdBack } from './hold-back.js';
import { type Doors, type DoorsSettings, openDoors } from './open-doors.js';
import { systemDatabase } from './system-database.js';

export interface SystemDoors extends Doors {
  /** Has the handler act on a decision, and returns it. */
  decide(decision: ConsentDecision): Promise<ConsentDecision>;
  /** Parks bytes that cannot be read: the whole subject waits. */
  holdBack(subjectId: string): Promise<void>;
}

/** A system's HTTP doors over a database of their own, which closing them drops. Needs TEST_DATABASE_URL. */
export async function systemDoors<E extends Effect>(
  handler: SystemHandler<E>,
  migrations: readonly MigrationSet[],
  settings: DoorsSettings,
): Promise<SystemDoors> {
  const database = await systemDatabase(migrations);
  const { dataSource } = database;
  const doors = await openDoors(dataSource, settings);
  return {
    ...doors,
    async decide(decision) {
      await withTransaction(dataSource, (tx) => applyAnyway(tx, handler, [decision]));
      return decision;
    },
    async holdBack(subjectId) {
      await holdBack(dataSource, subjectId);
    },
    async close() {
      await doors.close();
      await database.drop();
    },
  };
}
