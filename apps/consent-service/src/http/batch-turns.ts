import { Injectable } from '@nestjs/common';
import { Turns } from '../turns.js';

/** Half of the connections: a single decision finds one free, however many batches come. */
const AT_ONCE = 4;

/** Lets few batches in at a time. One that waits holds its bytes alone; its lines, once read, are ten times as much. */
@Injectable()
export class BatchTurns extends Turns {
  constructor() {
    super(AT_ONCE);
  }
}
