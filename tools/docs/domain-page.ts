import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type ChoiceModel, type ReasonCode, REASONS, RULES, TRANSITIONS } from '@consent/consent-rules';
import { readCatalogue } from '../catalogue/read-catalogue.ts';

const CATALOGUE = path.join(import.meta.dirname, '../../catalogue');
const RULE_FILES = path.join(import.meta.dirname, '../../libs/consent-rules/src/rules');

const MODELS: Readonly<Record<ChoiceModel, string>> = {
  'opt-in': 'Consent (GDPR art. 6(1)(a), 7): closed until a yes, which can be withdrawn at any time.',
  'opt-out': 'Legitimate interest, for marketing (art. 21(2)): open until a no, for which no reason is needed.',
  'objection-motivated':
    'Legitimate or public interest (art. 21(1)): open until a reasoned objection; restricted while it is assessed (art. 18(1)(d)).',
  none: 'Contract or law: nobody can decide about it. Of the rules only `prerequisites-open` closes it: no brand, role, age or end of a scope ends what a contract or the law asks for.',
};

/** Why something is allowed; every other reason closes. */
const OPEN: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'given',
  'open_by_default',
  'objection_lifted',
  'objection_rejected',
  'no_choice',
  'frozen_after_contract',
]);

const DUE: string[][] = [
  [
    'a consent lapses, the contract or a period after it ends, a request is not confirmed, a scope begins or ends, the window of a clock opens (C09), what these carry closes',
    'the permission as it is then, with the moment (`dueAt`)',
    'the systems that the purpose concerns',
  ],
  [
    'the retention of a kind of data under a purpose ends (C11)',
    'what is in force, and `endedCategories`: data of that kind from before `endedAt` may no longer be used for the purpose in the scope. Later entries repeat it. Alone it is noted as `data-retention`',
    'the systems that the purpose concerns: who holds such data deletes what no other purpose covers; who holds none, or does not know the field, applies what is in force again and answers `no_effect`',
  ],
  [
    'the proof of what ended need be kept no longer: five years after the real end (C04, C05)',
    'without effect, noted as `proof-retention` with the version of the end; a row of `proof_ended`',
    'no system: the proof is the ledger’s own. Whoever erases as its owner goes by `proof_ended`',
  ],
  [
    'the legal time to reply to a reasoned objection passes (C02)',
    'without effect, noted as `reply` with the objection; an alarm',
    'no system: processing is restricted already. The office that owes the reply',
  ],
];

const dataClockRows = (): string[][] =>
  [...readCatalogue(CATALOGUE).purposes.values()].flatMap(({ id, dataClocks }) =>
    [...Map.groupBy(dataClocks, ({ period, perItem }) => `${period} ${perItem}`).values()].map((clocks) => [
      `\`${id}\``,
      clocks.map(({ category }) => `\`${category}\``).join(', '),
      clocks[0]?.period === 'PT0S' ? 'at once' : (clocks[0]?.period ?? ''),
      clocks[0]?.perItem ?? '',
    ]),
  );

const confirmationRows = (): string[][] =>
  [...readCatalogue(CATALOGUE).confirmWithin].map(([channel, period]) => [`\`${channel}\``, period]);

