import { Inject, Injectable } from '@nestjs/common';
import { type Catalogue, type DecideCommand } from '@consent/consent-rules';
import { type ConsentDecision } from '@consent/events';
import { readerOn, type Transaction } from '@consent/postgres';
import { type DataSource } from 'typeorm';
import { type Caller } from '../callers/callers.js';
import { readPositions } from '../ledger/read-positions.js';
import { recordDecisions } from '../record/record-decisions.js';
import { CATALOGUE, DATA_SOURCE } from '../tokens.js';
import { type LineAnswer, lineAnswer, positionsOf, type StoredLine, storedLine } from './answers/stored-line.js';
import { traceparentOf } from './trace-of.js';

/** Between the doors and the ledger: records commands, and turns what is stored of an answer into the answer. */
@Injectable()
export class Recording {
  readonly #dataSource: DataSource;
  readonly #catalogue: Catalogue;

  constructor(@Inject(DATA_SOURCE) dataSource: DataSource, @Inject(CATALOGUE) catalogue: Catalogue) {
    this.#dataSource = dataSource;
    this.#catalogue = catalogue;
  }

  /** @param decisions receives what was recorded, by position, so that it need not be read again */
  async record(
    tx: Transaction,
    commands: readonly DecideCommand[],
    { may }: Caller,
    now: number,
    decisions: Map<number, ConsentDecision>,
  ): Promise<StoredLine[]> {
    const context = {
      catalogue: this.#catalogue,
      now,
      mayAssess: may.includes('assess'),
      traceparent: traceparentOf(),
    };
    const recorded = await recordDecisions(tx, commands, context);
    return recorded.map((one) => storedLine(one, decisions));
  }

  async answers(lines: readonly StoredLine[], decisions: Map<number, ConsentDecision>): Promise<LineAnswer[]> {
    const missing = positionsOf(lines).filter((position) => !decisions.has(position));
    for (const [position, decision] of await readPositions(readerOn(this.#dataSource), missing))
      decisions.set(position, decision);
    return lines.map((line) => lineAnswer(line, decisions));
  }
}
