// SPDX-License-Identifier: Apache-2.0
// Which sample files there are. Each maker gives what to put where; the tools run later, many at a time.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { docx, odt, rtf, xlsx } from './office.js';
import { invoice, manual, report } from './reports.js';
import { paragraph, sentence } from './words.js';
import { ps } from '../kernel/text_pdf.js';

const kLicences = '/usr/share/common-licenses';

function day(year, month, date, hour = 9) {
  return new Date(Date.UTC(year, month - 1, date, hour, 12, 5));
}

function two(number) {
  return String(number).padStart(2, '0');
}

// pdf: PostScript; bytes: as they are; photo, screenshot, scanned, small: for ImageMagick
export function planFiles(random) {
  const files = [];
  const add = (path, when, what) => files.push({ path, when, ...what });

  for (const [year, pages] of [[2023, 9], [2024, 10], [2025, 12]]) {
    add(`Reports/Annual report ${year}.pdf`, day(year + 1, 2, 14), { pdf: report(random, `Annual report ${year}`, pages) });
    for (let quarter = 1; quarter <= 4; ++quarter) {
      const title = `Quarterly report ${year} Q${quarter}`;
      add(`Reports/Quarterly/${year}/${title}.pdf`, day(year, quarter * 3, 28), { pdf: report(random, title, random.between(3, 6)) });
    }
    for (let n = 1; n <= 20; ++n) {
      const [month, date] = [Math.ceil(n * 0.6), random.between(1, 28)];
      const number = `${year}-${String(n).padStart(3, '0')}`;
      add(`Invoices/${year}/Invoice ${number}.pdf`, day(year, month, date), { pdf: invoice(random, number, `${year}-${two(month)}-${two(date)}`) });
    }
  }
  for (const [title, pages] of [['Coffee machine manual', 24], ['Bicycle maintenance', 16], ['Sewing machine manual', 32], ['Heating controls', 8], ['Tent, how to pitch it', 2]]) {
    add(`Manuals/${title}.pdf`, day(2022, random.between(1, 12), random.between(1, 28)), { pdf: manual(random, title, pages) });
  }

  planPhotos(random, add);
  planTexts(random, add);
  planOffice(random, add);
  planOddities(random, add);
  return files;
}

function planPhotos(random, add) {
  const albums = [['2023 Islands in summer', 2023, 7, 18], ['2024 Garden', 2024, 5, 12], ['2025 Coast by train', 2025, 8, 18]];
  let number = 2301;
  for (const [album, year, month, count] of albums) {
    for (let n = 0; n < count; ++n, ++number) {
      const date = day(year, month, 1 + n, random.between(6, 20));
      add(`Photos/${album}/IMG_${number}.jpg`, date, { photo: { date, orientation: n % 9 === 8 ? 6 : 1 } });
    }
  }
  for (let n = 1; n <= 8; ++n) add(`Photos/Screenshots/Screenshot 2025-0${n}-1${n} at 10.${n}2.png`, day(2025, n, 10 + n), { screenshot: `Week ${n * 4}` });
  add('Photos/Animations/Two suns.gif', day(2024, 1, 5), { small: { format: 'gif', frames: 6 } });
  add('Photos/Animations/Sunset loop.gif', day(2024, 1, 6), { small: { format: 'gif', frames: 9 } });
  add('Photos/Old computer/Desktop.bmp', day(2003, 4, 8), { small: { format: 'bmp3' } });
  add('Photos/Old computer/Wallpaper.bmp', day(2003, 4, 9), { small: { format: 'bmp3' } });
  add('Photos/Web/Header.webp', day(2025, 3, 3), { small: { format: 'webp' } });
  add('Faxes/Fax 2024-11-02.tif', day(2024, 11, 2), { scanned: { format: 'tiff', pages: 3 } });
  add('Faxes/Fax 2024-12-19.tiff', day(2024, 12, 19), { scanned: { format: 'tiff', pages: 5 } });
  add('Faxes/Grey letter.tif', day(2025, 1, 9), { scanned: { format: 'tiff', pages: 2, bilevel: false } });
  add('Faxes/Single page.png', day(2025, 1, 9), { scanned: { format: 'png', pages: 1 } });
}

