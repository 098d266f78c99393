// SPDX-License-Identifier: Apache-2.0
// Media types: of names, of Google's own documents, and what those can be exported as.

export const kGoogle = 'application/vnd.google-apps.';
export const kFolderType = `${kGoogle}folder`;
export const kShortcutType = `${kGoogle}shortcut`;

const kOffice = 'application/vnd.openxmlformats-officedocument';
const kOpen = 'application/vnd.oasis.opendocument';

const kByEnding = {
  pdf: 'application/pdf', txt: 'text/plain', md: 'text/markdown', csv: 'text/csv', tsv: 'text/tab-separated-values', html: 'text/html', htm: 'text/html', css: 'text/css',
  json: 'application/json', xml: 'text/xml', rtf: 'application/rtf', zip: 'application/zip',
  docx: `${kOffice}.wordprocessingml.document`, xlsx: `${kOffice}.spreadsheetml.sheet`, pptx: `${kOffice}.presentationml.presentation`,
  doc: 'application/msword', xls: 'application/vnd.ms-excel', ppt: 'application/vnd.ms-powerpoint',
  odt: `${kOpen}.text`, ods: `${kOpen}.spreadsheet`, odp: `${kOpen}.presentation`,
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', bmp: 'image/bmp', webp: 'image/webp', tif: 'image/tiff', tiff: 'image/tiff',
  wav: 'audio/x-wav', mp3: 'audio/mpeg', mp4: 'video/mp4',
};

export function endingOf(name) {
  return /\.([^./]+)$/.exec(name)?.[1].toLowerCase() ?? '';
}

export function typeOfName(name) {
  return kByEnding[endingOf(name)] ?? 'application/octet-stream';
}

const kExports = {
  document: ['application/pdf', kByEnding.docx, kByEnding.odt, 'application/rtf', 'text/plain', 'text/html', 'application/zip', 'application/epub+zip', 'text/markdown'],
  spreadsheet: ['application/pdf', kByEnding.xlsx, 'application/x-vnd.oasis.opendocument.spreadsheet', 'application/zip', 'text/csv', 'text/tab-separated-values'],
  presentation: ['application/pdf', kByEnding.pptx, kByEnding.odp, 'text/plain', 'image/jpeg', 'image/png', 'image/svg+xml'],
  drawing: ['application/pdf', 'image/jpeg', 'image/png', 'image/svg+xml'],
  script: [`${kGoogle}script+json`],
  form: [],
  site: [],
  map: [],
};

export const kExportFormats = Object.fromEntries([...Object.entries(kExports).filter(([, targets]) => targets.length > 0), ['form', ['application/zip']], ['jam', ['application/pdf']]].map(([kind, targets]) => [kGoogle + kind, targets]));

const kImports = {
  document: ['docx', 'doc', 'odt', 'rtf', 'txt', 'html', 'md'],
  spreadsheet: ['xlsx', 'xls', 'ods', 'csv', 'tsv'],
  presentation: ['pptx', 'ppt', 'odp'],
};

export const kImportFormats = Object.fromEntries(Object.entries(kImports).flatMap(([kind, endings]) => endings.map((ending) => [kByEnding[ending], [kGoogle + kind]])));

export function exportsOf(kind) {
  return kExports[kind] ?? [];
}

// The kind of a Google document, when the media type is of one.
export function nativeKind(mimeType) {
  const kind = mimeType?.startsWith(kGoogle) ? mimeType.slice(kGoogle.length) : undefined;
  return kind === 'folder' || kind === 'shortcut' ? undefined : kind;
}

// The ending of a file that is turned into a Google document of that kind, or undefined when it cannot be.
export function importable(kind, mimeType) {
  const ending = Object.keys(kByEnding).find((one) => kByEnding[one] === mimeType);
  return kImports[kind]?.includes(ending) ? `.${ending}` : undefined;
}

export function mimeTypeOf(node) {
  if (node.kind === 'folder') return kFolderType;
  if (node.kind === 'link') return kShortcutType;
  if (node.native) return kGoogle + node.native;
  return node.extra?.mimeType ?? typeOfName(node.name);
}
