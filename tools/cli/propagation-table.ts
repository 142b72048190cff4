import Table from 'cli-table3';
import { type SystemStatus } from './systems-answer.ts';

const HEAD = [
  'system',
  'state',
  'applied',
  'pending',
  'overdue',
  'parked',
  'oldest unack.',
  'lag p50/p99',
  'last effect',
];

/**
 * The state of every system in business words, and the moment up to which it counts; the lag is that of closings, which are
 * the urgent ones.
 */
export function propagationTable(systems: readonly SystemStatus[], ended: ReadonlyMap<string, string>): string {
  const table = new Table({
    head: HEAD,
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
  });
  for (const system of systems)
    table.push([
      system.systemId,
      ended.get(system.systemId) ?? system.word,
      ...[system.applied + system.superseded, system.pending, system.overdue, system.parked].map(count),
      duration(system.oldestUnacknowledgedAgeMs),
      lagOf(system),
      system.lastEffect ? `${system.lastEffect.effect}: ${system.lastEffect.count}` : '–',
    ]);
  return `${table.toString()}\n${countedText(systems)}`;
}

function countedText(systems: readonly SystemStatus[]): string {
  const moments = systems.map(({ countedUntil }) => countedUntil ?? '').sort();
  const time = /T(\d\d:\d\d:\d\d)/.exec(moments[0] ?? '')?.[1];
  return time === undefined
    ? 'It is not known up to when decisions are counted: heartbeats are missing.'
    : `Counted is what was accepted up to ${time} UTC; later decisions are not in the table yet.`;
}

function lagOf({ lag }: SystemStatus): string {
  const shown = lag.closing.p50 === null ? lag.opening : lag.closing;
  return `${duration(shown.p50)} / ${duration(shown.p99)}`;
}

const count = (value: number): string => value.toLocaleString('en');

/** Milliseconds in the unit that fits; a dash when unknown. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.round(ms / 60_000)} min`;
}