function planTexts(random, add) {
  const dishes = ['Lentil soup', 'Rye bread', 'Apple cake', 'Fish stew', 'Potato salad', 'Waffles', 'Bean chilli', 'Pea risotto', 'Cardamom buns', 'Beetroot soup', 'Mushroom pie', 'Oat biscuits', 'Plum jam', 'Cucumber salad', 'Rhubarb crumble', 'Pumpkin curry', 'Leek tart', 'Blueberry pancakes', 'Tomato sauce', 'Barley broth'];
  for (const dish of dishes) {
    const lines = [dish, '='.repeat(dish.length), '', ...Array.from({ length: 6 }, () => `- ${random.between(1, 9)} dl of this, ${random.between(1, 5)} spoons of that`), '', paragraph(random, 4), ''];
    add(`Recipes/${dish}.txt`, day(2021 + random.between(0, 4), random.between(1, 12), random.between(1, 28)), { bytes: lines.join('\n') });
  }
  for (let n = 1; n <= 30; ++n) {
    const [year, month, date] = [2024 + (n > 15 ? 1 : 0), 1 + (n % 12), 1 + ((n * 7) % 28)];
    const text = [`# Notes of ${year}-${two(month)}-${two(date)}`, '', ...Array.from({ length: 5 }, () => `* ${sentence(random)}`), '', paragraph(random), ''].join('\n');
    add(`Notes/${year}/${year}-${two(month)}-${two(date)} notes.${n % 3 === 0 ? 'md' : 'txt'}`, day(year, month, date), { bytes: text });
  }
  const licences = readdirSync(kLicences).filter((name) => statSync(`${kLicences}/${name}`).size > 1000);
  for (const name of licences) {
    const text = readFileSync(`${kLicences}/${name}`, 'latin1');
    add(`Reference/Licences/${name}.txt`, day(2020, 5, 4), { bytes: Buffer.from(text, 'latin1') });
    if (!['GPL-3', 'LGPL-3', 'Apache-2.0', 'MPL-2.0'].includes(name)) continue;
    const lines = text.replaceAll('\t', '        ').split(/[\n\f]/).map((line) => (line.trim() === '' ? '8 gap' : `${ps(line)} 11.5 line`));
    add(`Reference/Licences/${name}.pdf`, day(2020, 5, 4), { pdf: `/foot ${ps(name)} def /Courier 9 selectfont ${lines.join('\n')} endpage` });
  }
}

function planOffice(random, add) {
  const letter = (to) => ['Mara Lind', '4 Harbour Lane', 'Example Town', '', `Dear ${to},`, '', paragraph(random), '', paragraph(random), '', 'Kind regards,', 'Mara'];
  const people = ['Anna', 'the housing board', 'Grandmother', 'the sailing club', 'Peter', 'the library', 'Ms Ødegård', 'the insurance', 'the editor', 'Zoë'];
  people.forEach((to, n) => {
    const when = day(2022 + (n % 4), 1 + n, 3 + n);
    const kind = ['docx', 'odt', 'docx', 'rtf'][n % 4];
    add(`Letters/Letter to ${to}.${kind}`, when, { bytes: { docx, odt, rtf }[kind](letter(to)) });
  });
  for (const year of [2023, 2024, 2025]) {
    const rows = [['Month', 'Income', 'Rent', 'Food', 'Travel'], ...Array.from({ length: 12 }, (_, month) => [`${year}-${two(month + 1)}`, random.between(2600, 3100), 940, random.between(280, 520), random.between(20, 300)])];
    add(`Budget/Household ${year}.xlsx`, day(year, 12, 30), { bytes: xlsx(rows, String(year)) });
    add(`Budget/Household ${year}.csv`, day(year, 12, 30), { bytes: rows.map((row) => row.join(',')).join('\n') });
  }
  add('Projects/House/Kitchen/Plans/Electrical/Drafts/Wiring v3.pdf', day(2025, 4, 2), { pdf: manual(random, 'Kitchen wiring', 4) });
  add('Projects/House/Kitchen/Plans/Kitchen plan.pdf', day(2025, 4, 1), { pdf: manual(random, 'Kitchen plan', 2) });
  add('Projects/House/Kitchen/Offers/Offer 1.docx', day(2025, 3, 9), { bytes: docx(letter('Mara')) });
  add('Projects/House/Kitchen/Offers/Offer 2.odt', day(2025, 3, 11), { bytes: odt(letter('Mara')) });
  add('Projects/House/Garden shed/Materials.csv', day(2025, 5, 1), { bytes: 'Material,Count\nPlank,24\nScrew,400\nHinge,4\n' });
  add('Projects/Translation/Source text.txt', day(2025, 6, 1), { bytes: Array.from({ length: 60 }, () => paragraph(random)).join('\n\n') });
  add('Projects/Ideas.paper', day(2025, 9, 1), { bytes: `# Ideas\n\n${paragraph(random)}\n`, exportAs: 'markdown', exportOptions: ['markdown', 'html'] });
}

