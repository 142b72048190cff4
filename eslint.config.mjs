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
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'kafkajs', message: 'kafkajs is called in libs/kafka alone: use @consent/kafka.' }] },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[property.name=/^(uuid(v\\d)?|guid)$/]:matches([object.name="z"], [object.callee.object.name="z"])',
          message: 'It refuses ids that another door records: use uuid of @consent/events.',
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Configuration is read once, at start, in config.ts.' },
      ],
    },
  },
  { files: ['libs/kafka/src/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    // What no service runs.
    ignores: ['**/*.spec.ts', '**/spec/**', '**/spec-*.ts', '**/kit/**', 'apps/{consentctl,propagation-e2e}/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Its parser is WebAssembly and holds 30 to 50 MB: use exchange of @consent/kafka.' },
      ],
    },
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
