import { type ProblemError } from '@consent/service-host';
import { type ObjectionRefusal } from '../../objections/change-objection.js';
import { type Refusal } from '../../record/refusal.js';
import { codedProblem } from './coded-problem.js';

const PROBLEMS: Readonly<Record<ObjectionRefusal['code'], readonly [status: number, title: string]>> = {
  objection_unknown: [404, 'The objection is not known'],
  objection_closed: [409, 'The objection has been closed'],
  objection_complete: [409, 'The objection is complete already'],
  objection_extended: [409, 'The reply has been extended already'],
  moment_out_of_range: [422, 'The moment lies outside of what is possible'],
};

/** The problem document of a change to an objection that is refused. */
export const objectionProblem = (refusal: ObjectionRefusal & Pick<Refusal, 'openTransitions'>): ProblemError =>
  codedProblem(PROBLEMS[refusal.code], refusal);
