export * from './explanation.js';
export * from './explain.js';
export { printedWhy, type PrintedWhy } from './printed-why.js';
