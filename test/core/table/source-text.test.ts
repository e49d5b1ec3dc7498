import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SourceText } from '../../../src/core/table/source-text.ts';
import { lineStarts } from '../../../src/core/table/span.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const LONG = `${'model,α,😀,x\r\n'.repeat(200)}${'日本,é\n'.repeat(300)}\r${'plain\n'.repeat(500)}ü`;
const TEXTS = ['', 'a', 'a,b\n1,2\n', 'é', '😀\n😀', 'a\r\nb\rc\n\n', `${'x'.repeat(1023)}é${'y'.repeat(600)}`, LONG];

test('the text of bytes and the bytes of a text are the same', () => {
  for (const text of TEXTS) {
    for (const source of [SourceText.ofText(text), SourceText.ofUtf8(utf8(text))]) {
      assert.equal(source.ascii, !/[^\0-\x7f]/.test(text));
      for (const units of [0, 1, 2, 5, 4000]) assert.equal(source.head(units), text.slice(0, units));
      assert.deepEqual([...source.lineStarts()], [...lineStarts(text)]);
      assert.deepEqual([...source.bytes], [...utf8(text)]);
      assert.equal(source.text, text);
    }
  }
});

test('offsets in bytes are offsets in UTF-16 units behind any character', () => {
  for (const text of TEXTS) {
    const source = SourceText.ofUtf8(utf8(text));
    let byte = 0;
    let unit = 0;
    for (const character of text) {
      assert.equal(source.unitAt(byte), unit);
      const next = byte + utf8(character).length;
      assert.equal(source.slice(byte, next), character);
      byte = next;
      unit += character.length;
    }
    assert.deepEqual(source.span({ start: 0, end: byte }), { start: 0, end: text.length });
  }
});

test('bytes above ASCII are seen wherever they stand, in any part of a buffer', () => {
  const plain = utf8('0123456789'.repeat(10));
  for (let from = 0; from < 8; from++) {
    assert.ok(SourceText.ofUtf8(plain.subarray(from)).ascii);
    for (let at = from; at < plain.length - 1; at++) {
      const one = plain.slice();
      one.set(utf8('é'), at);
      assert.ok(!SourceText.ofUtf8(one.subarray(from)).ascii, `${at} from ${from}`);
    }
  }
});

test('a byte order mark goes, once; half of a surrogate pair keeps its place', () => {
  for (const marked of [SourceText.ofText('\ufeff\ufeffa'), SourceText.ofUtf8(utf8('\ufeff\ufeffa'))])
    assert.equal(marked.withoutMark().text, '\ufeffa');
  assert.equal(SourceText.ofUtf8(utf8('a')).withoutMark().text, 'a');
  const half = SourceText.ofText('a\ud83d,b');
  assert.equal(half.unitAt(half.bytes.indexOf(44)), 2);
  assert.equal(half.text, 'a\ud83d,b');
});
