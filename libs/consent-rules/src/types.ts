export * from './types/words.js';
export * from './types/subject.js';
export * from './types/decision.js';
export * from './types/catalogue.js';
export { type Evidence, type Notice, type SystemId } from '@consent/events';
