import {
  type Catalogue,
  type DecideCommand,
  type DecideResult,
  type OpenTransition,
  openTransitions,
  type RefusalCode,
  type TripleState,
} from '@consent/consent-rules';

export type RecordRefusalCode =
  | RefusalCode
  | 'purpose_unknown'
  | 'scope_belongs_to_another_subject'
  | 'scope_level_differs'
  | 'scope_not_reached'
  | 'scope_transferred'
  | 'scope_unknown'
  | 'scope_holder_unchanged'
  | 'origin_recorded_otherwise'
  | 'roles_of_other_context';

/** Why a decision is not recorded: a value, since the rest of its batch goes on. */
export interface Refusal {
  code: RecordRefusalCode;
  message: string;
  openTransitions?: readonly OpenTransition[];
}

export const ruleRefusal = (refused: Extract<DecideResult, { kind: 'refused' }>): Refusal => ({
  code: refused.code,
  message: refused.message,
  openTransitions: refused.openTransitions,
});

/** What may follow on a state; nothing where the catalogue has the purpose no more. */
export function openFrom(
  { purposes }: Pick<Catalogue, 'purposes'>,
  purposeId: string,
  state: Pick<TripleState, 'status' | 'decidedAt'> | null,
): readonly OpenTransition[] {
  const purpose = purposes.get(purposeId);
  return purpose ? openTransitions(purpose.choiceModel, state?.decidedAt == null ? 'none' : state.status) : [];
}

export const unknownPurpose = (purposeId: string): Refusal => ({
  code: 'purpose_unknown',
  message: `The catalogue has no purpose ${purposeId}; expected one of GET /v1/catalogue`,
});

export const foreignScope = ({ scope }: DecideCommand): Refusal => ({
  code: 'scope_belongs_to_another_subject',
  message: `Scope ${scope.id} belongs to another subject, and does so for ever; expected a scope of this subject, or a new id`,
});

export const subjectIsScope = (subjectId: string, level: string): Refusal => ({
  code: 'scope_level_differs',
  message: `Subject ${subjectId} is known as ${level}; expected the id of a person`,
});

export const otherLevel = ({ scope }: DecideCommand, known: string): Refusal => ({
  code: 'scope_level_differs',
  message: `Scope ${scope.id} is known as ${known}; found level ${scope.level}`,
});

export const otherKind = ({ scope, purposeId }: DecideCommand, reached: string): Refusal => ({
  code: 'scope_not_reached',
  message: `Scope ${scope.id} is a contact point of another kind; ${purposeId} reaches those of kind ${reached}`,
});

export const otherOrigin = (origin: { system: string; eventId: string }): Refusal => ({
  code: 'origin_recorded_otherwise',
  message: `Event ${origin.eventId} of ${origin.system} is recorded already, as another decision; expected an event id for each decision`,
});
