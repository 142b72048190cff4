import { type SystemAnswer } from '../http/monitor.js';
import { duration } from './words.js';

/** One line a system: its state, how long it took, and what it did in its own words. */
export function answersText(answers: readonly SystemAnswer[]): string {
  return answers.length === 0 ? 'concerns no system' : answers.map(line).join('\n');
}

/** What a system did, in its own words. */
export const effectsText = ({ effects }: SystemAnswer): string =>
  (effects ?? []).map(({ effect, count }) => `${effect}: ${count}`).join(', ');

function line(answer: SystemAnswer): string {
  const lag = typeof answer.lagMs === 'number' ? ` after ${duration(answer.lagMs)}` : '';
  const effects = effectsText(answer);
  return `${answer.systemId} ${answer.state}${lag}${effects && ` (${effects})`}`;
}
