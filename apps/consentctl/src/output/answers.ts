import { type SystemAnswer } from '../http/monitor.js';
import { duration } from './words.js';

/** One line a system: its state, how long it took, and what it did in its own words. */
export function answersText(answers: readonly SystemAnswer[]): string {
  return answers.length === 0 ? 'concerns no system' : answers.map(line).join('\n');
}

function line(answer: SystemAnswer): string {
  const lag = typeof answer.lagMs === 'number' ? ` after ${duration(answer.lagMs)}` : '';
  const effects = (answer.effects ?? []).map(({ effect, count }) => `${effect}: ${count}`).join(', ');
  return `${answer.systemId} ${answer.state}${lag}${effects && ` (${effects})`}`;
}
