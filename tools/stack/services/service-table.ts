import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A process of ours, and what it needs. */
export interface ServiceSpec {
  /** Folder below apps/, and the name in logs and messages. */
  name: string;
  /** Taken when free. */
  port: number;
  /** Its database; the roles are `<database>_owner` and `<database>_app`. */
  database: string;
  /** Whether it honours decisions; such a service has the operators' API for parked decisions. */
  honoursDecisions: boolean;
}

/** All services, in the order of their start. A sixth system adds its line to services.json, which the doctor reads too. */
export const SERVICES = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'services.json'), 'utf8'),
) as readonly ServiceSpec[];

export const ownerRole = ({ database }: ServiceSpec): string => `${database}_owner`;
export const appRole = ({ database }: ServiceSpec): string => `${database}_app`;
