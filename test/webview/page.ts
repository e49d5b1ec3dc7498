// The panel's page in headless Chromium under the policy that the extension sends it with: nothing but the bundled
// script (by nonce) and style sheet, images only as data. Files are served from dist/ under a made-up origin; a stand-in
// for VS Code's API records what the page posts.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/host/chromium.ts';
import type { FromPanel, ToPanel } from '../../src/protocol/panel.ts';

const root = resolve(import.meta.dirname, '../..');
/** One bundle per process: test files run side by side. */
const folder = join(root, '.cache/webview-test', String(process.pid));
const ORIGIN = 'https://panel.test';
const NONCE = 'bm9uY2UtZm9yLXRlc3Rz';
const POLICY = `default-src 'none'; img-src data:; style-src ${ORIGIN}; script-src 'nonce-${NONCE}'`;

export type ThemeName = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

/** Tokens as VS Code's default themes define them. */
const TOKENS: Readonly<Record<ThemeName, Readonly<Record<string, string>>>> = {
  light: {
    'editor-background': '#ffffff',
    'editor-foreground': '#3b3b3b',
    foreground: '#3b3b3b',
    descriptionForeground: '#5a5a5a',
    'panel-border': '#e5e5e5',
    focusBorder: '#005fb8',
    'list-activeSelectionBackground': '#e8e8e8',
    'list-activeSelectionForeground': '#000000',
    'list-hoverBackground': '#f2f2f2',
    'input-background': '#ffffff',
    'input-border': '#cecece',
    'menu-background': '#ffffff',
    'menu-border': '#cecece',
    'menu-selectionBackground': '#005fb8',
    'menu-selectionForeground': '#ffffff',
    'editorWarning-foreground': '#bf8803',
    'editorInfo-foreground': '#0063d3',
  },
  dark: {
    'editor-background': '#1f1f1f',
    'editor-foreground': '#cccccc',
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'panel-border': '#2b2b2b',
    focusBorder: '#0078d4',
    'list-activeSelectionBackground': '#04395e',
    'list-activeSelectionForeground': '#ffffff',
    'list-hoverBackground': '#2a2d2e',
    'input-background': '#313131',
    'input-border': '#3c3c3c',
    'menu-background': '#1f1f1f',
    'menu-border': '#454545',
    'menu-selectionBackground': '#0078d4',
    'menu-selectionForeground': '#ffffff',
    'editorWarning-foreground': '#cca700',
    'editorInfo-foreground': '#3794ff',
  },
  'high-contrast': {
    'editor-background': '#000000',
    'editor-foreground': '#ffffff',
    foreground: '#ffffff',
    descriptionForeground: '#ffffff',
    'panel-border': '#6fc3df',
    contrastBorder: '#6fc3df',
    focusBorder: '#f38518',
    'editorWarning-foreground': '#ffd370',
    'editorInfo-foreground': '#3794ff',
  },
  'high-contrast-light': {
    'editor-background': '#ffffff',
    'editor-foreground': '#292929',
    foreground: '#292929',
    descriptionForeground: '#292929',
    'panel-border': '#0f4a85',
    contrastBorder: '#0f4a85',
    focusBorder: '#006bbd',
    'editorWarning-foreground': '#895503',
    'editorInfo-foreground': '#0063d3',
  },
};

let browser: Promise<Browser> | null = null;
let built: Promise<unknown> | null = null;
let asked = 7000;

