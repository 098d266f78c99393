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

async function convert(args) {
  await run(kConvert, args, { timeout: 60_000 });
}

// Grain that is laid over every landscape; made once.
async function grain(folder, width, height) {
  const path = join(folder, `grain-${width}.png`);
  await convert(['-size', `${width / 2}x${height / 2}`, 'xc:gray50', '-seed', '7', '+noise', 'Gaussian', '-colorspace', 'Gray', '-resize', '200%', path]);
  return path;
}

function ridge(random, width, height, base, rough) {
  const points = [];
  let y = base;
  for (let x = 0; x <= width; x += 20) {
    y = Math.max(base - 260, Math.min(base + 120, y + random.between(-rough, rough)));
    points.push(`${x},${y}`);
  }
  return `polygon 0,${height} ${points.join(' ')} ${width},${height}`;
}

async function landscape(random, target, { width, height, grainPath, quality = 84 }) {
  const [top, low] = random.pick(kSkies);
  const lands = random.pick(kLands);
  const sun = [random.between(200, width - 200), random.between(120, height / 3)];
  const args = ['-size', `${width}x${height}`, `gradient:${top}-${low}`, '-fill', '#fff6d8', '-draw', `circle ${sun[0]},${sun[1]} ${sun[0] + random.between(30, 80)},${sun[1]}`];
  lands.forEach((colour, layer) => {
    args.push('-fill', colour, '-draw', ridge(random, width, height, Math.round(height * (0.5 + layer * 0.16)), [38, 26, 14][layer]));
  });
  for (let tree = 0; tree < 24; ++tree) {
    const [x, y, size] = [random.between(0, width), random.between(Math.round(height * 0.84), height), random.between(20, 70)];
    args.push('-fill', '#1d2b22', '-draw', `polygon ${x},${y - size * 2} ${x - size / 2},${y} ${x + size / 2},${y}`);
  }
  args.push(grainPath, '-compose', 'SoftLight', '-composite', '-quality', String(quality), '-sampling-factor', '2x2', `jpeg:${target}`);
  await convert(args);
}

export class Pictures {
  static async open(folder, random) {
    const pictures = new Pictures();
    Object.assign(pictures, { folder, random, grainPath: await grain(folder, 1600, 1200) });
    return pictures;
  }

  async photo(target, { date, orientation = 1 }) {
    await landscape(this.random, target, { width: 1600, height: 1200, grainPath: this.grainPath });
    await writeFile(target, withExif(await readFile(target), { model: 'SC-1', orientation, date }));
  }

  async screenshot(target, title) {
    const bars = Array.from({ length: 9 }, (_, row) => `roundrectangle 300,${150 + row * 62} ${600 + this.random.between(0, 600)},${190 + row * 62} 8,8`);
    await convert(['-size', '1280x800', 'xc:#f4f6f9', '-fill', '#2b3a4d', '-draw', 'rectangle 0,0 1280,64', '-draw', 'rectangle 0,64 240,800', '-fill', '#c9d6e6', ...bars.flatMap((bar) => ['-draw', bar]), '-fill', 'white', '-pointsize', '26', '-annotate', '+24+42', title, '-strip', `png:${target}`]);
  }

  // Pages of "scanned" text: fax-like black and white for TIFF group 4, grey for the rest.
  async scanned(target, pages, { format, bilevel = true }) {
    const sheets = Array.from({ length: pages }, (_, page) => {
      const lines = Array.from({ length: 34 }, (__, line) => `rectangle 120,${260 + line * 36} ${120 + this.random.between(500, 980)},${272 + line * 36}`);
      return ['(', '-size', '1240x1754', 'xc:white', '-fill', '#222', '-pointsize', '44', '-annotate', '+120+170', `Page ${page + 1} of ${pages}`, ...lines.flatMap((line) => ['-draw', line]), ')'];
    });
    const look = bilevel ? ['-monochrome', '-compress', 'Group4'] : ['-colorspace', 'Gray', '-compress', 'LZW'];
    await convert([...sheets.flat(), '-density', '150', '-units', 'PixelsPerInch', ...(format === 'tiff' ? look : []), `${format}:${target}`]);
  }

  async small(target, format, frames = 1) {
    const sheets = Array.from({ length: frames }, (_, frame) => ['(', '-size', '320x240', `gradient:#ffd27a-#c8475${frame % 10}`, '-fill', '#233', '-draw', `circle ${60 + frame * 40},120 ${90 + frame * 40},120`, ')']);
    await convert(['-delay', '20', ...sheets.flat(), `${format}:${target}`]);
  }
}
