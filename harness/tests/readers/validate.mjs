// node validate.mjs SCHEMA FILE...: holds JSON files against a schema, by ajv. Exit codes: 0 valid; 1 not, with where.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import Ajv4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const [schemaFile, ...files] = process.argv.slice(2);
const schema = JSON.parse(readFileSync(schemaFile, 'utf8'));
const isDraft4 = (schema.$schema ?? '').includes('draft-04');
const ajv = new (isDraft4 ? Ajv4 : Ajv.default ?? Ajv)({ strict: false, allErrors: true, unicodeRegExp: false });
(addFormats.default ?? addFormats)(ajv);
const validate = ajv.compile(schema);
let wrong = false;
for (const file of files) {
  if (validate(JSON.parse(readFileSync(file, 'utf8')))) continue;
  wrong = true;
  for (const error of validate.errors.slice(0, 5)) console.log(`${file}: ${error.instancePath}: ${error.message}`);
}
process.exit(wrong ? 1 : 0);
