import { SYSTEMS, type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { pipelineStatus, type SystemStatus } from '../http/monitor.js';
import { consumerWords } from '../http/system-ops.js';
import { pipelineText } from '../output/pipeline.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { duration, orDash } from '../output/words.js';

const HEAD = [
  'system',
  'word',
  'consumer',
  'pending',
  'overdue',
  'parked',
  'conflicts',
  'rejected',
  'oldest unack.',
  'closing p50/p99',
  'opening p50/p99',
  'applied/s',
  'heartbeat',
  'last effect',
];

/**
 * How far each system is: what the monitor sees from outside, and what each consumer says of itself. With `check`, the
 * exit code tells whether all of them are in step.
 */
export async function showSystems(context: Context, check: boolean): Promise<Report> {
  const status = await pipelineStatus(context.servers.monitor);
  const { systems, relay } = status;
  const consumers = await Promise.all(systems.map(({ systemId }) => consumerOf(context, systemId)));
  const json = { ...status, systems: systems.map((system, index) => ({ ...system, consumer: consumers[index] })) };
  const rows = systems.map((system, index) => row(system, consumers[index] ?? 'unknown'));
  const text = [table(HEAD, rows), '', pipelineText(status)].join('\n');
  const inStep = systems.length >= SYSTEMS.length && systems.every(({ word }) => word === 'in-step') && !relay.stuck;
  return { json, text, exitCode: check && !inStep ? EXIT.incomplete : EXIT.ok };
}

/** The consumer's own word. A consumer that does not answer is `no answer`, which is a finding and not an error. */
async function consumerOf({ servers }: Context, systemId: string): Promise<string> {
  const id = SYSTEMS.find((system): system is SystemId => system === systemId);
  if (!id) return 'unknown';
  try {
    const { state } = await consumerWords(servers.system(id));
    return Array.isArray(state) ? state.join(', ') : typeof state === 'string' ? state : 'unknown';
  } catch {
    return 'no answer';
  }
}

function row(system: SystemStatus, consumer: string): string[] {
  const { closing, opening } = system.lag;
  const effect = system.lastEffect;
  return [
    system.systemId,
    system.word,
    consumer,
    String(system.pending),
    String(system.overdue),
    String(system.parked),
    String(system.conflicts),
    String(system.rejected),
    duration(system.oldestUnacknowledgedAgeMs),
    `${duration(closing.p50)} / ${duration(closing.p99)}`,
    `${duration(opening.p50)} / ${duration(opening.p99)}`,
    orDash(system.appliedPerSecond?.toFixed(1)),
    heartbeat(system),
    effect ? `${effect.effect}: ${effect.count}` : '–',
  ];
}

function heartbeat({ heartbeat: { ageMs, lost } }: SystemStatus): string {
  const age = ageMs === null ? 'never' : `${duration(ageMs)} ago`;
  return lost > 0 ? `${age}, ${lost} lost` : age;
}
