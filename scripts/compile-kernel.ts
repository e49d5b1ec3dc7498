// The inner loops of reading delimited text, compiled to WebAssembly and written down as a module of the core, so that
// tests run from source and nothing is compiled at install. `node scripts/compile-kernel.ts` writes the file; `--check`
// only says whether it is up to date.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main } from 'assemblyscript/asc';

const root = join(import.meta.dirname, '..');
const source = 'src/kernel/csv.ts';
export const generatedKernel = join(root, 'src/core/table/csv-kernel.generated.ts');

/** What the generated module says of its source: the text that it was compiled from, whatever its line ends. */
export function kernelStamp(): string {
  const text = readFileSync(join(root, source), 'utf8').replaceAll('\r\n', '\n');
  return `// SHA-256 of the source: ${createHash('sha256').update(text).digest('hex')}`;
}

/** The text of the generated module. */
export async function compileKernel(): Promise<string> {
  let binary: Uint8Array | null = null;
  const { error } = await main(
    [source, '--outFile', 'csv.wasm', '--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--use', 'abort='],
    {
      readFile: (name: string, base: string) => {
        try {
          return readFileSync(join(base === '.' ? root : base, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_name: string, contents: string | Uint8Array) => {
        if (typeof contents !== 'string') binary = contents;
      },
    },
  );
  if (error !== null || binary === null)
    throw new Error(`${source} does not compile: ${error?.message ?? 'nothing was written'}`);
  const text = Buffer.from(binary).toString('base64');
  return [
    `// Generated from ${source} by scripts/compile-kernel.ts. Do not edit.`,
    kernelStamp(),
    '/** WebAssembly, in base64. */',
    `export const CSV_KERNEL =\n  '${text}';\n`,
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = await compileKernel();
  const current = readFileSync(generatedKernel, { encoding: 'utf8', flag: 'a+' });
  if (process.argv.includes('--check')) {
    if (text !== current) {
      console.error('src/core/table/csv-kernel.generated.ts is out of date: run node scripts/compile-kernel.ts');
      process.exitCode = 1;
    }
  } else if (text !== current) {
    writeFileSync(generatedKernel, text);
    console.log(`wrote ${text.length} characters`);
  }
}
