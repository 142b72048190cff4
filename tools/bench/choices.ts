/** What a person may decide about a purpose away from its default. */
export interface Choice {
  purposeId: string;
  scopeLevel: string;
  status: 'given' | 'objected';
  /** The systems that the decision concerns. */
  systems: readonly string[];
  /** For a purpose whose period is announced to each person. */
  attributes?: Readonly<Record<string, string>>;
}

interface Purpose {
  id: string;
  choiceModel: string;
  scopeLevel: string;
  systems: readonly string[];
  announcesPeriod: boolean;
  dependsOn: readonly string[];
}

/**
 * What a customer of the catalogue in force can choose that concerns a system: a yes where the default is no, a no where
 * it is yes. Purposes that depend on another are left out: closing that one decides them a second time.
 */
export async function choicesOf(consentUrl: string): Promise<Choice[]> {
  const answer = await fetch(new URL('/v1/catalogue', consentUrl));
  const { purposes } = (await answer.json()) as { purposes: Purpose[] };
  return purposes.flatMap(({ id, choiceModel, scopeLevel, systems, announcesPeriod, dependsOn }): Choice[] => {
    if (systems.length === 0 || dependsOn.length > 0 || (choiceModel !== 'opt-in' && choiceModel !== 'opt-out'))
      return [];
    const status = choiceModel === 'opt-in' ? 'given' : 'objected';
    const attributes = announcesPeriod ? { announcedPeriod: 'P6M' } : undefined;
    return [{ purposeId: id, scopeLevel, systems, status, ...(attributes && { attributes }) }];
  });
}
