import { SYSTEMS, type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { type PipelineStatus, pipelineStatus, type SystemStatus } from '../http/monitor.js';
import { type ConsumerReport, consumerReport } from '../http/system-ops.js';
import { pipelineText } from '../output/pipeline.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { duration, orDash } from '../output/words.js';
import { countedStatus } from './counted-status.js';

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

/** Each run-book starts here, and a process that is frozen answers nobody: it must not hold the status up. */
const CONSUMER_ANSWERS_WITHIN_MS = 5_000;

/** A consumer that does not answer is a finding, not an error. */
const NO_ANSWER: ConsumerReport = { word: 'no answer', detail: null };

const NOT_COUNTED = 'What was accepted just before this question is not counted yet: ask again';

const contradicts = ({ word, parked = 0 }: ConsumerReport): boolean =>
  parked > 0 || !['running', NO_ANSWER.word].includes(word);

/**
 * How far each system is: what the monitor sees from outside, and what each consumer says of itself. With `check`, the
 * exit code tells whether all of them are in step, no consumer that answers contradicts, and the topic has shown what the
 * ledger holds; it is asked once the monitor has counted what was accepted up to now.
 */
export async function showSystems(context: Context, check: boolean): Promise<Report> {
  // The figures last: those of before the wait for a frozen system would show it as it was then.
  const consumers = new Map<string, ConsumerReport>(
    await Promise.all(SYSTEMS.map(async (id) => [id, await consumerOf(context, id)] as const)),
  );
  const { status, counted } = check
    ? await countedStatus(context)
    : { status: await pipelineStatus(context.servers.monitor), counted: true };
  const systems = status.systems.map((system) => ({
    ...system,
    consumer: consumers.get(system.systemId) ?? NO_ANSWER,
  }));
  const details = systems.flatMap(({ systemId, consumer }) =>
    consumer.detail ? [`${systemId}: ${consumer.detail}`] : [],
  );
  const text = [
    table(HEAD, systems.map(row)),
    '',
    ...details,
    pipelineText(status),
    ...(counted ? [] : [NOT_COUNTED]),
  ].join('\n');
  const inStep =
    counted &&
    agrees(status.ledger) &&
    systems.length >= SYSTEMS.length &&
    systems.every(({ word, consumer }) => word === 'in-step' && !contradicts(consumer)) &&
    !status.relay.stuck;
  return { json: { ...status, systems }, text, exitCode: check && !inStep ? EXIT.incomplete : EXIT.ok };
}

/** A monitor that is not given a ledger has none to compare with. */
const agrees = ({ word, reason }: PipelineStatus['ledger']): boolean =>
  word === 'attested' || reason === 'not-configured';

async function consumerOf({ servers }: Context, id: SystemId): Promise<ConsumerReport> {
  try {
    return await consumerReport(servers.system(id), CONSUMER_ANSWERS_WITHIN_MS);
  } catch {
    return NO_ANSWER;
  }
}

function row(system: SystemStatus & { consumer: ConsumerReport }): string[] {
  const { closing, opening } = system.lag;
  const effect = system.lastEffect;
  return [
    system.systemId,
    system.word,
    system.consumer.word,
    String(system.pending),
    String(system.overdue),
    String(Math.max(system.parked, system.consumer.parked ?? 0)),
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
