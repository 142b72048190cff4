import { type ConsentDecision } from '@consent/events';
import { type ProblemDocument, ProblemError } from '@consent/service-host';
import { type Recorded } from '../../record/record-decisions.js';
import { type Refusal } from '../../record/refusal.js';
import { decisionAnswer, type DecisionAnswer } from './decision-answer.js';
import { refusalProblem } from './refusal-problem.js';

/** What is kept of a line's answer: a ledger position, or why there is none. The ledger gives the rest again. */
export type StoredLine = { at: number } | { echo: number } | { refusal: Refusal } | { problem: ProblemDocument };

export type LineAnswer = { status: 200 | 201; decision: DecisionAnswer } | { status: number; problem: ProblemDocument };

export function storedLine(recorded: Recorded, decisions: Map<number, ConsentDecision>): StoredLine {
  switch (recorded.kind) {
    case 'recorded': {
      const { entry, position, committedAt } = recorded.appended;
      decisions.set(position, { ...entry, committedAt });
      return { at: position };
    }
    case 'echo':
      return { echo: recorded.position };
    case 'refused':
      return { refusal: recorded.refusal };
  }
}

/** Positions whose decisions are needed to answer. */
export const positionsOf = (lines: readonly StoredLine[]): number[] =>
  lines.flatMap((line) => ('at' in line ? [line.at] : 'echo' in line ? [line.echo] : []));

/** 201 recorded, 200 the echo of what was recorded before, else the problem's status. */
export function lineAnswer(line: StoredLine, decisions: ReadonlyMap<number, ConsentDecision>): LineAnswer {
  if ('at' in line) return { status: 201, decision: answerAt(line.at, decisions) };
  if ('echo' in line) return { status: 200, decision: answerAt(line.echo, decisions) };
  const problem = 'refusal' in line ? refusalProblem(line.refusal).toDocument() : line.problem;
  return { status: problem.status, problem };
}

function answerAt(position: number, decisions: ReadonlyMap<number, ConsentDecision>): DecisionAnswer {
  const decision = decisions.get(position);
  if (!decision) throw new Error(`The ledger has no position ${position}, which an answer needs`);
  return decisionAnswer(decision, position);
}

/** Throws the problem of a line that is a request's only one. */
export function throwProblem(line: StoredLine): never {
  if ('refusal' in line) throw refusalProblem(line.refusal);
  if ('problem' in line) {
    const { type, title, status, detail, ...extra } = line.problem;
    throw new ProblemError(status, type.replace('urn:consent:problem:', ''), title, detail, extra);
  }
  throw new Error('The line has no problem');
}
