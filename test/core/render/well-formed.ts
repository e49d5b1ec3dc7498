// A strict little reader for the XML that the renderers write: tags nest and match, attributes are quoted and escaped,
// nothing but escaped text between. Throws where it does not hold.

const TAG = /^<(\/?)([A-Za-z][\w:.-]*)((?:\s[\w:.-]+="[^"<]*")*)\s*(\/?)>/;
const ENTITY = /&(?!(?:amp|lt|gt|quot|#39);)/;

export function wellFormed(xml: string): void {
  const open: string[] = [];
  let at = 0;
  while (at < xml.length) {
    const next = xml.indexOf('<', at);
    const text = xml.slice(at, next < 0 ? xml.length : next);
    if (ENTITY.test(text) || text.includes('>')) throw new Error(`unescaped text: ${text.slice(0, 60)}`);
    if (next < 0) break;
    const tag = TAG.exec(xml.slice(next));
    if (tag === null) throw new Error(`bad tag at ${next}: ${xml.slice(next, next + 60)}`);
    const [all, closes, name, attributes = '', selfClosing] = tag as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    if (ENTITY.test(attributes)) throw new Error(`unescaped attribute: ${attributes}`);
    const names = [...attributes.matchAll(/\s([\w:.-]+)=/g)].map(([, key]) => key);
    if (new Set(names).size !== names.length) throw new Error(`attribute twice: ${all}`);
    if (closes === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    } else if (selfClosing !== '/') open.push(name);
    at = next + all.length;
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`);
}
