import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { acceptsConnections } from '../../bootstrap/network.mjs';
import { choosePort } from '../process/choose-port.ts';
import { type Instance } from '../instance.ts';
import { javaCommand, JVM_FLAGS } from './java.ts';
import { brokerProperties, LOGGING } from './kafka-config.ts';
import { StackError } from '../stack-error.ts';
import { supervise, type Supervised } from '../process/supervise.ts';
import { waitUntilReady } from '../process/wait-until.ts';

export interface RunningKafka {
  /** host:port */
  brokers: string;
  process: Supervised;
}

/** A KRaft broker and controller in one process, on the loopback interface alone. */
export async function startKafka(
  instance: Instance,
  { preferred, note }: { preferred?: number | undefined; note: (text: string) => void },
): Promise<RunningKafka> {
  const home = path.join(instance.dir, 'kafka');
  mkdirSync(home, { recursive: true });
  const port = await choosePort(instance, { owner: 'Kafka', variable: 'KAFKA_PORT', preferred }, note);
  const controllerPort = await choosePort(instance, { owner: "Kafka's controller", variable: 'KAFKA_CONTROLLER_PORT' });
  const properties = path.join(home, 'server.properties');
  const logs = path.join(home, 'data');
  writeFileSync(properties, brokerProperties({ port, controllerPort, logs }));
  writeFileSync(path.join(home, 'log4j2.yaml'), LOGGING);
  const classPath = path.join(instance.jars, 'kafka', '*');
  await formatOnce(home, classPath, properties, logs);
  const server = await supervise(instance, {
    name: 'kafka',
    command: javaCommand(),
    args: [
      ...['-Xms256m', '-Xmx512m', ...JVM_FLAGS],
      `-Dlog4j2.configurationFile=${path.join(home, 'log4j2.yaml')}`,
      ...['-cp', classPath, 'kafka.Kafka', properties],
    ],
    marker: properties,
  });
  await waitUntilReady(server, () => acceptsConnections('127.0.0.1', port));
  return { brokers: `127.0.0.1:${port}`, process: server };
}

/** Formats the storage; a killed formatting is repeated from nothing. */
async function formatOnce(home: string, classPath: string, properties: string, logs: string): Promise<void> {
  const stamp = path.join(home, 'formatted');
  if (existsSync(stamp)) return;
  rmSync(logs, { recursive: true, force: true });
  // May begin with a dash, which is why it is no argument of its own below.
  const clusterId = Buffer.from(crypto.randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  const args = ['-Xmx128m', ...JVM_FLAGS, '-XX:TieredStopAtLevel=1', '-cp', classPath, 'kafka.tools.StorageTool'];
  const run = await execa(javaCommand(), [...args, 'format', `--cluster-id=${clusterId}`, '-c', properties], {
    reject: false,
    all: true,
  });
  if (run.code === 'ENOENT') throw new StackError('Java is missing: install version 17 or newer, or set KAFKA_BROKERS');
  if (run.failed) throw new StackError("Kafka's storage could not be formatted", (run.all ?? '').trim().slice(-800));
  writeFileSync(stamp, clusterId);
}
