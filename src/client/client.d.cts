/** What `dist/client.cjs` exports: the extension loads it only when a document asks for it. */
export { type Started, start } from './start.ts';
