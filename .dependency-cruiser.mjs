/**
 * The arrows of the house: which room may import which. `npm run check` reads them, type imports included, and
 * `test/check/arrows.test.ts` plants a violation of each to prove that they are seen.
 *
 * dependency-cruiser needs TypeScript 6 (the package `typescript` here): with 7 it sees no imports and passes everything.
 */

const SDK = '(^|/)(node_modules/)?(@aws-sdk|@smithy|@aws-crypto|@kubernetes)/';
const CORE_OR_PACKAGE = ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'undetermined'];
/** Libraries without effects: a parser of data, arithmetic of time, and a digest of what is given. */
const PURE = ['(^|/)node_modules/(zod|luxon|@types/luxon|temporal-polyfill|@js-temporal)/', '^crypto$'];
const DOCUMENTS = '^runbooks/commands/document\\.ts$';

/** One room may import nothing outside of `allowed` among our own files. */
const room = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(runbooks|functions|infra|local|docs|test)/', pathNot: allowed },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'nothing-missing',
      comment: 'An import that leads nowhere is not seen by any other arrow.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    room('runbooks-alone', '^runbooks/', '^runbooks/', 'A runbook says what to do, and knows nothing of how it is done.'),
    {
      name: 'runbooks-pure',
      comment: 'Runbooks are values: zod describes them, and nothing of the machine is needed.',
      severity: 'error',
      from: { path: '^runbooks/', pathNot: DOCUMENTS },
      to: { dependencyTypes: CORE_OR_PACKAGE, pathNot: '(^|/)node_modules/zod/' },
    },
    {
      name: 'documents-read-scripts',
      comment: 'A command is two files, and the one place that joins them has to read the script.',
      severity: 'error',
      from: { path: DOCUMENTS },
      to: { dependencyTypes: CORE_OR_PACKAGE, pathNot: ['(^|/)node_modules/zod/', '^fs$'] },
    },
    room(
      'incident-knows-the-language-only',
      '^functions/incident/',
      ['^functions/incident/', '^runbooks/language/'],
      'The nouns of an incident are pure, so that infra and local can share them.',
    ),
    {
      name: 'incident-pure',
      comment: 'The nouns of an incident reach no service and no file.',
      severity: 'error',
      from: { path: '^functions/incident/' },
      to: { dependencyTypes: CORE_OR_PACKAGE, pathNot: PURE },
    },
    room(
      'functions-on-runbooks',
      '^functions/',
      ['^functions/', '^runbooks/'],
      'What runs in Lambda knows neither stack nor local mode.',
    ),
    {
      name: 'sdk-in-aws-only',
      comment: 'One folder makes all clients, so that calls are counted, crashed and pointed elsewhere in one place.',
      severity: 'error',
      from: { path: '^(runbooks|functions|infra|local)/', pathNot: '^functions/aws/' },
      to: { path: SDK },
    },
    room(
      'infra-on-shapes',
      '^infra/',
      ['^infra/', '^runbooks/', '^functions/incident/'],
      'The stack shares names and shapes; a function is an entry point to bundle, given by its path.',
    ),
    room(
      'local-on-functions',
      '^local/',
      ['^local/', '^functions/', '^runbooks/'],
      'Local mode runs the same functions, and no stack.',
    ),
    room('docs-on-runbooks', '^docs/', ['^docs/', '^runbooks/'], 'The pages are made from the runbooks alone.'),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.cjs', '.js', '.json', '.d.ts'],
    },
  },
};
