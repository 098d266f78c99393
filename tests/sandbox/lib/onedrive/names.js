// SPDX-License-Identifier: Apache-2.0
// Which names OneDrive takes, and which it picks when one is taken.

import { invalid } from './errors.js';

const kMostName = 255;
const kMostPath = 400;
const kReserved = /^(\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini)$/i;

function wrong(name, inner = 'invalidPath') {
  return invalid(`The provided name cannot contain or be that: ${name}`, inner);
}

// names: the whole path below the root; the last one is new.
export function checkName(library, names, { folder = false } = {}) {
  const name = names[names.length - 1];
  if (typeof name !== 'string' || name === '') throw invalid('The name in the provided request is empty.', 'invalidPath');
  if (/["*:<>?/\\|\u0000-\u001f]/.test(name)) throw wrong(name);
  if (name !== name.trim() || name.endsWith('.')) throw wrong(name);
  if (kReserved.test(name) || name.startsWith('~$') || name.includes('_vti_')) throw wrong(name);
  if (folder && name.startsWith('~')) throw wrong(name);
  if (library.kind !== 'personal' && names.length === 1 && name.toLowerCase() === 'forms') throw wrong(name);
  if (name.length > kMostName) throw wrong(name, 'pathIsTooLong');
  if (names.join('/').length > kMostPath) throw invalid('The specified path is too long.', 'pathIsTooLong');
}

// "plan.docx" -> "plan 1.docx": the first that is free.
export function freeName(drive, names, { folder = false } = {}) {
  const name = names[names.length - 1];
  const dot = folder ? -1 : name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let n = 1; ; ++n) {
    const other = [...names.slice(0, -1), `${stem} ${n}${ending}`];
    if (!drive.find(other)) return other;
  }
}

// Some of the sample files have names that OneDrive does not take.
export function tidyNames(drive) {
  for (const node of [...drive.byId.values()]) {
    const name = node.name.replace(/["*:<>?/\\|]/g, '_');
    if (name !== node.name) drive.move(node, [...drive.namesOf(node.parent), name]);
  }
}
