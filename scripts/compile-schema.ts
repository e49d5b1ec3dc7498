// The schema of scaling.yaml, compiled to plain JavaScript: the core may not evaluate code at run time (a webview and a
// web worker forbid it) and needs no schema library. `node scripts/compile-schema.ts` writes the file; `--check` only
// says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import * as esbuild from 'esbuild';

const root = join(import.meta.dirname, '..');
const schemaFile = join(root, 'syntaxes/scaling.schema.json');
export const generatedFile = join(root, 'src/core/manifest/validate.generated.js');

/** The text of the generated module. */
export async function compileSchema(): Promise<string> {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Record<string, unknown>;
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    ownProperties: true,
    inlineRefs: false,
    code: { source: true, esm: true },
  });
  const code = standalone.default(ajv, { validateManifest: registered(ajv, schema) });
  // Standalone code still requires ajv's string length; it is one line, so it stands here instead.
  const alone = code.replace(
    /const (\w+) = require\("ajv\/dist\/runtime\/ucs2length"\)\.default/g,
    'const $1 = (text) => [...text].length',
  );
  const left = /require\([^)]*\)/.exec(alone);
  if (left !== null) throw new Error(`the compiled schema would need ${left[0]} at run time`);
  const { code: small } = await esbuild.transform(
    `${alone}\nexport const manifestSchema = ${JSON.stringify(schema)};\n`,
    {
      format: 'esm',
      target: 'es2022',
      minifyWhitespace: true,
      minifySyntax: true,
      lineLimit: 4000,
      charset: 'utf8',
    },
  );
  return `// Generated from syntaxes/scaling.schema.json by scripts/compile-schema.ts. Do not edit.\n${small}`;
}

function registered(ajv: Ajv, schema: Record<string, unknown>): string {
  ajv.addSchema(schema);
  return schema['$id'] as string;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = await compileSchema();
  const current = readFileSync(generatedFile, { encoding: 'utf8', flag: 'a+' });
  if (process.argv.includes('--check')) {
    if (text !== current) {
      console.error('src/core/manifest/validate.generated.js is out of date: run node scripts/compile-schema.ts');
      process.exitCode = 1;
    }
  } else if (text !== current) {
    writeFileSync(generatedFile, text);
    console.log(`wrote ${text.length} characters`);
  }
}
