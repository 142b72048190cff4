export * from './explanation.js';
export * from './explain.js';
