import { type Context } from '../context.js';
import { type Report } from '../output/report.js';

/** Runs what a command does with the context of this invocation, and reports it. */
export type Perform = (command: (context: Context) => Promise<Report>) => Promise<void>;
