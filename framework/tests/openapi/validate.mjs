// node validate.mjs PROGRAM: holds each OpenAPI document that the program writes, one a line, against the specification's
// schema, and resolves its references. Exit codes: 0 valid; 1 not, with where; 77 the validator is not installed.
import { execFileSync } from 'node:child_process';

let Validator;
try {
  ({ Validator } = await import('@seriousme/openapi-schema-validator'));
} catch {
  console.log('skipped: no @seriousme/openapi-schema-validator; scripts/setup --readers installs it');
  process.exit(77);
}

const documents = execFileSync(process.argv[2], { encoding: 'utf8' }).trim().split('\n');
let wrong = documents.length < 2;
for (const [index, text] of documents.entries()) {
  const validator = new Validator();
  const result = await validator.validate(JSON.parse(text));
  if (validator.version !== '3.1') {
    wrong = true;
    console.log(`document ${index}: version ${validator.version}, expected 3.1`);
  }
  if (!result.valid) {
    wrong = true;
    for (const error of [result.errors].flat().slice(0, 5))
      console.log(`document ${index}: ${error.instancePath ?? ''}: ${error.message ?? error}`);
    continue;
  }
  for (const [path, item] of Object.entries(validator.resolveRefs().paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const named = [...path.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]).sort();
      const given = (operation.parameters ?? []).filter((it) => it.in === 'path').map((it) => it.name).sort();
      if (JSON.stringify(named) === JSON.stringify(given)) continue;
      wrong = true;
      console.log(`document ${index}: ${method} ${path}: its parameters are ${given}`);
    }
  }
  for (const error of wrongSchemas(JSON.parse(text))) {
    wrong = true;
    console.log(`document ${index}: ${error}`);
  }
}
console.log(`${documents.length} documents`);
process.exit(wrong ? 1 : 0);

// Each "pattern" is an expression with the u flag, as JSON Schema has it.
function wrongSchemas(value, found = []) {
  if (value === null || typeof value !== 'object') return found;
  if (typeof value.pattern === 'string') {
    try {
      new RegExp(value.pattern, 'u');
    } catch (error) {
      found.push(error.message);
    }
  }
  for (const inner of Object.values(value)) wrongSchemas(inner, found);
  return found;
}
