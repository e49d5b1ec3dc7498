/**
 * The settings of the extension (`scalingLens.*` in package.json), as client and server read them. The server's are per
 * resource and are asked for per document; nothing here is kept in a global.
 */

export const SECTION = 'scalingLens';

export type FindingLevel = 'ignore' | 'hint' | 'information' | 'warning' | 'error';

/** What the server needs to know about one resource. */
export interface Settings {
  readonly enable: boolean;
  readonly hover: boolean;
  readonly diagnostics: boolean;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  /** Finding code → level. */
  readonly findings: { readonly severity: Readonly<Record<string, FindingLevel>> };
  /** Resamples behind each interval; 0 switches them off. */
  readonly bootstrap: number;
  readonly seed: number;
  /** On the scale of the score as a fraction. */
  readonly betweenModelSd: number;
  /** Megabytes (10⁶ bytes): larger files are not read when they open. */
  readonly maxFileSizeMB: number;
}

export type OpenChart = 'onOpen' | 'onCommand' | 'never';
