// SPDX-License-Identifier: Apache-2.0
// Real conversions by outside tools: LibreOffice and Ghostscript to PDF, ImageMagick for thumbnails; and
// our own plain ones where LibreOffice is not installed.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BytesContent } from './content.js';
import { isPlainText, linesOf, rowsOf } from './office_text.js';
import { textPdf } from './text_pdf.js';

const run = promisify(execFile);
const kTimeout = { timeout: 60_000, maxBuffer: 64 << 20 };

// The real ImageMagick before whatever else may be called convert.
export const kConvert = ['/usr/bin/convert', '/usr/bin/magick'].find((path) => existsSync(path)) ?? 'convert';
const kOffice = ['/usr/bin/soffice', '/usr/bin/libreoffice'].find((path) => existsSync(path));

async function inFolder(parent, work) {
  const folder = await mkdtemp(join(parent, 'convert-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// The content as a PDF, or undefined when it cannot be made.
export async function asPdf(content, ending, parent) {
  return inFolder(parent, async (folder) => {
    const source = join(folder, `source${ending}`);
    const target = join(folder, 'source.pdf');
    await writeFile(source, await content.bytes());
    if (ending === '.eps' || ending === '.ai') {
      await run('gs', ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-dEPSCrop', '-sDEVICE=pdfwrite', `-sOutputFile=${target}`, source], kTimeout);
    } else if (kOffice && !isPlainText(ending)) {
      await run(kOffice, [`-env:UserInstallation=file://${folder}/profile`, '--headless', '--convert-to', 'pdf', '--outdir', folder, source], kTimeout);
    } else {
      const paragraphs = linesOf(await content.bytes(), ending);
      if (!paragraphs) return undefined;
      await textPdf(paragraphs, target);
    }
    return new BytesContent(await readFile(target));
  });
}

function escape(value) {
  return value.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
}

// A sheet (or plain text) as a page of HTML, or undefined.
export async function asHtml(content, ending) {
  const rows = rowsOf(await content.bytes(), ending);
  if (!rows) return undefined;
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`).join('\n');
  return new BytesContent(Buffer.from(`<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><table>\n${body}\n</table></body></html>\n`));
}

// The first page of a PDF as a picture; ImageMagick alone may not read one.
async function firstPage(source, folder) {
  const page = join(folder, 'page.png');
  await run('gs', ['-q', '-dSAFER', '-dBATCH', '-dNOPAUSE', '-dFirstPage=1', '-dLastPage=1', '-sDEVICE=png16m', '-r96', `-sOutputFile=${page}`, source], kTimeout);
  return page;
}

// Bytes of a picture no larger than width x height (fitone_bestfit: one side fits; original: as it is).
export async function thumbnail(content, ending, { format, width, height, mode, folder: parent }) {
  const bytes = await content.bytes();
  return inFolder(parent, async (folder) => {
    const source = join(folder, `source${ending}`);
    await writeFile(source, bytes);
    const target = `${format}:${join(folder, 'thumbnail')}`;
    const resize = mode === 'original' ? [] : ['-thumbnail', `${width}x${height}${mode === 'fitone_bestfit' ? '^' : '>'}`];
    const picture = ending === '.pdf' ? await firstPage(source, folder) : source;
    await run(kConvert, [`${picture}[0]`, '-auto-orient', ...resize, '-quality', '80', target], kTimeout);
    return readFile(join(folder, 'thumbnail'));
  });
}
