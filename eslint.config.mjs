import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Which project may import which (docs/architecture.md, "The tree"): arrows point down only. */
const boundaries = [
  { sourceTag: 'lib:events', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'lib:postgres', onlyDependOnLibsWithTags: ['lib:testing'] },
  { sourceTag: 'lib:service-host', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'lib:consent-rules', onlyDependOnLibsWithTags: ['lib:events'] },
  { sourceTag: 'lib:kafka', onlyDependOnLibsWithTags: ['lib:events', 'lib:testing'] },
  { sourceTag: 'lib:testing', onlyDependOnLibsWithTags: ['lib:events', 'lib:kafka', 'lib:postgres'] },
  {
    sourceTag: 'lib:decision-consumer',
    onlyDependOnLibsWithTags: ['lib:events', 'lib:kafka', 'lib:postgres', 'lib:service-host', 'lib:testing'],
  },
  {
    sourceTag: 'app:downstream',
    onlyDependOnLibsWithTags: [
      'lib:events',
      'lib:decision-consumer',
      'lib:postgres',
      'lib:service-host',
      'lib:testing',
    ],
  },
  {
    sourceTag: 'app:consent-service',
    onlyDependOnLibsWithTags: [
      'lib:events',
      'lib:consent-rules',
      'lib:kafka',
      'lib:postgres',
      'lib:service-host',
      'lib:testing',
    ],
  },
  {
    sourceTag: 'app:propagation-monitor',
    onlyDependOnLibsWithTags: ['lib:events', 'lib:kafka', 'lib:postgres', 'lib:service-host', 'lib:testing'],
  },
  // The operators' tool reads catalogues; it decides nothing.
  { sourceTag: 'app:consentctl', onlyDependOnLibsWithTags: ['lib:events', 'lib:consent-rules'] },
  {
    sourceTag: 'app:propagation-e2e',
    onlyDependOnLibsWithTags: ['lib:events', 'lib:kafka', 'lib:testing', 'type:tools'],
  },
  { sourceTag: 'type:tools', onlyDependOnLibsWithTags: ['type:lib'] },
];

const KAFKAJS = {
  group: ['kafkajs', 'kafkajs/**'],
  message: 'kafkajs is called in libs/kafka alone: use @consent/kafka.',
};
const TESTING = { group: ['@consent/testing', '@consent/testing/**'], message: 'libs/testing is for specs.' };
const NEST = { group: ['@nestjs/**'], message: 'Only src/nest of the consumer knows Nest.' };

const OTHER_ID = {
  selector:
    'MemberExpression[property.name=/^(uuid(v\\d)?|guid)$/]:matches([object.name="z"], [object.callee.object.name="z"])',
  message: 'It refuses ids that another door records: use uuid of @consent/events.',
};

/** Neither `import` nor `import()` of these, and no other idea of an id. */
const withoutImports = (...patterns) => ({
  'no-restricted-imports': ['error', { patterns }],
  'no-restricted-syntax': [
    'error',
    OTHER_ID,
    ...patterns.map(({ group: [name], message }) => ({
      selector: `ImportExpression[source.value=/^${name.replace('/**', '').replaceAll('/', '\\u002F')}/]`,
      message,
    })),
  ],
});

/** What no service runs. */
const NOT_SERVICES = [
  '**/*.spec.ts',
  '**/spec/**',
  '**/spec-*.ts',
  '**/kit/**',
  'libs/testing/**',
  'apps/{consentctl,propagation-e2e}/**',
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.data/**', '.nx/**', '**/*.generated.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        AbortSignal: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: {
        project: './tsconfig.json',
        tsconfigRootDir: import.meta.dirname,
        emitDecoratorMetadata: true,
        experimentalDecorators: true,
      },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          depConstraints: boundaries,
          // Specs of these two use libs/testing, which stands on them.
          ignoredCircularDependencies: [
            ['@consent/kafka', '@consent/testing'],
            ['@consent/postgres', '@consent/testing'],
          ],
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
      ...withoutImports(KAFKAJS),
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Configuration is read once, at start, in config.ts.' },
      ],
    },
  },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: NOT_SERVICES,
    rules: {
      ...withoutImports(KAFKAJS, TESTING),
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Its parser is WebAssembly and holds 30 to 50 MB: use exchange of @consent/kafka.' },
      ],
    },
  },
  {
    files: ['libs/decision-consumer/src/**/*.ts'],
    ignores: [...NOT_SERVICES, '**/nest/**'],
    rules: withoutImports(KAFKAJS, TESTING, NEST),
  },
  { files: ['libs/kafka/src/**/*.ts'], ignores: NOT_SERVICES, rules: withoutImports(TESTING) },
  {
    files: ['libs/kafka/src/**/*.spec.ts', 'libs/kafka/src/**/spec-*.ts', 'libs/kafka/src/**/spec/**'],
    rules: withoutImports(),
  },
  {
    files: [
      '**/*.spec.ts',
      'libs/testing/**/*.ts',
      'tools/**/*.ts',
      '**/config.ts',
      'apps/propagation-e2e/**/*.ts',
      'apps/consentctl/**/*.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
);
