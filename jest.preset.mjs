import { fileURLToPath } from 'node:url';

/** Native ESM (run with --experimental-vm-modules), TypeScript through SWC, workspace packages from source. */
export default {
  testEnvironment: 'node',
  testTimeout: 60_000,
  setupFiles: [fileURLToPath(new URL('tools/test/seed-properties.mjs', import.meta.url))],
  testEnvironmentOptions: { customExportConditions: ['@consent/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  transformIgnorePatterns: ['/node_modules/(?!@consent/)'],
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
};
