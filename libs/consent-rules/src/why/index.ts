export { ASSESSMENT_CHANNEL } from './acts.js';
export * from './explanation.js';
export * from './explain.js';
export { FACT_NAMES } from './words.js';
export { printedWhy, type PrintedWhy } from './printed-why.js';
