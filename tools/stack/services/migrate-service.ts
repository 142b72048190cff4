import path from 'node:path';
import { execa } from 'execa';
import { compileCacheOf, nodeFlagsOf } from '../../build/node-flags.ts';
import { ROOT } from '../instance.ts';
import { StackError } from '../stack-error.ts';
import { appRole, type ServiceSpec } from './service-table.ts';

/** Runs the migrate job of a service. @throws StackError with what it said last, when it fails */
export async function migrateService(service: ServiceSpec, ownerUrl: string): Promise<void> {
  const dist = path.join(ROOT, 'apps', service.name, 'dist');
  const run = await execa(process.execPath, [...nodeFlagsOf(service.name), path.join(dist, 'migrate.js')], {
    env: { NODE_COMPILE_CACHE: compileCacheOf(dist), MIGRATION_DATABASE_URL: ownerUrl, APP_ROLE: appRole(service) },
    reject: false,
    all: true,
  });
  if (run.failed)
    throw new StackError(
      `The migrations of ${service.name} failed`,
      (run.all ?? run.shortMessage).trim().slice(-1_200),
    );
}
