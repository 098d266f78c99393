// SPDX-License-Identifier: Apache-2.0
// Small but valid office documents.

import { makeZip } from '../kernel/zip.js';

const kXml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const kRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const kTypes = 'application/vnd.openxmlformats-officedocument';

function escape(text) {
  return String(text).replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
}

function openXml(main, mainType, relationType, others) {
  const overrides = [[main, mainType], ...others.map(([name, , type]) => [name, type])]
    .filter(([, type]) => type)
    .map(([name, type]) => `<Override PartName="/${name}" ContentType="${type}"/>`)
    .join('');
  return makeZip([
    ['[Content_Types].xml', `${kXml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides}</Types>`],
    ['_rels/.rels', `${kXml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${kRelations}/${relationType}" Target="${main}"/></Relationships>`],
    ...others.map(([name, data]) => [name, data]),
  ]);
}

export function docx(paragraphs) {
  const body = paragraphs.map((text) => `<w:p><w:r><w:t xml:space="preserve">${escape(text)}</w:t></w:r></w:p>`).join('');
  const type = `${kTypes}.wordprocessingml.document.main+xml`;
  const document = `${kXml}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`;
  return openXml('word/document.xml', type, 'officeDocument', [['word/document.xml', document]]);
}

export function xlsx(rows, sheetName) {
  const column = (index) => String.fromCharCode(65 + index);
  const cell = (value, index, row) =>
    typeof value === 'number'
      ? `<c r="${column(index)}${row}"><v>${value}</v></c>`
      : `<c r="${column(index)}${row}" t="inlineStr"><is><t>${escape(value)}</t></is></c>`;
  const data = rows.map((values, index) => `<row r="${index + 1}">${values.map((value, at) => cell(value, at, index + 1)).join('')}</row>`).join('');
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  return openXml('xl/workbook.xml', `${kTypes}.spreadsheetml.sheet.main+xml`, 'officeDocument', [
    ['xl/workbook.xml', `${kXml}<workbook xmlns="${main}" xmlns:r="${kRelations}"><sheets><sheet name="${escape(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `${kXml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${kRelations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`],
    ['xl/worksheets/sheet1.xml', `${kXml}<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`, `${kTypes}.spreadsheetml.worksheet+xml`],
  ]);
}

export function odt(paragraphs) {
  const type = 'application/vnd.oasis.opendocument.text';
  const names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"';
  const body = paragraphs.map((text) => `<text:p>${escape(text)}</text:p>`).join('');
  return makeZip([
    ['mimetype', type, { store: true }],
    ['META-INF/manifest.xml', `${kXml}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`],
    ['content.xml', `${kXml}<office:document-content ${names} office:version="1.2"><office:body><office:text>${body}</office:text></office:body></office:document-content>`],
  ]);
}

export function rtf(paragraphs) {
  const words = (text) => text.replace(/[\\{}]/g, '\\$&').replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0)}?`);
  return `{\\rtf1\\ansi{\\fonttbl{\\f0 Times New Roman;}}\\f0\\fs24 ${paragraphs.map((text) => `${words(text)}\\par\n`).join('')}}`;
}
