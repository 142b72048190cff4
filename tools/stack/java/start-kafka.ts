import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { clusterIdAt } from '../../bootstrap/network.mjs';
import { type Instance } from '../instance.ts';
import { javaCommand, JVM_FLAGS } from './java.ts';
import { brokerProperties, LOGGING } from './kafka-config.ts';
import { StackError } from '../stack-error.ts';
import { type PortChoice, startOnPorts } from '../process/start-on-ports.ts';
import { supervise, type Supervised } from '../process/supervise.ts';

export interface RunningKafka {
  /** host:port */
  brokers: string;
  process: Supervised;
}

/** A KRaft broker and controller in one process, on the loopback interface alone. */
export async function startKafka(instance: Instance, { preferred, ...choice }: PortChoice): Promise<RunningKafka> {
  const home = path.join(instance.dir, 'kafka');
  mkdirSync(home, { recursive: true });
  const properties = path.join(home, 'server.properties');
  const logs = path.join(home, 'data');
  writeFileSync(path.join(home, 'log4j2.yaml'), LOGGING);
  const classPath = path.join(instance.jars, 'kafka', '*');
  const clusterId = await formatOnce(home, classPath, logs);
  const { ports, process } = await startOnPorts(
    instance,
    {
      wishes: {
        port: { owner: 'Kafka', variable: 'KAFKA_PORT', preferred },
        controllerPort: { owner: "Kafka's controller", variable: 'KAFKA_CONTROLLER_PORT' },
      },
      start(chosen) {
        writeFileSync(properties, brokerProperties({ ...chosen, logs }));
        return supervise(instance, {
          name: 'kafka',
          command: javaCommand(),
          args: [
            ...['-Xms256m', '-Xmx512m', ...JVM_FLAGS],
            `-Dlog4j2.configurationFile=${path.join(home, 'log4j2.yaml')}`,
            ...['-cp', classPath, 'kafka.Kafka', properties],
          ],
          marker: properties,
        });
      },
      ready: async ({ port }) => (await clusterIdAt('127.0.0.1', port)) === clusterId,
    },
    choice,
  );
  return { brokers: `127.0.0.1:${ports.port}`, process };
}

/** Formats the storage; a killed formatting is repeated from nothing. @returns the id of its cluster */
async function formatOnce(home: string, classPath: string, logs: string): Promise<string> {
  const stamp = path.join(home, 'formatted');
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8');
  rmSync(logs, { recursive: true, force: true });
  // It takes seconds, in which a port that was chosen would be lost: those named here are not used.
  const properties = path.join(home, 'format.properties');
  writeFileSync(properties, brokerProperties({ port: 9092, controllerPort: 9093, logs }));
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
  return clusterId;
}
