import { type DecideCommand, isClosing, type Purpose } from '@consent/consent-rules';
import { type OwnedScope } from '../subjects/scopes.js';
import { foreignScope, otherKind, otherLevel, type Refusal } from './refusal.js';

/** Why a subject may not decide about a scope; null when it may. @param contactKind of the purpose */
export function scopeRefusal(
  command: DecideCommand,
  owned: OwnedScope | undefined,
  contactKind: Purpose['contactKind'],
): Refusal | null {
  const { scope, subjectId } = command;
  if (scope.level === 'person' ? scope.id !== subjectId : owned && owned.subjectId !== subjectId)
    return foreignScope(command);
  if (owned && owned.level !== scope.level) return otherLevel(command, owned.level);
  if (scope.level !== 'person' && scope.id === subjectId) return otherLevel(command, 'person');
  // A no is taken all the same (C84).
  if (contactKind !== null && (owned?.kind ?? contactKind) !== contactKind && !isClosing(command.status))
    return otherKind(command, contactKind);
  return null;
}