/** docs/domain.md: made of the very tables that decide, so that it cannot say anything else. */
export const domainPage = (): string =>
  [
    '# The domain on one page',
    'Made by `npm run docs` of `transitions.ts`, `reasons.ts` and `rules/` in `libs/consent-rules/src`, and of `catalogue/`; a test fails when it is not what they say. The words are those of [glossary.md](glossary.md), C numbers rows of [decisions.md](decisions.md).',
    '## From a decision to an answer',
    'A **decision** moves one (subject, scope, purpose) to a **status**. The **permission** follows from the decision in force, or from the default where nobody decided, and from the rules below: they see only what is open and can only close. What the person decided goes first.',
    'Every system stands at the default where it was told nothing. So what is open by default and closed by a rule is told: with the first facts of a person, with facts that move, and with a scope that a person of whom facts are known gets or first speaks of, as a ledger entry and an event of cause `facts`. What opens by default stands so already and is not told. While no facts of a person are known, an answer is no (`facts_missing`), but nothing is told of defaults, save of a purpose that is new in the catalogue, and of a scope that is new to who objected to all marketing (C18).',
    'A **yes** counts from when it was decided: one that comes in late opens nothing that a newer no closed ([adr/0017](adr/0017-a-no-counts-when-it-comes.md)), and none from before its purpose came back to the catalogue opens it. A bundle such as `withdraw-all` is a no to all it names, at its own moment and in every scope, also where it found nothing to close: who had said nothing, or no before, is not opened by a yes from before the bundle. One that is about one scope, as `email-unsubscribe` is about one address (C19), is a no to that scope alone, and to what it names of the person. An objection to all marketing, or a bundle, of a person of whom nothing is known opens nothing.',
    '### What a yes is worth that opens nothing yet',
    'A yes is taken, and kept, also while something else closes the purpose: the brand (Scarlet, C40), the age (C38), the role, a closed prerequisite, no facts. The answer says what closes it. It is the person’s own word and nobody has taken it back, so it opens by itself when that ends, as an entry and an event of cause `facts` ([test](../libs/consent-rules/src/closed-yes.unit.spec.ts)). The privacy statement is silent on this; of a child’s consent the EDPB says in section 7.1 of its Guidelines 05/2020 that it stays valid after the coming of age until it is withdrawn, and that the person is to be told that it can be: that event is the moment to tell, and telling is left to whoever speaks with the person. It opens nothing later where the person withdrew it meanwhile (a withdrawal is taken while the purpose is closed too), where its period is over (C06), or where the text wants to be asked under the contract (7.2.3 and 7.2.1.2: C07, C08): with that contract it ends, as an entry that says `expired`, whatever holds it closed.',
    '## Who may move what',
    '[Ten statuses](glossary.md#statuses), four choice models. On each arrow, who may cause it: the person, a guardian, an agent for the person, the operator, an authority, the clock, a change of facts or of the catalogue, an import from another system. The dot is nothing decided; `any status` includes it, and the status itself. An arrow that is not here is refused, with those that are open. An objection to all marketing stands for one to each purpose it reaches, and a no under another role for one under this role (C18, C42): where nothing was decided, or nothing since, they are lifted as `objected` is.',
    'When a purpose changes its choice model, each person stays in the status of before, so arrows begin at the words of the other models too: whatever is closed can be opened by one word of the person, and whatever is open can be closed. What closed a consent (`refused`, `withdrawn`, `expired`, `revoked`, and `requested`, the yes that never came) counts as an objection, which the person lifts; it is never put under assessment, which could only lessen it. An objection, or its end, is no consent: the person gives it, or is asked for it.',
    'A reasoned objection that is under assessment when its purpose changes stays on the list of those to answer, and the reply stays owed: the operator or an authority upholds or rejects it, also under opt-in, and where the purpose has left the catalogue. Under opt-out it is absolute, so it can only be upheld. A purpose becomes one of `none` only when no no to it stands, so when each is answered. Asking for a consent meanwhile (`requested`) is kept as evidence and moves nothing; it can be confirmed until the objection is answered. A bundle that names the purpose says no to it for good, as the person would.',
    ...(Object.keys(TRANSITIONS) as ChoiceModel[]).flatMap(modelSection),
    'An entry by the facts, a clock or the catalogue that ends no consent repeats the status of the decision in force. Where nothing was decided it reads `requested` (opt-in) or `objection_lifted` (the other models), though nobody asked for anything or took anything back: its cause tells (`facts`, `clock`, `catalogue`).',
    '### Over channels on which anybody could say so',
    'A yes is a request until the person confirms it, over a channel that is none of these; it lapses otherwise. Every other opening is refused. A no counts at once.',
    tableOf(['channel', 'to be confirmed within'], confirmationRows()),
    '## Rules, in the order in which they are asked',
    tableOf(
      ['rule', 'what it says', 'decisions'],
      RULES.map(({ name, decisions }) => [
        `[${name}](../libs/consent-rules/src/rules/${name}.ts)`,
        ruleText(name),
        decisions.join(', '),
      ]),
    ),
    '## What falls due by itself',
    'Each at its own moment, once, in order, also after a downtime: an entry of the ledger, and an event as for every entry.',
    tableOf(['what', 'entry', 'who has to act'], DUE),
    'The kinds of data with a clock of their own (C11). Where the text counts from the collection of each item, “may I?” and “why?” answer from when on an item must have been collected (`dataSince`). That moves every day, so no entry tells of it: the holder of the data asks, or reads the period here. What is told is the end of the last item: nothing is collected under a purpose that ended with the contract. An end is told however late its contract becomes known, be it with the first facts of the person. They are asked for, and told, by these names. What the text gives no end (`unstated` in the catalogue: C12, C82) has none here.',
    tableOf(
      ['purpose', 'kinds of data', 'all end after the contract', 'each item ends after its collection'],
      dataClockRows(),
    ),
    '## Reasons',
    'Each answer gives one, with a sentence in Dutch, French and English.',
    tableOf(
      ['reason', 'answer', 'sentence'],
      (Object.keys(REASONS) as ReasonCode[]).map((reason) => [
        `\`${reason}\``,
        OPEN.has(reason) ? 'allowed' : 'not allowed',
        REASONS[reason].en,
      ]),
    ),
    '## With data of one kind',
    'A question may name a kind of data (`category`), at “may I?” and at “why?” alike; one rule answers both, after the purpose itself was found open. A gate bars the kind from the purpose, for good or until other purposes are allowed (`category_barred`). Where its retention under the purpose has ended it may not be used (`category_ended`), from that moment on, whether the clock has written it down yet or not; where another contract has begun or ended since, what was collected later may, and the answer says from when on (`dataSince`). Where each item has a limit counted from its collection, no item older than that may be used, also while the contract runs: `dataSince` is then the moment asked about less that period, by the calendar, or the end of before where that is later. The next end is part of `nextChangeAt`; a limit that moves every day is not.',
    '## As seen from one scope',
    'A question may name a scope of another level than the purpose’s: a purpose of the person is then judged by this one device alone where it stands on something decided per device (C14, C62), and by the brand of this one account, line or device where a brand may close it, as long as that is the person’s: what excludes Scarlet is closed as seen from a Scarlet account, whoever holds it, and may be open as seen from a Proximus account of a Scarlet customer (C41, C87). “May I?” and “why?” answer it for the scope of the purpose, and refuse what has no bearing alike: `scope-unknown` for a scope that is not the person’s, `scope-level-mismatch` with the levels that have a bearing, `scope-not-reached` for a contact point of another kind.',
    '## Why, also in the past',
    'An answer is told with every step that led to it: what the catalogue says, each decision with its place in the ledger, its channel, who recorded it and the catalogue it was judged under, and each rule with the facts that it read, who told them first as they stand, when, how and in which version; of a consent that ended by itself, also the rule that ended it. A moment that has passed is judged by what was recorded by then, whatever dates it bears: the catalogue in force, the facts of the person and of the scopes, the objections to all marketing, the decisions. The answer names the moment from which on all of that is kept (`knownSince`): the first catalogue, or for one person the last time that something known before this was kept was overwritten.',
  ].join('\n\n') + '\n';

function modelSection(model: ChoiceModel): string[] {
  const transitions = TRANSITIONS[model];
  const head = [`### ${model}`, MODELS[model]];
  if (transitions.length === 0) return head;
  const arrows = transitions.flatMap(({ to, from, causes }) => {
    const sources = from === 'any' ? ['any'] : from.map((status) => (status === 'none' ? '[*]' : status));
    return sources.map((source) => `  ${source} --> ${to}: ${causes.join(', ')}`);
  });
  const anywhere = transitions.some(({ from }) => from === 'any') ? ['  state "any status" as any'] : [];
  return [...head, ['```mermaid', 'stateDiagram-v2', ...anywhere, ...arrows, '```'].join('\n')];
}

/** The doc comment of a rule. */
function ruleText(name: string): string {
  const file = readFileSync(path.join(RULE_FILES, `${name}.ts`), 'utf8');
  const comment = /\/\*\*([^]*?)\*\/\s*export const/.exec(file)?.[1];
  if (comment === undefined) throw new Error(`${name}.ts has no doc comment before its rule`);
  return comment
    .replaceAll(/\s*\n\s*\* ?/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
}

const tableOf = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
