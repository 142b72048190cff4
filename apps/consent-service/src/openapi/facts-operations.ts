import { historyQuery, limit, uuid } from '../http/schemas/common.js';
import { factsInput, subjectFactsInput } from '../http/schemas/facts-input.js';
import { transferInput } from '../http/schemas/transfer-input.js';
import * as answers from './answers.js';
import { EXAMPLES } from './examples.js';
import { type Operation, subjectId } from './operation.js';

/** What is known of people, and of the lines and addresses that pass between them. */
export const FACTS_OPERATIONS: readonly Operation[] = [
  {
    method: 'put',
    path: '/v1/subjects/{id}/facts',
    id: 'putFacts',
    summary: 'Replace what is known of a subject; permissions that change with it become ledger entries',
    right: 'record',
    idempotent: true,
    parameters: [subjectId],
    body: { name: 'Facts', schema: subjectFactsInput, example: EXAMPLES.facts },
    answer: { status: 200, name: 'StoredFacts', schema: answers.storedFacts },
  },
  {
    method: 'post',
    path: '/v1/facts/batch',
    id: 'putFactsOfMany',
    summary: 'Facts of up to 1,000 subjects, each line answered',
    right: 'record',
    idempotent: true,
    body: { name: 'FactsLine', schema: factsInput, example: EXAMPLES.factsLines, many: true },
    answer: { status: 200, name: 'FactsLineAnswer', schema: answers.factsLine, many: true },
  },
  {
    method: 'get',
    path: '/v1/subjects/{id}/facts/history',
    id: 'readFactsHistory',
    summary: 'Every version of what was known of a subject: since when, by whom, and the ledger entries that followed',
    right: 'read',
    parameters: [
      subjectId,
      {
        name: 'after',
        in: 'query',
        schema: historyQuery.shape.after,
        description: 'Versions above this one.',
        example: '0',
      },
      { name: 'limit', in: 'query', schema: limit, description: '1 to 1,000.', example: '100' },
    ],
    answer: { status: 200, name: 'FactsVersion', schema: answers.factsVersion, many: true },
  },
  {
    method: 'post',
    path: '/v1/scopes/{id}/transfer',
    id: 'transferScope',
    summary:
      'A line, account, device or contact point passes to another holder, at once or, where its time is still to come, from then on: what is open in it closes, a new id is minted',
    right: 'record',
    idempotent: true,
    parameters: [{ name: 'id', in: 'path', schema: uuid, description: 'The scope.', example: EXAMPLES.ACCOUNT }],
    body: { name: 'TransferInput', schema: transferInput, example: EXAMPLES.transfer },
    answer: { status: 201, name: 'Transfer', schema: answers.transfer },
  },
];
