import { expect, it } from '@jest/globals';
import { answerTo, someDecision } from '../spec/wire.js';
import { Chunk } from './chunk.js';

const NOW = 1_800_000_000_000;
const SYSTEM = 'group-sharing';

it('a system is heard now, and no later, whatever the clock of the broker says', () => {
  const chunk = new Chunk();
  const answer = answerTo(someDecision({}, [SYSTEM]), SYSTEM, { effects: [{ effect: 'contacts_stopped', count: 1 }] });
  const place = { topic: 'a', partition: 0, offset: 0, timestamp: NOW + 3_600_000 };
  expect(chunk.addAcknowledgement(SYSTEM, answer, place, NOW)).toBeNull();
  expect(chunk.take(NOW + 1).heard.get(SYSTEM)).toMatchObject({ lastAnswerAt: NOW, effectAt: NOW });
});