/** The bundle as shipped, built once per test file into a folder of its own. */
function bundle(): Promise<unknown> {
  built ??= esbuild.build({
    entryPoints: [join(root, 'webview/main.ts')],
    outfile: join(folder, 'webview.js'),
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    mainFields: ['module', 'main'],
    charset: 'utf8',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return built;
}

/** Closes the browser; call once after the file's last test. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
  await rm(folder, { recursive: true, force: true });
}

export interface PanelPage {
  readonly page: Page;
  /** Everything the page posted so far. */
  posted(): readonly FromPanel[];
  send(message: ToPanel): Promise<void>;
  /** The latest posted message that fits, waited for if there is none yet. */
  posts<T extends FromPanel['type']>(
    type: T,
    test?: (message: Extract<FromPanel, { type: T }>) => boolean,
  ): Promise<Extract<FromPanel, { type: T }>>;
  /** Asks the page as the extension does, and gives the answer. */
  ask(method: string, params: unknown): Promise<unknown>;
  theme(name: ThemeName): Promise<void>;
  screenshot(name: string): Promise<void>;
  /** Fails when the policy was violated, the console complained or a script threw. */
  clean(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly state?: unknown;
  readonly reducedMotion?: boolean;
}

/** Opens the page and waits for its `ready`. */
export async function openPanel(options: OpenOptions = {}): Promise<PanelPage> {
  const { theme = 'dark', width = 1180, height = 820, state = null } = options;
  browser ??= launchChromium();
  await bundle();
  const context = await (await browser).newContext({
    viewport: { width, height },
    reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  const posted: FromPanel[] = [];
  await page.exposeFunction('panelPost', (text: string) => void posted.push(JSON.parse(text)));
  await page.exposeFunction('panelViolation', (what: string) => complaints.push(`policy: ${what}`));
  await page.addInitScript(
    ({ kept }) => {
      const box = window as unknown as Record<string, unknown>;
      let stored: unknown = kept;
      box['acquireVsCodeApi'] = () => ({
        // As in VS Code, only what survives cloning is sent.
        postMessage: (message: unknown) =>
          (box['panelPost'] as (text: string) => void)(JSON.stringify(structuredClone(message))),
        getState: () => stored,
        setState: (value: unknown) => {
          stored = structuredClone(value);
        },
      });
      document.addEventListener('securitypolicyviolation', (event) => {
        (box['panelViolation'] as (text: string) => void)(
          `${event.violatedDirective} ${event.blockedURI} ${event.sample}`,
        );
      });
    },
    { kept: state },
  );
  await page.route('**/*', (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') {
      const body = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Scaling Lens</title><link rel="stylesheet" href="${ORIGIN}/webview.css"></head><body class="vscode-${theme}"><script nonce="${NONCE}" src="${ORIGIN}/webview.js"></script></body></html>`;
      return route.fulfill({ body, contentType: 'text/html', headers: { 'Content-Security-Policy': POLICY } });
    }
    const file = join(folder, path.slice(1));
    if (!existsSync(file)) return route.fulfill({ status: 404, body: '' });
    const contentType = path.endsWith('.css') ? 'text/css' : 'text/javascript';
    return route.fulfill({ body: readFileSync(file), contentType });
  });
  await page.goto(`${ORIGIN}/`);

  const panel: PanelPage = {
    page,
    posted: () => posted,
    // As text: large views cross the driver's wire much faster than as objects.
    send: (message) => page.evaluate((text) => window.postMessage(JSON.parse(text), '*'), JSON.stringify(message)),
    async posts(type, test = () => true) {
      const deadline = Date.now() + 10_000;
      for (;;) {
        const found = panel.posted().filter((message) => message.type === type) as never[];
        const hit = found.findLast((message) => test(message));
        if (hit !== undefined) return hit;
        assert.ok(Date.now() < deadline, `the page posted no fitting '${type}'; ${complaints.join('; ')}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async ask(method, params) {
      const id = ++asked;
      await panel.send({ type: 'request', id, method, params });
      const reply = await panel.posts('reply', (message) => message.id === id);
      assert.ok(reply.ok, reply.ok ? '' : reply.error);
      return reply.value;
    },
    theme: (name) =>
      page.evaluate(
        ({ kind, tokens }) => {
          const { style } = document.documentElement;
          for (const key of [...style]) if (key.startsWith('--vscode-')) style.removeProperty(key);
          for (const [key, value] of Object.entries(tokens)) style.setProperty(`--vscode-${key}`, value);
          document.body.className = `vscode-${kind}`;
        },
        { kind: name, tokens: TOKENS[name] },
      ),
    async screenshot(name) {
      await mkdir(join(root, '.cache/screenshots'), { recursive: true });
      await page.screenshot({ path: join(root, '.cache/screenshots', `webview-${name}.png`) });
    },
    async clean() {
      await page.waitForTimeout(30);
      assert.deepEqual(complaints, []);
    },
    close: () => context.close(),
  };
  await panel.theme(theme);
  await panel.posts('ready');
  return panel;
}
