// SPDX-License-Identifier: Apache-2.0
// Puts an EXIF block into a JPEG: camera, orientation, date.

function ifd(entries, at) {
  const table = Buffer.alloc(2 + entries.length * 12 + 4);
  table.writeUInt16LE(entries.length, 0);
  const extra = [];
  let next = at + table.length;
  entries.forEach(([tag, type, value], index) => {
    const p = 2 + index * 12;
    table.writeUInt16LE(tag, p);
    table.writeUInt16LE(type, p + 2);
    if (type === 2) {
      const text = Buffer.from(`${value}\0`, 'latin1');
      table.writeUInt32LE(text.length, p + 4);
      table.writeUInt32LE(next, p + 8);
      extra.push(text);
      next += text.length;
    } else {
      table.writeUInt32LE(1, p + 4);
      if (type === 3) table.writeUInt16LE(value, p + 8);
      else table.writeUInt32LE(value, p + 8);
    }
  });
  return Buffer.concat([table, ...extra]);
}

export function withExif(jpeg, { model, orientation, date }) {
  const stamp = date.toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', ':');
  const main = (inner) => ifd([[0x010f, 2, 'Sandbox'], [0x0110, 2, model], [0x0112, 3, orientation], [0x0132, 2, stamp], [0x8769, 4, inner]], 8);
  const inner = 8 + main(0).length;
  const tiff = Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), main(inner), ifd([[0x9003, 2, stamp], [0x9004, 2, stamp], [0xa402, 3, 0]], inner)]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}
