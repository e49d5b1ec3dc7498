/**
 * The editor's theme as a palette: kind from the body's class, colours from the --vscode-* tokens, read again whenever
 * the editor changes either.
 */
import { type Palette, paletteFor, type ThemeColors, type ThemeKind } from '../src/core/render/palette.ts';

/** The kind that VS Code writes on the body of every webview. */
export function themeKind(): ThemeKind {
  const classes = document.body.classList;
  if (classes.contains('vscode-high-contrast-light')) return 'high-contrast-light';
  if (classes.contains('vscode-high-contrast')) return 'high-contrast';
  if (classes.contains('vscode-light')) return 'light';
  if (classes.contains('vscode-dark')) return 'dark';
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

/** The palette of the theme that is on now. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (...names: readonly string[]) =>
    names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((value) => value !== '');
  const background = token('editor-background');
  const foreground = token('editor-foreground', 'foreground');
  const colors: ThemeColors = {
    ...(background === undefined ? {} : { background }),
    ...(foreground === undefined ? {} : { foreground }),
  };
  return paletteFor(themeKind(), colors);
}

/** Calls back with the palette after every change of theme; the result stops watching. */
export function watchTheme(changed: (palette: Palette) => void): () => void {
  let last = JSON.stringify(readPalette());
  const check = () => {
    const palette = readPalette();
    const now = JSON.stringify(palette);
    if (now === last) return;
    last = now;
    changed(palette);
  };
  const observer = new MutationObserver(check);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return () => observer.disconnect();
}
