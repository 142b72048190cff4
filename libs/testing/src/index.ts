export { testDatabase, type TestDatabase } from './test-database.js';
export { testTopics, testRegistry, type TestTopics } from './test-topics.js';
export { until } from './until.js';
export { required } from './required.js';
