// SPDX-License-Identifier: Apache-2.0
// Other forms of a file: PDF, pictures, text. They are made when somebody asks for their info address, and the
// state goes from none over pending to success or error.

import { asPdf, thumbnail } from '../kernel/convert.js';
import { textOf } from '../kernel/office_text.js';
import { BytesContent } from '../kernel/content.js';
import { contentReply, json } from '../kernel/reply.js';
import { itemOf } from './call.js';
import { notFound, refuse } from './errors.js';
import { isBlocked, versionId } from './items.js';

const kPdf = new Set(
  ('doc docx gdoc html msg odt pages pdf rtf wpd xhtml xml xsd xsl xbd xdw indd idml indt inx dwg gslide gslides key odp otp ppt pptx ' +
    'csv gsheet numbers ods tsv xls xlsm xlsx txt md json c cc cpp h hpp py js ts java css sh log yaml yml ini tex sql').split(' '),
);
const kText = new Set('doc docx odt rtf txt md csv xlsx odp pptx pdf html json'.split(' '));
const kPictures = new Set('jpg jpeg png tif tiff gif webp bmp ppm pdf'.split(' '));
const kSizes = { jpg: [32, 94, 160, 320, 1024, 2048], png: [1024, 2048] };
const kMostText = 500e6;

function endingOf(node) {
  return /\.([^.]+)$/.exec(node.name)?.[1].toLowerCase() ?? '';
}

// { name, label, properties } of one hint ("pdf", "jpg?dimensions=320x320"), or undefined when there is no such form.
function formOf(node, hint) {
  const [kind, query = ''] = hint.trim().split('?');
  const ending = endingOf(node);
  if (kind === 'pdf') return kPdf.has(ending) ? { kind, label: 'pdf', properties: {} } : undefined;
  if (kind === 'extracted_text') return kText.has(ending) && node.content.size <= kMostText ? { kind, label: 'extracted_text', properties: {} } : undefined;
  if (!Object.hasOwn(kSizes, kind) || !kPictures.has(ending)) return undefined;
  const dimensions = new URLSearchParams(query).get('dimensions') ?? `${kSizes[kind][0]}x${kSizes[kind][0]}`;
  const [, width, height] = /^(\d+)x(\d+)$/.exec(dimensions) ?? [];
  const size = Number(width);
  if (width !== height || !kSizes[kind].includes(size)) return undefined;
  if (kind === 'jpg' && size === 2048 && !['jpg', 'jpeg'].includes(ending)) return undefined;
  return { kind, size, label: `${kind}_${dimensions}`, properties: { dimensions, paged: 'false', thumb: size <= 1024 ? 'true' : 'false' } };
}

async function picture(content, ending, format, size, folder) {
  return new BytesContent(await thumbnail(content, `.${ending}`, { format: format === 'jpg' ? 'jpeg' : 'png', width: size, height: size, mode: 'bestfit', folder }));
}

async function make(cloud, node, { kind, size }) {
  const ending = endingOf(node);
  const { content } = node;
  if (kind === 'pdf' && ending === 'pdf') return content;
  if (kind === 'pdf') return asPdf(content, `.${ending}`, cloud.workFolder);
  if (kind === 'extracted_text') return new BytesContent(Buffer.from(textOf(await content.bytes(), `.${ending}`) ?? ''));
  return picture(content, ending, kind, size, cloud.workFolder);
}

// Bytes of a small picture of a file, or undefined.
export async function pictureOf(call, node, format, size) {
  if (!kPictures.has(endingOf(node))) return undefined;
  const key = `${call.drive.owner}/${node.rev}/${format}/${size}`;
  const { thumbnails } = call.cloud;
  if (!thumbnails.has(key)) thumbnails.set(key, picture(node.content, endingOf(node), format, size, call.cloud.workFolder).then((made) => made.bytes()));
  return thumbnails.get(key).catch(() => undefined);
}

function stateOf(call, node, form) {
  return call.cloud.representations.get(`${call.drive.owner}/${node.rev}/${form.label}`) ?? { state: 'none' };
}

function begin(call, node, form) {
  const key = `${call.drive.owner}/${node.rev}/${form.label}`;
  const record = { state: 'pending', asked: 0 };
  call.cloud.representations.set(key, record);
  record.work = make(call.cloud, node, form).then(
    (content) => Object.assign(record, content ? { ready: content } : { failed: 'error_unsupported_format' }),
    () => Object.assign(record, { failed: /password|encrypt/i.test(node.name) ? 'error_password_protected' : 'error_conversion_failed' }),
  );
  return record;
}

function describe(call, node, form, state) {
  const place = `/internal_files/${node.id}/versions/${versionId(node.rev)}/representations/${form.label}`;
  return {
    representation: form.kind,
    properties: form.properties,
    info: { url: `${call.cloud.apiHost(call.ask)}/2.0${place}` },
    status: { state: state.state, ...(state.code ? { code: state.code } : {}) },
    content: { url_template: `${call.cloud.bytesHost(call.ask)}/api/2.0${place}/content/{+asset_path}` },
  };
}

// `[pdf][jpg?dimensions=320x320,png?dimensions=1024x1024]`: of each pair of brackets the first form that there is.
export async function withRepresentations(call, node, about) {
  const groups = [...(call.ask.headers['x-rep-hints'] ?? '').matchAll(/\[([^\]]*)\]/g)].map(([, inner]) => inner.split(','));
  const forms = isBlocked(node) ? [] : groups.map((hints) => hints.map((hint) => formOf(node, hint)).find(Boolean)).filter(Boolean);
  return { ...about, representations: { entries: forms.map((form) => describe(call, node, form, stateOf(call, node, form))) } };
}

function formFrom(call, id, version, label) {
  const node = itemOf(call, id, 'file');
  const [kind, dimensions] = label.split(/_(?=\d)/);
  const form = versionId(node.rev) === version ? formOf(node, dimensions ? `${kind}?dimensions=${dimensions}` : kind) : undefined;
  if (!form) throw notFound('representation', label);
  return { node, form };
}

// Asking is what starts the work; the first answers say pending.
async function info(call, id, version, label) {
  const { node, form } = formFrom(call, id, version, label);
  let state = stateOf(call, node, form);
  if (state.state === 'none') state = begin(call, node, form);
  else if (state.state === 'pending' && ++state.asked >= call.cloud.pendingPolls) {
    await state.work;
    Object.assign(state, state.failed ? { state: 'error', code: state.failed } : { state: 'success' });
  }
  return json(200, describe(call, node, form, state));
}

const kMediaTypes = { pdf: 'application/pdf', jpg: 'image/jpeg', png: 'image/png', extracted_text: 'text/plain; charset=utf-8' };

export function representationContent(call, id, version, label) {
  const { node, form } = formFrom(call, id, version, label);
  const state = stateOf(call, node, form);
  if (state.state !== 'success') throw refuse(404, 'not_found', { message: 'The representation is not there yet' });
  const { query } = call.ask;
  const name = query.get('set_content_disposition_filename') ?? `${node.name}.${form.kind}`;
  return contentReply(state.ready, call.ask.headers.range, {
    'Content-Type': kMediaTypes[form.kind],
    'Content-Disposition': `${query.get('set_content_disposition_type') ?? 'attachment'};filename*=UTF-8''${encodeURIComponent(name).replace(/'/g, '%27')}`,
  });
}

export const representationRoutes = [['GET', '/internal_files/:id/versions/:version/representations/:label', 'read', info]];
