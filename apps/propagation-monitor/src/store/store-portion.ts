import { type PartitionOffset } from '@consent/kafka';
import { type Transaction } from '@consent/postgres';
import { type Portion } from '../gather/chunk.js';
import { type Settlement } from '../gather/transition.js';
import { moveCursors } from './cursors.js';
import { storeBeats, storeHeard } from './store-heard.js';
import { storeOpenPairs } from './store-open-pairs.js';
import { storePropagations } from './store-propagations.js';
import { storeSettlements } from './store-settlements.js';
import { beginChecking, storeShown } from './store-shown.js';

/** One transaction: what was found, what follows from it, and where reading goes on. Returns the pairs now settled. */
export async function storePortion(
  tx: Transaction,
  portion: Portion,
  cursors: readonly PartitionOffset[],
): Promise<Settlement[]> {
  const [{ transitions, shown }] = await Promise.all([
    storePropagations(tx, portion.propagations),
    moveCursors(tx, cursors),
  ]);
  const settled = transitions.flatMap((t) => t.settled);
  await Promise.all([
    storeShown(tx, shown),
    storeOpenPairs(tx, transitions),
    storeSettlements(
      tx,
      settled,
      transitions.flatMap((t) => t.takenBack),
    ),
    storeHeard(tx, portion.heard),
    storeBeats(tx, portion.beats),
    beginChecking(tx, portion.beats),
  ]);
  return settled;
}
