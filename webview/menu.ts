/**
 * The export menu: a button that opens a list of actions, with the arrows, Escape and focus where they belong.
 */
import { el, replace } from './dom.ts';
import type { Look } from './export.ts';
import { glyph } from './icon.ts';
import { type StringKey, t } from './strings.ts';

export type Action = 'savePng' | 'saveSvg' | 'saveCsv' | 'copyPng' | 'copyJson' | 'copyLatex' | 'copyPython';

const GROUPS: readonly (readonly Action[])[] = [
  ['savePng', 'saveSvg', 'copyPng'],
  ['saveCsv'],
  ['copyJson', 'copyLatex', 'copyPython'],
];

const LOOKS: readonly Look[] = ['current', 'light', 'dark'];

export interface ExportMenu {
  readonly root: HTMLElement;
  /** Parameters can be copied only where a law was fitted. */
  update(hasCurve: boolean): void;
}

/** Creates button and menu; `run` hears the action and the look chosen for pictures. */
export function createMenu(run: (action: Action, look: Look) => void): ExportMenu {
  let look: Look = 'current';
  let hasCurve = false;
  const caption = el('span', {});
  const button = el(
    'button',
    { type: 'button', class: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', id: 'export' },
    glyph('export'),
    caption,
  );
  const menu = el('div', { role: 'menu', class: 'menu', 'aria-labelledby': 'export', hidden: true });
  const root = el('div', { class: 'menu-host' }, button, menu);

  const items = () => [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]:not([aria-disabled=true])')];
  const close = (focus: boolean) => {
    menu.hidden = true;
    button.setAttribute('aria-expanded', 'false');
    if (focus) button.focus();
  };
  const open = () => {
    fill();
    menu.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    items()[0]?.focus();
  };

  const item = (action: Action) => {
    const off = !hasCurve && (action === 'copyJson' || action === 'copyLatex' || action === 'copyPython');
    const node = el(
      'button',
      { type: 'button', role: 'menuitem', tabindex: -1, 'aria-disabled': off ? 'true' : null, 'data-action': action },
      t(action as StringKey),
    );
    node.addEventListener('click', () => {
      if (off) return;
      close(true);
      run(action, look);
    });
    return node;
  };

  const choice = (value: Look) => {
    const on = value === look;
    const node = el(
      'button',
      { type: 'button', role: 'menuitemradio', tabindex: -1, 'aria-checked': String(on), 'data-look': value },
      t(value),
    );
    node.addEventListener('click', () => {
      look = value;
      fill();
      menu.querySelector<HTMLElement>(`[data-look=${value}]`)?.focus();
    });
    return node;
  };

  const fill = () => {
    const looks = el('div', { role: 'group', class: 'looks', 'aria-label': t('look') }, ...LOOKS.map(choice));
    const groups = GROUPS.map((actions) => el('div', { role: 'group', class: 'menu-group' }, ...actions.map(item)));
    replace(menu, el('p', { class: 'menu-caption', 'aria-hidden': 'true' }, t('look')), looks, ...groups);
  };

  button.addEventListener('click', () => (menu.hidden ? open() : close(false)));
  root.addEventListener('keydown', (event) => {
    if (menu.hidden) {
      if (event.key === 'ArrowDown' && event.target === button) {
        open();
        event.preventDefault();
      }
      return;
    }
    const list = items();
    const at = list.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape') close(true);
    else if (event.key === 'Tab') close(false);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowRight') list[(at + 1) % list.length]?.focus();
    else if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') list[(at - 1 + list.length) % list.length]?.focus();
    else if (event.key === 'Home') list[0]?.focus();
    else if (event.key === 'End') list.at(-1)?.focus();
    else return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener('pointerdown', (event) => {
    if (!menu.hidden && !root.contains(event.target as Node)) close(false);
  });
  window.addEventListener('blur', () => close(false));

  return {
    root,
    update(curve) {
      hasCurve = curve;
      caption.textContent = t('export');
      button.title = t('export');
      button.setAttribute('aria-label', t('export'));
    },
  };
}
