// SPDX-License-Identifier: Apache-2.0
// The plain text of simple office documents, for previews on machines without LibreOffice.

import { readZipEntry } from './zip.js';

function unescape(text) {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name) => {
    if (name[0] !== '#') return named[name] ?? whole;
    return String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)));
  });
}

function xmlParagraphs(xml, tag) {
  const found = xml.matchAll(new RegExp(`<${tag}(?:\\s[^>]*)?(?:/>|>(.*?)</${tag}>)`, 'gs'));
  return [...found].map(([, inner]) => unescape((inner ?? '').replace(/<[^>]*>/g, '')));
}

function rtfParagraphs(rtf) {
  const plain = rtf
    .replace(/\{\\(?:fonttbl|colortbl|stylesheet|info)[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '')
    .replace(/\\par[d]?\b ?/g, (word) => (word.startsWith('\\pard') ? '' : '\n'))
    .replace(/\\'([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\u(-?\d+)\??/g, (_, code) => String.fromCharCode((Number(code) + 65536) % 65536))
    .replace(/\\[a-z]+-?\d* ?/gi, '')
    .replace(/[{}\r]/g, '');
  return plain.split('\n').map((line) => line.trim());
}

const kPlain = new Set('.txt .md .json .c .cc .cpp .h .hpp .py .js .ts .java .css .sh .log .yaml .yml .ini .tex .sql .xml .tsv'.split(' '));

export function isPlainText(ending) {
  return kPlain.has(ending);
}

// undefined when the bytes are not such a document.
export function paragraphsOf(bytes, ending) {
  if (ending === '.rtf') return bytes.subarray(0, 5).toString() === '{\\rtf' ? rtfParagraphs(bytes.toString('latin1')) : undefined;
  if (kPlain.has(ending)) return bytes.toString('utf8').split(/\r?\n/);
  if (ending === '.html') return unescape(bytes.toString('utf8').replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '').replace(/<[^>]*>/g, '\n')).split('\n').map((line) => line.trim()).filter(Boolean);
  const [entry, tag] = { '.docx': ['word/document.xml', 'w:p'], '.odt': ['content.xml', 'text:p'], '.odp': ['content.xml', 'text:p'], '.ods': ['content.xml', 'text:p'] }[ending] ?? [];
  const xml = entry && readZipEntry(bytes, entry);
  return xml && xmlParagraphs(xml.toString('utf8'), tag);
}

// Rows of cells of a simple sheet, or of lines of text; undefined when the bytes are neither.
export function rowsOf(bytes, ending) {
  if (ending === '.md') return bytes.toString('utf8').split('\n').map((line) => [line]);
  if (ending === '.csv') {
    return bytes.toString('utf8').trimEnd().split(/\r?\n/).map((line) => line.split(/[;,]/).map((cell) => cell.replace(/^"|"$/g, '')));
  }
  if (ending !== '.xlsx') return undefined;
  const sheet = readZipEntry(bytes, 'xl/worksheets/sheet1.xml')?.toString('utf8');
  if (!sheet) return undefined;
  const shared = readZipEntry(bytes, 'xl/sharedStrings.xml')?.toString('utf8');
  const strings = shared ? xmlParagraphs(shared, 'si') : [];
  return [...sheet.matchAll(/<row[^>]*>(.*?)<\/row>/gs)].map(([, row]) =>
    [...row.matchAll(/<c([^>]*)>(.*?)<\/c>/gs)].map(([, attributes, cell]) => {
      const text = unescape(cell.replace(/<[^>]*>/g, ''));
      return /t="s"/.test(attributes) ? (strings[Number(text)] ?? '') : text;
    }),
  );
}

// A document, sheet or text as lines of plain text; undefined when it is none that we can read.
export function linesOf(bytes, ending) {
  return paragraphsOf(bytes, ending) ?? rowsOf(bytes, ending)?.map((cells) => cells.join('    '));
}

export function textOf(bytes, ending) {
  return linesOf(bytes, ending)?.join('\n');
}
