// SPDX-License-Identifier: Apache-2.0
// Sample pictures by ImageMagick: landscapes that pass for photographs, screenshots, multi-page TIFF.

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kConvert } from '../kernel/convert.js';
import { withExif } from './exif.js';

const run = promisify(execFile);
const kSkies = [['#2f5f96', '#f3cf9b'], ['#6fa8d6', '#e9f2f8'], ['#3b3f6b', '#f09c6a'], ['#4f8fc0', '#cfe5ee'], ['#7d8fa3', '#e4e2da'], ['#20395c', '#d98f7c']];
const kLands = [['#6b83a0', '#48617a', '#2d4038'], ['#8798a6', '#55725a', '#33492c'], ['#73618a', '#4a3a5c', '#262033'], ['#97a5a0', '#6d7f5c', '#8a7a48'], ['#7f93a8', '#3f6b74', '#1f4a55']];

// One thread each: several pictures are made side by side.
async function convert(args) {
  await run(kConvert, args, { timeout: 60_000, env: { ...process.env, MAGICK_THREAD_LIMIT: '1' } });
}

// Clouds, soil and grain, twice as large as a landscape; each takes its own part of it. Made once.
async function texture(folder, width, height) {
  const path = join(folder, 'texture.mpc');
  const noise = ['(', '-size', `${width / 2}x${height / 2}`, 'xc:gray50', '-seed', '7', '+noise', 'Gaussian', '-colorspace', 'Gray', '-resize', '200%', ')'];
  await convert(['-size', `${width / 4}x${height / 4}`, '-seed', '5', 'plasma:gray34-gray66', '-colorspace', 'Gray', '-resize', `${width}x${height}!`, ...noise, '-compose', 'SoftLight', '-composite', '-depth', '8', path]);
  return path;
}

function ridge(random, width, height, base, rough) {
  const points = [];
  let y = base;
  for (let x = 0; x <= width; x += 10) {
    y = Math.max(base - 130, Math.min(base + 60, y + random.between(-rough, rough)));
    points.push(`${x},${y}`);
  }
  return `polygon 0,${height} ${points.join(' ')} ${width},${height}`;
}

// Drawn at half the size, so that enlarging softens the edges as a lens would.
async function landscape(random, target, { width, height, texturePath }) {
  const [w, h] = [width / 2, height / 2];
  const [top, low] = random.pick(kSkies);
  const lands = random.pick(kLands);
  const sun = [random.between(100, w - 100), random.between(60, h / 3)];
  const args = ['-size', `${w}x${h}`, `gradient:${top}-${low}`, '-fill', '#fff6d8', '-draw', `circle ${sun[0]},${sun[1]} ${sun[0] + random.between(15, 40)},${sun[1]}`];
  lands.forEach((colour, layer) => {
    args.push('-fill', colour, '-draw', ridge(random, w, h, Math.round(h * (0.5 + layer * 0.16)), [19, 13, 7][layer]));
  });
  const trees = Array.from({ length: 24 }, () => {
    const [x, y, size] = [random.between(0, w), random.between(Math.round(h * 0.84), h), random.between(10, 35)];
    return `polygon ${x},${y - size * 2} ${x - size / 2},${y} ${x + size / 2},${y}`;
  });
  const part = `${width}x${height}+${random.between(0, width)}+${random.between(0, height)}`;
  args.push('-fill', '#1d2b22', '-draw', trees.join(' '), '-resize', '200%', '(', texturePath, '-crop', part, '+repage', ')', '-compose', 'Overlay', '-composite', '-quality', '84', '-sampling-factor', '2x2', `jpeg:${target}`);
  await convert(args);
}

export class Pictures {
  static async open(folder, random) {
    const pictures = new Pictures();
    Object.assign(pictures, { folder, random, texturePath: await texture(folder, 2560, 1920) });
    return pictures;
  }

  async photo(target, { date, orientation = 1 }) {
    await landscape(this.random, target, { width: 1280, height: 960, texturePath: this.texturePath });
    await writeFile(target, withExif(await readFile(target), { model: 'SC-1', orientation, date }));
  }

  async screenshot(target, title) {
    const bars = Array.from({ length: 9 }, (_, row) => `roundrectangle 300,${150 + row * 62} ${600 + this.random.between(0, 600)},${190 + row * 62} 8,8`);
    await convert(['-size', '1280x800', 'xc:#f4f6f9', '-fill', '#2b3a4d', '-draw', 'rectangle 0,0 1280,64', '-draw', 'rectangle 0,64 240,800', '-fill', '#c9d6e6', ...bars.flatMap((bar) => ['-draw', bar]), '-fill', 'white', '-pointsize', '26', '-annotate', '+24+42', title, '-strip', `png:${target}`]);
  }

  // Pages of "scanned" text: fax-like black and white for TIFF group 4, grey for the rest.
  async scanned(target, pages, { format, bilevel = true }) {
    const sheets = Array.from({ length: pages }, (_, page) => {
      const lines = Array.from({ length: 34 }, (__, line) => `rectangle 120,${260 + line * 36} ${120 + this.random.between(500, 980)},${272 + line * 36}`).join(' ');
      return ['(', '-size', '1240x1754', 'xc:white', '-fill', '#222', '-pointsize', '44', '-annotate', '+120+170', `Page ${page + 1} of ${pages}`, '-draw', lines, ')'];
    });
    const look = bilevel ? ['-monochrome', '-compress', 'Group4'] : ['-colorspace', 'Gray', '-compress', 'LZW'];
    await convert([...sheets.flat(), '-density', '150', '-units', 'PixelsPerInch', ...(format === 'tiff' ? look : []), `${format}:${target}`]);
  }

  async small(target, format, frames = 1) {
    const sheets = Array.from({ length: frames }, (_, frame) => ['(', '-size', '320x240', `gradient:#ffd27a-#c8475${frame % 10}`, '-fill', '#233', '-draw', `circle ${60 + frame * 40},120 ${90 + frame * 40},120`, ')']);
    await convert(['-delay', '20', ...sheets.flat(), `${format}:${target}`]);
  }
}
