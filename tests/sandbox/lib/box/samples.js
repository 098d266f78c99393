// SPDX-License-Identifier: Apache-2.0
// What Box adds to everybody's documents: a web link, and folders of somebody else.

import { BytesContent } from '../kernel/content.js';

const kWhen = Date.UTC(2025, 5, 12, 9, 30);
const kMinutes = new BytesContent(Buffer.from('Minutes of the harbour club\n\n1. Boats\n2. Coffee\n'));
const kRules = new BytesContent(Buffer.from('House rules\n\nKeep the door shut.\n'));

export function addBoxSamples(drive, person, people) {
  drive.createLink(drive.root, 'Intranet', { seed: 'box/Intranet', when: kWhen, extra: { url: 'https://example.org/', description: 'The start page' } });
  const others = people.all().filter((one) => one !== person);
  const add = (name, owner, role, file, content) => {
    const folder = drive.createFolder(drive.root, name, { seed: `box/${name}`, created: kWhen, extra: { shared: { owner: owner.email, role } } });
    drive.createFile(folder, file, content, { clientModified: kWhen, serverModified: kWhen, seed: `box/${name}/${file}` });
  };
  add('Harbour club', others[1], 'editor', 'Minutes.txt', kMinutes);
  add('House rules', others[0], 'viewer', 'Rules.txt', kRules);
}
