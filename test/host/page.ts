// What a suite may ask of the page around VS Code, over a mailbox folder (SCALING_LENS_HOST_EXCHANGE): screenshots of the
// whole workbench, keys, clicks, and a look into a webview. Only the browser host answers; in desktop VS Code
// `page.available` is false, and a test that needs the page says `skip`.
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `webview: true` aims at the webview opened last, a string at the one whose document title contains it. */
type Aim = { readonly webview?: string | true };

export type PageRequest =
  | { readonly kind: 'screenshot'; readonly path: string }
  | { readonly kind: 'viewport'; readonly width: number; readonly height: number }
  | { readonly kind: 'press'; readonly keys: string }
  | { readonly kind: 'type'; readonly text: string }
  | ({ readonly kind: 'click'; readonly selector: string } & Aim)
  | ({ readonly kind: 'hover'; readonly selector: string } & Aim)
  | ({ readonly kind: 'wait'; readonly selector: string } & Aim)
  | ({ readonly kind: 'evaluate'; readonly expression: string } & Aim);

export type PageReply =
  | { readonly ok: true; readonly value?: unknown }
  | { readonly ok: false; readonly error: string };

const exchange = process.env['SCALING_LENS_HOST_EXCHANGE'];
let count = 0;

/** True where requests are answered: in the browser host. */
export const available = exchange !== undefined && process.env['SCALING_LENS_HOST'] === 'browser';

/** Sends one request to the page and waits for its answer; a refusal throws. */
export async function ask(request: PageRequest): Promise<unknown> {
  if (exchange === undefined || !available) throw new Error('this host has no page to ask');
  count += 1;
  const name = String(count).padStart(6, '0');
  const reply = join(exchange, `${name}.reply.json`);
  await writeFile(join(exchange, `${name}.partial`), JSON.stringify(request));
  await rename(join(exchange, `${name}.partial`), join(exchange, `${name}.request.json`));
  for (let waited = 0; waited < 120_000; waited += 25) {
    if (existsSync(reply)) {
      const answer = JSON.parse(await readFile(reply, 'utf8')) as PageReply;
      await rm(reply);
      if (answer.ok) return answer.value;
      throw new Error(`page ${request.kind}: ${answer.error}`);
    }
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`page ${request.kind}: no answer within 2 minutes`);
}
