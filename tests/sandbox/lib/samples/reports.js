// SPDX-License-Identifier: Apache-2.0
// PostScript of the sample PDF documents: reports with charts and tables, invoices, manuals.

import { ps } from '../kernel/text_pdf.js';
import { paragraph, sentence } from './words.js';

const kInk = [[0.16, 0.36, 0.58], [0.72, 0.34, 0.18], [0.18, 0.49, 0.42], [0.54, 0.29, 0.62]];

function heading(text, size = 16) {
  return `0.12 0.2 0.32 setrgbcolor /Helvetica-Bold ${size} selectfont ${size * 2} need ${ps(text)} ${Math.round(size * 1.3)} line 0 setgray 4 gap`;
}

function prose(random, count) {
  return Array.from({ length: count }, () => `/Times-Roman 11 selectfont ${ps(paragraph(random))} 14.5 par 7 gap`).join('\n');
}

// Bars with values under a title; takes about 210 points of height.
function chart(random, title, labels) {
  const [r, g, b] = random.pick(kInk);
  const width = 440 / labels.length;
  const bars = labels.map((label, index) => {
    const height = random.between(25, 140);
    return `${r} ${g} ${b} setrgbcolor left ${index * width + 6} add y 165 sub ${width - 12} ${height} rectfill 0 setgray
/Helvetica 8 selectfont left ${index * width + 8} add y 177 sub moveto ${ps(label)} show
left ${index * width + 8} add y ${161 - height} sub moveto ${ps(String(height * 7))} show`;
  });
  return `210 need /Helvetica-Bold 10 selectfont left y 10 sub moveto ${ps(title)} show
0.5 setlinewidth left y 165 sub moveto right y 165 sub lineto stroke
${bars.join('\n')}
/y y 195 sub def`;
}

function table(rows, widths) {
  return rows
    .map((cells, index) => {
      let x = 72;
      const shown = cells.map((cell, column) => {
        const at = x;
        x += widths[column];
        return typeof cell === 'number' || /^[\d., ]+(EUR)?$/.test(cell) ? `${x - 6} y moveto ${ps(String(cell))} flush` : `${at} y moveto ${ps(cell)} show`;
      });
      return `22 need /y y 17 sub def /Helvetica${index === 0 ? '-Bold' : ''} 9.5 selectfont ${shown.join(' ')} ${index === 0 ? 'rule' : ''}`;
    })
    .join('\n');
}

const kMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// A title page and then one chapter per page, so that the number of pages is exact.
export function report(random, title, pages) {
  const chapters = ['Summary', 'What we set out to do', 'People', 'Buildings and tools', 'Visitors', 'Income', 'Costs', 'Energy', 'Risks', 'The year ahead', 'Thanks', 'Figures', 'Appendix'];
  const parts = [
    `/foot ${ps(title)} def 0.16 0.36 0.58 setrgbcolor 0 560 595 110 rectfill 1 setgray /Helvetica-Bold 30 selectfont 72 605 moveto ${ps(title)} show
0 setgray /y 500 def /Times-Italic 14 selectfont ${ps('Prepared for the members of the Example Association')} 20 line 20 gap ${prose(random, 2)} endpage`,
  ];
  for (let page = 2; page <= pages; ++page) {
    const look = page % 3;
    parts.push(heading(`${page - 1}. ${chapters[(page - 2) % chapters.length]}`, 18), prose(random, 2));
    if (look === 0) parts.push(chart(random, 'Visits per month', kMonths));
    if (look === 1) {
      const rows = Array.from({ length: 10 }, (_, index) => [`Item ${page}.${index + 1}`, String(random.between(10, 900)), `${random.between(100, 9000)}.00 EUR`]);
      parts.push(table([['Item', 'Count', 'Amount'], ...rows], [220, 100, 120]), '14 gap');
    }
    parts.push(look === 2 ? prose(random, 2) : '', 'endpage');
  }
  return parts.join('\n');
}

export function invoice(random, number, date) {
  const goods = ['Printer paper A4, box', 'Desk lamp', 'Timber, planed', 'Repair of bicycle', 'Garden soil, sack', 'Window cleaning', 'Paint, white, 5 l', 'Piano tuning'];
  const lines = Array.from({ length: random.between(2, 6) }, () => {
    const count = random.between(1, 9);
    const each = random.between(300, 9000) / 100;
    return [random.pick(goods), count, each, count * each];
  });
  const total = lines.reduce((sum, line) => sum + line[3], 0);
  const money = (value) => value.toFixed(2);
  return `/foot ${ps(`Invoice ${number}`)} def ${heading('Invoice', 26)} /Helvetica 10 selectfont
${[`Number ${number}`, `Date ${date}`, 'To: Mara Lind, 4 Harbour Lane, Example Town'].map((text) => `${ps(text)} 15 line`).join('\n')} 20 gap
${table([['Description', 'Count', 'Each', 'Amount'], ...lines.map(([what, count, each, sum]) => [what, count, money(each), money(sum)]), ['Total EUR', '', '', money(total)]], [220, 60, 80, 90])}
30 gap /Times-Roman 11 selectfont ${ps('Please pay within 30 days. Thank you.')} 15 par endpage`;
}

export function manual(random, title, pages) {
  const parts = [`/foot ${ps(title)} def ${heading(title, 26)} 14 gap ${prose(random, 3)} endpage`];
  for (let page = 2; page <= pages; ++page) {
    parts.push(heading(`Chapter ${page - 1}`, 18));
    for (let step = 1; step <= 8; ++step) parts.push(`/Helvetica 11 selectfont ${ps(`${step}. ${sentence(random)}`)} 15 par 6 gap`);
    parts.push(`110 need 1 setlinewidth left y 90 sub 200 80 rectstroke left 20 add y 50 sub moveto 180 -20 rlineto stroke left 120 add y 50 sub 24 0 360 arc stroke /y y 110 sub def`, prose(random, 1), 'endpage');
  }
  return parts.join('\n');
}