function planOddities(random, add) {
  const when = day(2025, 10, 3);
  const page = (title) => ({ pdf: manual(random, title, 1) });
  const odd = 'Odd names';
  add(`${odd}/Ærlig talt – nå.pdf`, when, page('Honestly - now'));
  add(`${odd}/Überprüfung (final) [2].pdf`, when, page('Review'));
  add(`${odd}/日本語の書類.pdf`, when, page('Document'));
  add(`${odd}/Здравствуйте.pdf`, when, page('Hello'));
  add(`${odd}/مرحبا.pdf`, when, page('Hello'));
  add(`${odd}/🎂 Birthday 🎈 plan.pdf`, when, page('Birthday plan'));
  add(`${odd}/100 % # & + = ; , @ !.pdf`, when, page('Signs'));
  add(`${odd}/"Quoted" 'name' <tag>.txt`, when, { bytes: 'Quotes and brackets in a name.\n' });
  add(`${odd}/${'Very long name '.repeat(17).slice(0, 251)}.txt`, when, { bytes: 'A name of 255 characters.\n' });
  add(`${odd}/no ending`, when, { bytes: 'No ending at all.\n' });
  add(`${odd}/.hidden.txt`, when, { bytes: 'A leading dot.\n' });
  add(`${odd}/MiXeD CaSe.TXT`, when, { bytes: 'Case is kept, and does not count.\n' });
  add(`${odd}/two  spaces.txt`, when, { bytes: 'Two spaces.\n' });
  add(`${odd}/Cafe\u0301 (combining accent).txt`.normalize('NFC'), when, { bytes: 'An accent.\n' });
  add(`${odd}/empty.txt`, when, { bytes: '' });
  add('Broken/Damaged.pdf', when, { ...manualOf(random), damage: 'cut' });
  add('Broken/Scrambled.pdf', when, { ...manualOf(random), damage: 'scramble' });
  add('Broken/Encrypted (password is secret).pdf', when, { ...manualOf(random), encrypt: 'secret' });
  add('Broken/Empty.pdf', when, { bytes: '' });
  add('Broken/Not a picture.jpg', when, { bytes: 'This is text with the wrong ending.\n' });
  add('Broken/Not a PDF.pdf', when, { bytes: '<html><body>Page not found</body></html>\n' });
  add('Broken/Cut short.jpg', when, { photo: { date: when }, damage: 'cut' });
  add('Music/Beep.wav', when, { bytes: beep() });
  add('Backup/Website/index.html', when, { bytes: '<!doctype html><title>Home</title><p>Hello.</p>\n' });
  add('Backup/Website/style.css', when, { bytes: 'body { font-family: serif }\n' });
  add('Backup/settings.json', when, { bytes: '{"theme": "light"}\n' });
  add('Getting started.pdf', day(2021, 1, 10), { pdf: manual(random, 'Getting started', 3) });
  add('Shopping list.txt', day(2025, 11, 1), { bytes: 'Milk\nRye flour\nLamp oil\n' });
}

function manualOf(random) {
  return { pdf: manual(random, 'Operating instructions', 6) };
}

// One second of 440 Hz, 8 kHz, 8 bit.
function beep() {
  const sound = Buffer.from(Array.from({ length: 8000 }, (_, n) => 128 + Math.round(60 * Math.sin((2 * Math.PI * 440 * n) / 8000))));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + sound.length, 4);
  head.write('WAVEfmt ', 8);
  [[16, 4], [1, 2], [1, 2], [8000, 4], [8000, 4], [1, 2], [8, 2]].reduce((at, [value, size]) => head.writeUIntLE(value, at, size), 16);
  head.write('data', 36);
  head.writeUInt32LE(sound.length, 40);
  return Buffer.concat([head, sound]);
}
