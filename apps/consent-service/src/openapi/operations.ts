import { contentHash, dataCategory, historyQuery, limit, slug, uuid } from '../http/schemas/common.js';
import { bundleInput, confirmationInput, decisionInput } from '../http/schemas/decision-input.js';
import { headsInput } from '../http/schemas/heads-input.js';
import { span } from '../http/schemas/span.js';
import { replayInput } from '../http/schemas/replay-input.js';
import * as answers from './answers.js';
import { CATALOGUE_OPERATIONS } from './catalogue-operations.js';
import { EXAMPLES } from './examples.js';
import { FACTS_OPERATIONS } from './facts-operations.js';
import { OBJECTION_OPERATIONS } from './objection-operations.js';
import { type Operation, subjectId } from './operation.js';
import { readWhy } from './why.js';

/** Every operation of the service, in an order in which its examples can be carried out. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/v1/catalogue',
    id: 'readCatalogue',
    summary: 'All purposes, systems with their deadlines, notices and bundles',
    right: null,
    answer: { status: 200, name: 'Catalogue', schema: answers.catalogue },
  },
  {
    method: 'get',
    path: '/v1/purposes/{id}',
    id: 'readPurpose',
    summary: 'One purpose',
    right: null,
    parameters: [{ name: 'id', in: 'path', schema: slug, description: 'The purpose.', example: EXAMPLES.PURPOSE }],
    answer: { status: 200, name: 'Purpose', schema: answers.purpose },
  },
  {
    method: 'get',
    path: '/v1/notices/{contentHash}',
    id: 'readNotice',
    summary: 'The text that a decision names by its hash, also when no notice in force has it any more',
    right: 'read',
    parameters: [
      {
        name: 'contentHash',
        in: 'path',
        schema: contentHash,
        description: 'Of the text.',
        example: EXAMPLES.NOTICE_HASH,
      },
    ],
    answer: { status: 200, name: 'NoticeText', schema: answers.noticeText },
  },
  ...FACTS_OPERATIONS,
  {
    method: 'post',
    path: '/v1/decisions',
    id: 'recordDecision',
    summary: 'Record one decision; 200 when the source event was recorded before',
    right: 'record',
    idempotent: true,
    body: { name: 'DecisionInput', schema: decisionInput, example: EXAMPLES.withdrawal },
    answer: { status: 201, name: 'Decision', schema: answers.decision },
  },
  {
    method: 'post',
    path: '/v1/decisions/batch',
    id: 'recordDecisions',
    summary: 'Record up to 1,000 decisions in one transaction; a line that is refused holds no other back',
    right: 'record',
    idempotent: true,
    body: { name: 'DecisionInput', schema: decisionInput, example: EXAMPLES.decisionLines, many: true },
    answer: { status: 200, name: 'DecisionLineAnswer', schema: answers.decisionLine, many: true },
  },
  {
    method: 'post',
    path: '/v1/decisions/{id}/confirmation',
    id: 'confirmRequest',
    summary: 'The second step where a channel asks for one: what was requested is given',
    right: 'record',
    idempotent: true,
    parameters: [
      { name: 'id', in: 'path', schema: uuid, description: 'The decision that waits.', example: { from: 'request' } },
    ],
    body: { name: 'ConfirmationInput', schema: confirmationInput, example: EXAMPLES.confirmation },
    answer: { status: 201, name: 'Decision', schema: answers.decision },
  },
  {
    method: 'post',
    path: '/v1/bundles',
    id: 'recordBundle',
    summary: 'Several decisions of one act, all or none: what of the bundle is open closes, defaults included',
    right: 'record',
    idempotent: true,
    body: { name: 'BundleInput', schema: bundleInput, example: EXAMPLES.bundle },
    answer: { status: 201, name: 'Bundle', schema: answers.bundle },
  },
  ...OBJECTION_OPERATIONS,
  {
    method: 'get',
    path: '/v1/decisions/{id}',
    id: 'readDecision',
    summary: 'One decision with its evidence',
    right: 'read',
    parameters: [{ name: 'id', in: 'path', schema: uuid, description: 'The decision.', example: { from: 'decision' } }],
    answer: { status: 200, name: 'DecisionRecord', schema: answers.decisionRecord },
  },
  {
    method: 'get',
    path: '/v1/subjects/{id}',
    id: 'readSubject',
    summary: 'Facts, scopes and present state of all triples of a subject',
    right: 'read',
    parameters: [subjectId],
    answer: { status: 200, name: 'Subject', schema: answers.subject },
  },
  {
    method: 'get',
    path: '/v1/subjects/{id}/decisions',
    id: 'readHistory',
    summary: 'Decisions of a subject, oldest first',
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
    answer: { status: 200, name: 'DecisionRecord', schema: answers.decisionRecord, many: true },
  },
  {
    method: 'get',
    path: '/v1/subjects/{id}/permissions',
    id: 'readPermissions',
    summary: 'May I? For the purposes asked for, or all, in each scope, with reasons',
    right: 'read',
    parameters: [
      subjectId,
      {
        name: 'purpose',
        in: 'query',
        schema: slug,
        description:
          'May be given several times. Absent: all. One that is decided in a line, device, account or contact point has an answer for each that the subject has, so none where it has none: only `allowed: true` allows.',
        example: EXAMPLES.PURPOSE,
      },
      {
        name: 'scope',
        in: 'query',
        schema: uuid,
        description:
          'Only this account, line, device or contact point of the subject, or the subject itself. A purpose of another level is judged by it where it stands on one of its level, as web advertising on the cookies of a device. A purpose of the person that its brand may close, as loyalty and advertising with customer data exclude Scarlet, is judged by the brand of this account, line or device instead of the person’s, and only while it is the person’s; the answer stays one for the person. Else it is refused.',
      },
      {
        name: 'contactPoint',
        in: 'query',
        schema: uuid,
        description: 'May this contact point be used? Purpose and channel must both be open. With `channel`.',
      },
      {
        name: 'channel',
        in: 'query',
        schema: slug,
        description:
          'The contact channel, such as `contact-by-phone`. With `contactPoint`. A purpose that does not use the channel is not allowed.',
      },
      {
        name: 'category',
        in: 'query',
        schema: dataCategory,
        description:
          'With data of this kind, such as `derived:bad-payer-info`: what the purpose does not use, a gate bars, or whose retention under the purpose has ended, is not allowed. A kind that the catalogue does not have is refused.',
      },
    ],
    answer: { status: 200, name: 'Permissions', schema: answers.permissions },
  },
  readWhy,
  {
    method: 'get',
    path: '/v1/ledger/digest',
    id: 'readDigest',
    summary: 'Counts and heads of the ledger per bucket',
    right: 'read',
    answer: { status: 200, name: 'LedgerDigest', schema: answers.digest },
  },
  {
    method: 'get',
    path: '/v1/ledger/digest/slices',
    id: 'readSlices',
    summary: 'The same per bucket and slice of the time of commit, with what still waits to be published',
    right: 'read',
    parameters: [
      { name: 'since', in: 'query', schema: span.shape.since, description: 'From here.', example: EXAMPLES.span.since },
      {
        name: 'until',
        in: 'query',
        schema: span.shape.until,
        description: 'Up to, not including; an hour later at most.',
        example: EXAMPLES.span.until,
      },
    ],
    answer: { status: 200, name: 'LedgerSlices', schema: answers.slices },
  },
  {
    method: 'post',
    path: '/v1/ledger/heads',
    id: 'readHeads',
    summary: 'The newest entry of each triple named, or of the triples of the decisions named',
    right: 'read',
    body: { name: 'HeadsInput', schema: headsInput, example: EXAMPLES.heads },
    answer: { status: 200, name: 'LedgerHeads', schema: answers.heads },
  },
  {
    method: 'post',
    path: '/v1/replays',
    id: 'startReplay',
    summary:
      'Deliver decisions of the ledger to one system again; 200 and nothing stored with dryRun, or when no decision is selected',
    right: 'operate',
    idempotent: true,
    body: { name: 'ReplayInput', schema: replayInput, example: EXAMPLES.replay },
    answer: { status: 201, name: 'ReplayPlan', schema: answers.replayPlan },
  },
  {
    method: 'get',
    path: '/v1/replays/{id}',
    id: 'readReplay',
    summary: 'Where a replay is',
    right: 'operate',
    parameters: [{ name: 'id', in: 'path', schema: uuid, description: 'The replay.', example: { from: 'replay' } }],
    answer: { status: 200, name: 'ReplayState', schema: answers.replayState },
  },
  {
    method: 'get',
    path: '/v1/replays/{id}/decisions',
    id: 'readReplayDecisions',
    summary: 'The frozen list of a replay, in the order in which it is sent',
    right: 'operate',
    parameters: [
      { name: 'id', in: 'path', schema: uuid, description: 'The replay.', example: { from: 'replay' } },
      { name: 'after', in: 'query', schema: uuid, description: 'Last id of the page before.' },
      { name: 'limit', in: 'query', schema: limit, description: '1 to 1,000.', example: '100' },
    ],
    answer: { status: 200, name: 'ReplayDecisions', schema: answers.replayDecisions },
  },
  ...CATALOGUE_OPERATIONS,
];
