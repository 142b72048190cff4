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

const service = (name: string, port: number, honoursDecisions = true): ServiceSpec => ({
  name,
  port,
  database: name === 'consent-service' ? 'consent' : name.replaceAll('-', '_'),
  honoursDecisions,
});

/** All services, in the order of their start. A sixth system adds its line here. */
export const SERVICES: readonly ServiceSpec[] = [
  service('consent-service', 3000, false),
  service('marketing-segmentation', 3001),
  service('pickx-ad-targeting', 3002),
  service('ads-data-export', 3003),
  service('directory-listing', 3004),
  service('group-sharing', 3005),
  service('propagation-monitor', 3010, false),
];

export const ownerRole = ({ database }: ServiceSpec): string => `${database}_owner`;
export const appRole = ({ database }: ServiceSpec): string => `${database}_app`;

/** Environment variable with which a user asks for the port of a service. */
export const portVariable = ({ name }: ServiceSpec): string => `${name.replaceAll('-', '_').toUpperCase()}_PORT`;
