// SPDX-License-Identifier: Apache-2.0
// What Google Drive adds to everybody's documents: its own documents, shortcuts, two files of one name, a slash in a
// name, what others share, and a shared drive.

import { BytesContent } from '../kernel/content.js';
import { docx, odt, xlsx } from '../samples/office.js';

const kWhen = Date.UTC(2025, 8, 4, 7, 45);
const kMinutes = new BytesContent(docx(['Minutes of the harbour club', '', 'Present: everybody who has a boat.', '1. The jetty is repaired in spring.', '2. Coffee is paid from the common box.']));
const kTimetable = new BytesContent(xlsx([['Ferry', 'Departs', 'Arrives'], ['Morning', '07:10', '08:05'], ['Noon', '12:00', '12:55'], ['Evening', '18:40', '19:35']], 'Timetable'));
const kTalk = new BytesContent(odt(['Knots', 'A talk for the winter evening', '', 'Bowline', 'Clove hitch', 'Figure of eight']));
const kText = (words) => new BytesContent(Buffer.from(words));
const kLists = [kText('Milk\nRye flour\nLamp oil\n'), kText('Rope\nVarnish\n')];
const kNotice = kText('The harbour is closed on Monday.\n');
const kStation = kText('How the station is switched on: with the green button.\n');

const facts = (seed) => ({ clientModified: kWhen, serverModified: kWhen, seed });

export function addGoogleSamples(drive, person, people) {
  const { root } = drive;
  const club = drive.createFolder(root, 'Club', { seed: 'google/Club', created: kWhen });
  const add = (name, content, extra, folder = club) => drive.createFile(folder, name, content, { ...facts(`google/${name}/${folder.name}`), extra });
  add('Minutes', kMinutes, { native: 'document', extra: { source: '.docx' } });
  add('Ferry timetable', kTimetable, { native: 'spreadsheet', extra: { source: '.xlsx' } });
  add('Knots, a talk', kTalk, { native: 'presentation', extra: { source: '.odt' } });
  add('Who brings the cake', kText(''), { native: 'form' });
  add('Map of the harbour', kText(''), { native: 'drawing' });
  for (const [index, content] of kLists.entries()) {
    drive.createFile(club, 'Shopping.txt', content, facts(`google/Shopping ${index}`));
  }
  drive.createFile(club, 'Notice 3/2025.txt', kNotice, facts('google/Notice'));
  const link = (name, target, targetMimeType) => drive.createLink(club, name, { seed: `google/link/${name}`, when: kWhen, extra: { target, extra: { targetMimeType } } });
  const reports = drive.find(['Reports']);
  if (reports) link('Reports', reports.id);
  link('Minutes (shortcut)', drive.find(['Club', 'Minutes']).id);
  link('Gone', '1AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'application/pdf');
  // Aiko and Tomas share with the others.
  const others = Object.fromEntries(people.all().filter((one) => one !== person).map((one) => [one.email, 'reader']));
  if (person.given === 'Aiko') {
    const shared = drive.createFolder(root, 'From Aiko', { seed: 'google/From Aiko', created: kWhen, extra: { shareWith: Object.fromEntries(Object.keys(others).map((email) => [email, 'writer'])) } });
    drive.createFile(shared, 'Sketches.txt', kText('Three sketches of a heron.\n'), facts('google/Sketches'));
  }
  if (person.given === 'Tomas') {
    drive.createFile(root, 'Timetable for everybody.txt', kText('Mondays at nine.\n'), { ...facts('google/Timetable'), extra: { shareWith: others } });
    drive.createFile(root, 'Plan of the week', kMinutes, { ...facts('google/Plan'), extra: { native: 'document', extra: { source: '.docx' }, shareWith: others } });
  }
}

export function addSharedSamples(accounts, people) {
  const [mara, , aiko, , tomas] = people.all();
  const team = accounts.sharedDrive('Example Team', { [mara.email]: 'fileOrganizer', [tomas.email]: 'organizer' });
  const folder = team.drive.createFolder(team.drive.root, 'Manuals', { seed: 'team/Manuals', created: kWhen });
  team.drive.createFile(folder, 'Station.txt', kStation, facts('team/Station'));
  team.drive.createFile(team.drive.root, 'Duty list', kTimetable, { ...facts('team/Duty list'), extra: { native: 'spreadsheet', extra: { source: '.xlsx' } } });
  const archive = accounts.sharedDrive('Archive (read only)', { [mara.email]: 'reader', [aiko.email]: 'organizer' });
  archive.drive.createFile(archive.drive.root, 'Old notice.txt', kNotice, facts('archive/Old notice'));
}
