/** Where the pages about finding codes stand; diagnostics and SARIF link there. */
export const FINDINGS_URL = 'https://github.com/scaling-lens/scaling-lens/blob/main/docs/findings/';
