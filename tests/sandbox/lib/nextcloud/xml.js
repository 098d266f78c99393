// SPDX-License-Identifier: Apache-2.0
// XML of WebDAV: small request bodies read with their namespaces, answers written.

export const kDav = 'DAV:';
export const kOwn = 'http://owncloud.org/ns';
export const kNext = 'http://nextcloud.org/ns';
const kPrefixes = { [kDav]: 'd', [kOwn]: 'oc', [kNext]: 'nc' };

export class XmlError extends Error {}

const kEntities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text) {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name) => {
    if (name[0] === '#') return String.fromCodePoint(name[1].toLowerCase() === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)));
    if (!Object.hasOwn(kEntities, name)) throw new XmlError(`unknown entity ${whole}`);
    return kEntities[name];
  });
}

export function escape(text) {
  return String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
}

const kToken = /<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[([^]*?)\]\]>|<(\/?)([^\s/>]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;

function attributesOf(text) {
  return [...text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name, one, two]) => [name, unescape(one ?? two)]);
}

function named(name, spaces) {
  const [prefix, local] = name.includes(':') ? name.split(':') : ['', name];
  const space = spaces[prefix];
  if (space === undefined && prefix !== '') throw new XmlError(`undeclared prefix ${prefix}`);
  return { space: space ?? '', local };
}

// The root element: { space, local, children, text }. Throws XmlError.
export function parseXml(text) {
  if (/<!DOCTYPE/i.test(text)) throw new XmlError('no document types');
  const top = { children: [], text: '' };
  const stack = [{ node: top, spaces: {} }];
  kToken.lastIndex = 0;
  const source = text.replace(/^\uFEFF/, '').trim();
  while (kToken.lastIndex < source.length) {
    const at = kToken.lastIndex;
    const match = kToken.exec(source);
    if (!match) throw new XmlError(`not well-formed at ${at}`);
    const [, cdata, closing, name, attributes, empty, words] = match;
    const { node, spaces } = stack[stack.length - 1];
    if (cdata !== undefined) node.text += cdata;
    else if (words !== undefined) node.text += unescape(words);
    else if (name === undefined) continue;
    else if (closing) {
      if (node.raw !== name || stack.length === 1) throw new XmlError(`unexpected </${name}>`);
      stack.pop();
    } else {
      const inner = { ...spaces };
      for (const [key, value] of attributesOf(attributes)) if (key === 'xmlns' || key.startsWith('xmlns:')) inner[key.slice(6)] = value;
      const child = { raw: name, ...named(name, inner), children: [], text: '' };
      node.children.push(child);
      if (!empty) stack.push({ node: child, spaces: inner });
    }
  }
  if (stack.length !== 1 || top.children.length !== 1) throw new XmlError('not one whole element');
  return top.children[0];
}

export function childOf(node, space, local) {
  return node?.children.find((one) => one.space === space && one.local === local);
}

// A property's element: known namespaces by their prefix, others declared in place.
export function element({ space, local }, inner = '') {
  const prefix = kPrefixes[space];
  const [name, declared] = prefix ? [`${prefix}:${local}`, ''] : [`x:${local}`, ` xmlns:x="${escape(space)}"`];
  return inner === '' ? `<${name}${declared}/>` : `<${name}${declared}>${inner}</${name}>`;
}

export function multistatus(responses) {
  return `<?xml version="1.0"?>\n<d:multistatus xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns" xmlns:oc="${kOwn}" xmlns:nc="${kNext}">${responses.join('')}</d:multistatus>\n`;
}

// A path as the original writes it: everything but a few characters escaped, in small letters.
export function encodePath(path) {
  return [...Buffer.from(path)].map((byte) => (/[A-Za-z0-9_\-.~()/]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`)).join('');
}
