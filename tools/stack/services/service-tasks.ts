import path from 'node:path';
import { type ListrTask } from 'listr2';
import { type Servers } from '../servers.ts';
import { type StackContext, type StackOptions } from '../stack-tasks.ts';
import { type Tokens, writeCallers } from './callers.ts';
import { migrateDatabases, provisionDatabases, provisionTopics } from './provision.ts';
import { SERVICES } from './service-table.ts';
import { type RunningService, startServices } from './start-services.ts';

export interface PlatformContext extends StackContext {
  tokens?: Tokens;
  services: RunningService[];
}

/** The steps that turn three running servers into a running pipeline. */
export function serviceTasks(options: StackOptions): ListrTask<PlatformContext>[] {
  const { instance, secrets } = options;
  const callersFile = path.join(instance.dir, 'callers.json');
  return [
    {
      title: 'Databases, roles and migrations',
      task: async (context) => {
        const { databaseUrl } = context.servers as Servers;
        await provisionDatabases(databaseUrl, secrets);
        await migrateDatabases(databaseUrl, secrets);
        context.tokens = writeCallers(callersFile, secrets);
      },
    },
    {
      title: 'Topics and schemas',
      task: async (context, task) => {
        const prefix = process.env['KAFKA_TOPIC_PREFIX'] ?? '';
        task.title += `: ${await provisionTopics(context.servers as Servers, { prefix })} topics`;
      },
    },
    {
      title: `${SERVICES.length} services`,
      task: async (context, task) => {
        context.services = await startServices({
          ...{ instance, secrets, callersFile, wellKnownPorts: options.wellKnownPorts },
          servers: context.servers as Servers,
          ...(options.env ? { env: options.env } : {}),
          tokens: context.tokens as Tokens,
          note: (text) => void context.notes.push(text),
          started: (service) => void context.processes.push(service),
        });
        task.title += ' ready';
      },
    },
  ];
}
