import { parseArgs } from 'node:util';
import { secretsFile } from '../stack/secrets.ts';
import { givenServers } from '../stack/servers.ts';
import { migrateDatabases, provisionDatabases, provisionTopics } from '../stack/services/provision.ts';
import { StackError } from '../stack/stack-error.ts';

const USAGE = `node tools/cli/provision.ts [--databases] [--migrations] [--topics]

The deploy job: prepares what the services need on servers that run; safe to repeat. Without an option it does all.
  --databases   databases and roles     DATABASE_URL (administrator), SECRETS_FILE
  --migrations  the schema of each      the same, after --databases
  --topics      topics and schemas      KAFKA_BROKERS, SCHEMA_REGISTRY_URL, KAFKA_TOPIC_PREFIX,
                                        REPLICATION_FACTOR (3), MIN_IN_SYNC_REPLICAS (2)
SECRETS_FILE is a JSON object of role names and passwords (consent_owner, consent_app, …); missing ones are made.
`;

/** The deploy job. @throws StackError naming what is not set */
export async function provision(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      databases: { type: 'boolean' },
      migrations: { type: 'boolean' },
      topics: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const all = !values.databases && !values.migrations && !values.topics;
  const given = givenServers();
  if (all || values.databases || values.migrations) {
    const url = required('DATABASE_URL', given.databaseUrl);
    const secrets = secretsFile(required('SECRETS_FILE', process.env['SECRETS_FILE']));
    if (all || values.databases) await step('databases and roles', provisionDatabases(url, secrets));
    if (all || values.migrations) await step('migrations', migrateDatabases(url, secrets));
  }
  if (all || values.topics)
    await step(
      'topics and schemas',
      provisionTopics(
        {
          brokers: required('KAFKA_BROKERS', given.brokers),
          registryUrl: required('SCHEMA_REGISTRY_URL', given.registryUrl),
        },
        {
          prefix: process.env['KAFKA_TOPIC_PREFIX'] ?? '',
          replicationFactor: copies('REPLICATION_FACTOR', 3),
          minInSyncReplicas: copies('MIN_IN_SYNC_REPLICAS', 2),
        },
      ),
    );
}

async function step(what: string, work: Promise<unknown>): Promise<void> {
  await work;
  process.stdout.write(`${what}: done\n`);
}

function required(name: string, value: string | undefined): string {
  if (value) return value;
  throw new StackError(`${name} is not set; see node tools/cli/provision.ts --help`);
}

function copies(name: string, otherwise: number): number {
  const text = process.env[name];
  if (!text) return otherwise;
  if (/^[1-9]$/.test(text)) return Number(text);
  throw new StackError(`${name}=${text}: expected a whole number from 1 to 9`);
}

if (import.meta.main)
  await provision(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(
      `${error instanceof StackError ? error.message : ((error as Error).stack ?? String(error))}\n`,
    );
    process.exitCode = 1;
  });
