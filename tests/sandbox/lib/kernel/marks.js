// SPDX-License-Identifier: Apache-2.0
// What a test may say about a file or folder through the control door; each cloud makes of it what it knows.

export const kMarks = [
  'readOnly', // may be read only, with everything below
  'locked', // by somebody else
  'restricted', // a legal or policy block
  'infected', // malware
  'noDownload', // its owner forbids to take the bytes away
  'shared', // { owner, role }: it belongs to somebody else
  'shareWith', // { e-mail address: role }
  'exportAs', // no bytes of its own: what it is exported as
  'exportOptions',
  'exportBytes', // how large an export is said to be
  'resourceKey', // without which others do not find what is shared with them
  'native', // a document that lives in the cloud only: its kind
];

export function setMarks(node, marks) {
  for (const name of kMarks) if (marks[name] !== undefined) node[name] = marks[name] ?? undefined;
}
