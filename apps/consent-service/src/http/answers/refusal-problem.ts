import { type ProblemError } from '@consent/service-host';
import { type RecordRefusalCode, type Refusal } from '../../record/refusal.js';
import { codedProblem } from './coded-problem.js';

const PROBLEMS: Readonly<Record<RecordRefusalCode, readonly [status: number, title: string]>> = {
  purpose_unknown: [422, 'The purpose is not in the catalogue'],
  purpose_without_choice: [422, 'Nobody can decide about this purpose'],
  scope_level_mismatch: [422, 'The purpose is decided at another scope level'],
  status_not_of_choice_model: [422, 'The purpose does not know this status'],
  transition_not_open: [422, 'The status cannot follow on the present one'],
  cause_not_entitled: [422, 'The caller may not cause this status'],
  decided_in_the_future: [422, 'An opening cannot be decided in the future'],
  assessor_not_entitled: [403, 'The caller may not decide on objections'],
  assessor_recorded_objection: [403, 'Who recorded an objection does not decide on it'],
  evidence_missing: [422, 'An import opens nothing without evidence'],
  period_not_announced: [422, 'The announced period is missing'],
  notice_unknown: [422, 'The notice is not in the catalogue'],
  channel_asks_for_confirmation: [422, 'Over this channel only a yes is taken, and waits'],
  scope_belongs_to_another_subject: [409, 'The scope belongs to another subject'],
  scope_level_differs: [409, 'The scope is known at another level'],
  scope_not_reached: [422, 'The channel does not reach this contact point'],
  scope_transferred: [409, 'The scope has passed to another holder'],
  scope_unknown: [404, 'The scope is not known'],
  scope_holder_unchanged: [422, 'The scope belongs to this subject already'],
  origin_recorded_otherwise: [409, 'The source event is recorded as another decision'],
  roles_of_other_context: [422, 'The subject is a contact of the other kind'],
};

/** The problem document of a refused decision. */
export const refusalProblem = (refusal: Refusal): ProblemError => codedProblem(PROBLEMS[refusal.code], refusal);
