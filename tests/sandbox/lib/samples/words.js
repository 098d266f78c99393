// SPDX-License-Identifier: Apache-2.0
// Plain sentences for sample documents.

const kSubjects = ['The workshop', 'Our reading group', 'The garden', 'The library', 'The kitchen', 'The boat shed', 'The choir', 'The school run', 'The bicycle store', 'The north room', 'The ferry trip', 'The spring market'];
const kVerbs = ['needed', 'gained', 'lost', 'kept', 'shared', 'replaced', 'counted', 'planned', 'repaired', 'welcomed'];
const kObjects = ['a new set of shelves', 'three visitors a week', 'half of its tools', 'most of the paint', 'a longer table', 'the old heater', 'twelve chairs', 'a better lamp', 'the second key', 'a week of rain'];
const kEnds = ['during the winter', 'before the summer', 'as agreed in March', 'without extra cost', 'for the first time', 'and wrote it down', 'which pleased everybody', 'although the days were short', 'after a long search', 'on the last day of the month'];

export function sentence(random) {
  return `${random.pick(kSubjects)} ${random.pick(kVerbs)} ${random.pick(kObjects)} ${random.pick(kEnds)}.`;
}

export function paragraph(random, sentences = random.between(3, 7)) {
  return Array.from({ length: sentences }, () => sentence(random)).join(' ');
}
