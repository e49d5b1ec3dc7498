// The walls between the rooms, read from the import specifiers themselves. An arrow that is not in the table
// below does not exist: to add one, change the table and say why in the same commit.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');

interface Room {
  /** Rooms (or folders of one) that may be imported. */
  readonly rooms: readonly string[];
  /** Packages that may be imported; subpaths are included. */
  readonly packages: readonly string[];
  /** Rooms from which only types may come. */
  readonly typesOnly?: readonly string[];
  /** The files that may import `node:` modules. */
  readonly node?: RegExp;
  /** Packages that only the files matching may import. */
  readonly restricted?: Readonly<Record<string, RegExp>>;
}

const pure = ['ml-regression', 'ml-matrix', 'jstat', 'yaml', 'hyparquet', 'hyparquet-compressors', 'fzstd'];

const rooms: Readonly<Record<string, Room>> = {
  'src/core': { rooms: [], packages: pure },
  // AssemblyScript: compiled to bytes that the core holds, imported by nobody.
  'src/kernel': { rooms: [], packages: [] },
  'src/protocol': { rooms: [], typesOnly: ['src/core'], packages: [] },
  'src/language': {
    rooms: ['src/core', 'src/protocol'],
    packages: ['vscode-languageserver-types', 'vscode-languageserver-textdocument'],
  },
  // What Node gives to both the server's threads and the command line: decompression, with limits.
  'src/node': { rooms: ['src/core'], packages: [], node: /./ },
  'src/server': {
    rooms: ['src/language', 'src/protocol', 'src/core', 'src/node'],
    packages: ['vscode-languageserver', 'vscode-languageserver-types', 'vscode-languageserver-textdocument'],
    node: /\.node\.ts$|\/worker\.ts$/,
  },
  'src/client': {
    rooms: ['src/protocol', 'src/core/render'],
    // Types carry no code over the wall; what the client shows is the report's own record.
    typesOnly: ['src/core'],
    packages: ['vscode', 'vscode-languageclient'],
    restricted: { 'vscode-languageclient': /\/(connect\.\w+|start)\.ts$/ },
    node: /\.node\.ts$/,
  },
  webview: {
    rooms: ['src/protocol', 'src/core/render'],
    packages: ['chart.js', 'chartjs-chart-error-bars', 'chartjs-plugin-annotation'],
  },
  'src/cli': { rooms: ['src/core', 'src/node'], packages: ['commander'], node: /./ },
};

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = Object.keys(rooms).flatMap(sources);

function sources(folder: string): string[] {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .filter((name) => /\.(ts|js|mjs)$/.test(name) && !name.endsWith('.d.ts'));
}

/** Comments and the insides of template literals go, so that only real imports are left. */
function code(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
}

const statement =
  /^\s*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]+?\sfrom\s+)?['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/gm;

function imports(file: string): Import[] {
  return [...code(file).matchAll(statement)].map(([, type, from, called]) => ({
    file,
    specifier: (from ?? called) as string,
    typeOnly: type !== undefined,
  }));
}

function roomOf(path: string): string | undefined {
  return Object.keys(rooms).find((room) => path === room || path.startsWith(`${room}/`));
}

function within(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

/** Why an import may not stand, or undefined when it may. */
function objection({ file, specifier, typeOnly }: Import): string | undefined {
  const name = roomOf(file) as string;
  const room = rooms[name] as Room;
  if (specifier.startsWith('.')) {
    const target = relative(root, resolve(root, dirname(file), specifier))
      .split(sep)
      .join('/');
    if (specifier === './client.cjs' && name === 'src/client') return undefined;
    if (target === 'package.json' || roomOf(target) === name || within(target, room.rooms)) return undefined;
    if (within(target, room.typesOnly ?? []))
      return typeOnly ? undefined : `only types may come from ${roomOf(target)}`;
    return `${name} may not import ${target}`;
  }
  if (specifier.startsWith('node:')) {
    return room.node?.test(file) === true ? undefined : `${name} may not import ${specifier}`;
  }
  const owner = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const gate = room.restricted?.[owner];
  if (gate !== undefined && !typeOnly && !gate.test(file)) return `${owner} may be imported only by ${gate}`;
  return room.packages.includes(owner) ? undefined : `${name} may not import ${specifier}`;
}

test('every import is an arrow of the table', () => {
  const wrong = files.flatMap(imports).flatMap((one) => {
    const why = objection(one);
    return why === undefined ? [] : [`${one.file}: '${one.specifier}': ${why}`];
  });
  assert.deepEqual(wrong, []);
});

test('relative imports name the file, extension included', () => {
  const wrong = files
    .flatMap(imports)
    .filter(({ specifier }) => specifier.startsWith('.') && !/\.(ts|js|mjs|cjs|css|json)$/.test(specifier))
    .map(({ file, specifier }) => `${file}: '${specifier}'`);
  assert.deepEqual(wrong, []);
});

test('no default exports', () => {
  const wrong = files.filter((file) => /^\s*export\s+default\b|\bas\s+default\s*[,}]/m.test(code(file)));
  assert.deepEqual(wrong, []);
});

test('no barrels: a file that only re-exports has no reason to be', () => {
  const wrong = files.filter((file) => {
    const rest = code(file)
      .replace(/^\s*export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+['"][^'"]+['"];?/gm, '')
      .trim();
    return rest === '';
  });
  assert.deepEqual(wrong, []);
});

test('the core names no host: no node:, no vscode, no DOM', () => {
  const host =
    /\b(?:process\.\w|window\.\w|document\.(?:createElement|querySelector|body)|globalThis\.(?:process|document|window)|require\()/;
  const wrong = files.filter((file) => file.startsWith('src/core/') && host.test(code(file)));
  assert.deepEqual(wrong, []);
});

test("only the client says 'vscode', and the walls of each room stand in its tsconfig", () => {
  const options = (room: string) => JSON.parse(readFileSync(join(root, room, 'tsconfig.json'), 'utf8')).compilerOptions;
  for (const room of ['src/core', 'src/protocol', 'src/language']) {
    const { tsBuildInfoFile: _, ...walls } = options(room);
    assert.deepEqual(walls, { lib: ['es2024'], types: [] }, room);
  }
  assert.deepEqual(options('webview').types, []);
  const vscode = Object.keys(rooms).filter((room) => options(room).types?.includes('vscode'));
  assert.deepEqual(vscode, ['src/client']);
});
