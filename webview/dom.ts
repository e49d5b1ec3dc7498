/**
 * Building the page without markup: elements with attributes and text nodes. Nothing here parses HTML, so no string from
 * a file can become an element. Styles are classes, or set through the CSSOM, which the content security policy allows.
 */

type Value = string | number | boolean | null | undefined;
export type Child = Node | string | null | undefined | false;

function fill(node: Element, attributes: Readonly<Record<string, Value>>, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
}

/** An HTML element; attributes that are null, undefined or false are left out, strings become text nodes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  fill(node, attributes, children);
  return node;
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  fill(node, attributes, children);
  return node;
}

/** Puts new children in place of the old. */
export function replace(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  fill(parent, {}, children);
}

/** An equation with its exponents raised: `406·x^−0.34` → 406·x<sup>−0.34</sup>. */
export function equationNodes(text: string): Child[] {
  return text.split(/\^(−?[\d.,]*\d)/).map((part, i) => (i % 2 === 1 ? el('sup', {}, part) : part));
}

/** A name with places to break after its separators, so that long ones wrap where a reader would cut them. */
export function breakable(text: string): Child[] {
  return text.split(/(?<=[_/.-])(?=[^_/.-])/).flatMap((part, i) => (i === 0 ? [part] : [el('wbr'), part]));
}
