// SPDX-License-Identifier: Apache-2.0
// PostScript typesetting and its conversion to PDF by Ghostscript. One run makes many documents.

import { execFile } from 'node:child_process';
import { writeFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Procedures that documents are written in. y runs down from the top margin; a full page starts the next.
const kProlog = `%!PS
[/Helvetica /Helvetica-Bold /Times-Roman /Times-Bold /Times-Italic /Courier] { dup findfont dup length dict begin
  { 1 index /FID ne { def } { pop pop } ifelse } forall /Encoding ISOLatin1Encoding def currentdict end definefont pop } forall
/left 72 def /right 523 def /top 770 def /bottom 80 def
/y top def /pageno 1 def /foot () def
/beginpage { /y top def } def
/endpage { gsave /Helvetica 8 selectfont 0.4 setgray left 48 moveto foot show
  right 48 moveto pageno 10 string cvs dup stringwidth pop neg 0 rmoveto show grestore
  showpage /pageno pageno 1 add def beginpage } def
/need { y exch sub bottom lt { endpage } if } def
/line { dup need /y exch y exch sub def left y moveto show } def % text leading
/gap { /y exch y exch sub def } def
/join { 2 copy length exch length add 1 add string /both exch def
  exch dup both 0 3 -1 roll putinterval both exch length 2 copy ( ) putinterval 1 add 3 -1 roll putinterval both } def
/par { /leading exch def /rest exch def /sofar () def /taken 0 def /space ( ) stringwidth pop def
  { rest ( ) search { /word exch def pop /rest exch def /last false def } { /word exch def /last true def } ifelse
    /wide word stringwidth pop def
    taken 0 eq { /sofar word def /taken wide def }
    { taken space add wide add right left sub gt { sofar leading line /sofar word def /taken wide def }
      { /sofar sofar word join def /taken taken space add wide add def } ifelse } ifelse
    last { sofar leading line exit } if } loop } def
/rule { 0.7 setgray 0.6 setlinewidth left y 4 sub moveto right y 4 sub lineto stroke 0 setgray /y y 6 sub def } def
/flush { dup stringwidth pop neg 0 rmoveto show } def
`;

export function ps(text) {
  return `(${Buffer.from(text.normalize('NFC').replace(/[\u2013\u2014]/g, '-').replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"').replace(/[^\u0000-\u00ff]/g, '?'), 'latin1')
    .toString('latin1')
    .replace(/[\\()]/g, '\\$&')
    .replace(/[\u0080-\u00ff]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)})`;
}

// documents: [target path, PostScript of its pages (ending in endpage)]; all made by one Ghostscript.
export async function makePdfs(documents, folder, { paper = [595, 842] } = {}) {
  const source = `${folder}/documents-${process.pid}-${Math.random().toString(36).slice(2)}.ps`;
  const bodies = documents.map(
    ([target, body]) => `<< /OutputFile ${ps(target)} /PageSize [${paper.join(' ')}] >> setpagedevice\nsave /pageno 1 def beginpage\n${body}\nrestore\n`,
  );
  await writeFile(source, kProlog + bodies.join(''), 'latin1');
  const args = ['-q', '-dNOSAFER', '-dBATCH', '-dNOPAUSE', '-sDEVICE=pdfwrite', '-dCompatibilityLevel=1.5', `-sOutputFile=${folder}/unused.pdf`, source];
  await run('gs', args, { timeout: 120_000 });
  await Promise.all([rm(source), rm(`${folder}/unused.pdf`, { force: true })]);
}

// Running text as a PDF.
export async function textPdf(paragraphs, target) {
  const body = paragraphs.map((text) => (text === '' ? '8 gap' : `/Times-Roman 11 selectfont ${ps(text)} 15 par 6 gap`)).join('\n');
  await makePdfs([[target, `${body}\nendpage`]], dirname(target));
}
