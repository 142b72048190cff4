import { uuid } from '../http/schemas/common.js';
import { applyInput, catalogueInput } from '../http/schemas/catalogue-input.js';
import { catalogueChange, handling } from './catalogue-answers.js';
import { EXAMPLES } from './examples.js';
import { type Operation, type Parameter } from './operation.js';

const changeId: Parameter = {
  name: 'id',
  in: 'path',
  schema: uuid,
  description: 'The change.',
  example: { from: 'change' },
};

/** How a new version of the catalogue comes into force. */
export const CATALOGUE_OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/catalogue/changes',
    id: 'planCatalogueChange',
    summary:
      'Keep a new version and count for how many people each purpose would open and close; nothing comes into force',
    right: 'operate',
    idempotent: true,
    body: { name: 'CatalogueInput', schema: catalogueInput, example: EXAMPLES.catalogue },
    answer: { status: 201, name: 'CatalogueChange', schema: catalogueChange },
  },
  {
    method: 'get',
    path: '/v1/catalogue/changes/{id}',
    id: 'readCatalogueChange',
    summary: 'Where a change of the catalogue is',
    right: 'operate',
    parameters: [changeId],
    answer: { status: 200, name: 'CatalogueChange', schema: catalogueChange },
  },
  {
    method: 'get',
    path: '/v1/catalogue/changes/{id}/handling',
    id: 'readCatalogueHandling',
    summary: 'Whether the running builds of the systems that a change names anew have a rule for its purposes',
    right: 'operate',
    parameters: [changeId],
    answer: { status: 200, name: 'CatalogueHandling', schema: handling },
  },
  {
    method: 'post',
    path: '/v1/catalogue/changes/{id}/apply',
    id: 'applyCatalogueChange',
    summary:
      'Bring a planned version into force and take it through all people; once, however often it is asked for; refused where the running build of a system that it names anew is not known to have a rule for the purpose, but for `despite`',
    right: 'operate',
    parameters: [changeId],
    idempotent: true,
    body: { name: 'ApplyInput', schema: applyInput, example: { planHash: '0'.repeat(64) } },
    exampleStatus: 409,
    answer: { status: 200, name: 'CatalogueChange', schema: catalogueChange },
  },
];
