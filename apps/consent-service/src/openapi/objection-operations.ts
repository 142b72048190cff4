import { limit, uuid } from '../http/schemas/common.js';
import { assessmentInput, completionInput, extensionInput, objectionsQuery } from '../http/schemas/objection-input.js';
import * as answers from './answers.js';
import { EXAMPLES } from './examples.js';
import { objection } from './objection-answers.js';
import { type Operation, type Parameter } from './operation.js';

const objectionId: Parameter = {
  name: 'id',
  in: 'path',
  schema: uuid,
  description: 'The objection: the id of the decision that submitted it.',
  example: { from: 'objection' },
};
const answer = { status: 200, name: 'Objection', schema: objection };

/** Reasoned objections. */
export const OBJECTION_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/v1/objections',
    id: 'listObjections',
    summary: 'Reasoned objections: open ones by the date of the reply, closed ones in the order in which they were',
    right: 'read',
    parameters: [
      { name: 'state', in: 'query', schema: objectionsQuery.shape.state, description: 'open (default) or closed.' },
      {
        name: 'dueBefore',
        in: 'query',
        schema: objectionsQuery.shape.dueBefore,
        description: 'Only those to be answered before this time.',
      },
      { name: 'after', in: 'query', schema: uuid, description: 'Last id of the page before.' },
      { name: 'limit', in: 'query', schema: limit, description: '1 to 1,000.', example: '100' },
    ],
    answer: { ...answer, many: true },
  },
  {
    method: 'get',
    path: '/v1/objections/{id}',
    id: 'readObjection',
    summary: 'One reasoned objection with its two legal clocks',
    right: 'read',
    parameters: [objectionId],
    answer,
  },
  {
    method: 'post',
    path: '/v1/objections/{id}/completion',
    id: 'completeObjection',
    summary: 'All needed information is in: the date promised to the person counts from here',
    right: 'assess',
    idempotent: true,
    parameters: [objectionId],
    body: { name: 'CompletionInput', schema: completionInput, example: {} },
    answer,
  },
  {
    method: 'post',
    path: '/v1/objections/{id}/extension',
    id: 'extendObjection',
    summary: 'Two more months, once, of which the person was told within the first',
    right: 'assess',
    idempotent: true,
    parameters: [objectionId],
    body: { name: 'ExtensionInput', schema: extensionInput, example: EXAMPLES.extension },
    answer,
  },
  {
    method: 'post',
    path: '/v1/objections/{id}/assessment',
    id: 'assessObjection',
    summary: 'Uphold or reject an objection that another caller recorded: a decision, and an event',
    right: 'assess',
    idempotent: true,
    parameters: [objectionId],
    body: { name: 'AssessmentInput', schema: assessmentInput, example: EXAMPLES.assessment },
    answer: { status: 201, name: 'Decision', schema: answers.decision },
  },
];
