import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEFAULT_SETTINGS, settingsFrom } from '../../src/language/settings.ts';

interface Property {
  readonly default: unknown;
  readonly scope: string;
}
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  contributes: { configuration: { properties: Record<string, Property> } };
};
const { properties } = manifest.contributes.configuration;

test('the defaults are those of package.json', () => {
  const { findings, ...plain } = DEFAULT_SETTINGS;
  for (const [key, value] of Object.entries(plain)) assert.equal(properties[`scalingLens.${key}`]?.default, value, key);
  assert.deepEqual(properties['scalingLens.findings.severity']?.default, findings.severity);
});

test('every setting has a scope, and there are at most fifteen', () => {
  assert.ok(Object.keys(properties).length <= 15);
  for (const [key, { scope }] of Object.entries(properties)) assert.match(scope, /^(resource|window)$/, key);
});

test('what is missing, wrong or out of range is mended', () => {
  assert.deepEqual(settingsFrom(undefined), DEFAULT_SETTINGS);
  assert.deepEqual(settingsFrom('nonsense'), DEFAULT_SETTINGS);
  const mended = settingsFrom({
    enable: 'yes',
    hover: false,
    bootstrap: 1e9,
    seed: Number.NaN,
    betweenModelSd: -1,
    findings: { severity: { 'trend.inverse': 'error', 'data.missing': 'loud' } },
  });
  assert.equal(mended.enable, true);
  assert.equal(mended.hover, false);
  assert.equal(mended.bootstrap, 10_000);
  assert.equal(mended.seed, 1);
  assert.equal(mended.betweenModelSd, 0);
  assert.deepEqual(mended.findings.severity, { 'trend.inverse': 'error' });
});
