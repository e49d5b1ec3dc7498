/**
 * The tabs above the chart: the plain chart, the further pictures of the series, the table. One tab stop; arrows, Home and
 * End move between them, as the pattern for tabs asks.
 */
import { el, replace } from './dom.ts';

export interface Tab {
  /** 'chart', a picture's id, or 'table'. */
  readonly key: string;
  readonly label: string;
  /** Id of the panel that it shows. */
  readonly panel: string;
}

export interface Tabs {
  readonly root: HTMLElement;
  update(tabs: readonly Tab[], chosen: string, label: string): void;
}

/** Creates the row of tabs; `choose` hears the key of the one to show. */
export function createTabs(choose: (key: string) => void): Tabs {
  const root = el('div', { role: 'tablist', class: 'tabs' });
  let drawn = '';
  const buttons = () => [...root.querySelectorAll<HTMLButtonElement>('[role=tab]')];

  root.addEventListener('click', (event) => {
    const button = (event.target as Element).closest('[role=tab]');
    if (button !== null) choose(button.getAttribute('data-key') as string);
  });
  root.addEventListener('keydown', (event) => {
    const all = buttons();
    const at = all.findIndex((one) => one === document.activeElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: (at + 1) % all.length,
      ArrowLeft: (at + all.length - 1) % all.length,
      Home: 0,
      End: all.length - 1,
    };
    const to = steps[event.key];
    if (at < 0 || to === undefined) return;
    choose(all[to]?.getAttribute('data-key') as string);
    buttons()[to]?.focus();
    event.preventDefault();
  });

  return {
    root,
    update(tabs, chosen, label) {
      root.setAttribute('aria-label', label);
      const key = JSON.stringify(tabs);
      // Buttons that stay keep the focus.
      if (key !== drawn) {
        drawn = key;
        replace(
          root,
          ...tabs.map((tab) =>
            el(
              'button',
              {
                type: 'button',
                role: 'tab',
                id: `tab-${tab.key}`,
                class: 'tab',
                'aria-controls': tab.panel,
                'data-key': tab.key,
              },
              tab.label,
            ),
          ),
        );
      }
      for (const button of buttons()) {
        const on = button.getAttribute('data-key') === chosen;
        button.setAttribute('aria-selected', String(on));
        button.tabIndex = on ? 0 : -1;
      }
    },
  };
}
