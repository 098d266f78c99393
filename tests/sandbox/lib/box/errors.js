// SPDX-License-Identifier: Apache-2.0
// Box's refusals, and the JSON object that carries them.

import { randomBytes } from 'node:crypto';
import { json, reply } from '../kernel/reply.js';

const kWords = {
  not_found: 'Not Found',
  trashed: 'Item is trashed',
  not_trashed: 'Item is not trashed',
  access_denied_insufficient_permissions: 'Access denied - insufficient permission',
  access_denied_item_locked: 'Access denied - item locked',
  insufficient_scope: 'The request requires higher privileges than provided by the access token.',
  storage_limit_exceeded: 'Account storage limit reached',
  file_size_limit_exceeded: 'File size exceeds the folder owner’s file size limit',
  request_entity_too_large: 'Request Entity Too Large',
  item_name_in_use: 'Item with the same name already exists',
  item_name_invalid: 'Item name invalid',
  item_name_too_long: 'Item name too long',
  precondition_failed: 'The resource has been modified. Please retrieve the resource again and retry',
  folder_not_empty: 'Cannot delete - folder not empty',
  forbidden_by_policy: 'Access denied - malicious content has been detected in this file',
  user_email_confirmation_required: 'User needs to complete email confirmation',
  metadata_after_file_contents: 'The attributes part must come before the file part',
  bad_digest: 'The specified content-md5 did not match what we received',
  file_size_too_small: 'The file is too small for an upload session',
  session_expired: 'The upload session has expired',
  range_overlaps_existing_part: 'The part overlaps one that has been uploaded before',
  parts_mismatch: 'The parts of the commit are not the parts of the session',
  method_not_allowed: 'Method Not Allowed',
};

export class ApiError extends Error {
  constructor(status, code, { message = kWords[code] ?? 'Bad Request', context = null, headers = {} } = {}) {
    super(`${status} ${code}`);
    Object.assign(this, { status, code, words: message, context, headers });
  }
}

export function refuse(status, code, more) {
  return new ApiError(status, code, more);
}

export function notFound(name, value) {
  return refuse(404, 'not_found', {
    context: { errors: [{ reason: 'invalid_parameter', name, message: `Invalid value '${value}'. '${name}' with value '${value}' not found` }] },
  });
}

export function badParameter(name, message, code = 'invalid_parameter') {
  return refuse(400, code, { message, context: { errors: [{ reason: code, name, message }] } });
}

export function errorReply(error) {
  return json(
    error.status,
    {
      type: 'error',
      status: error.status,
      code: error.code,
      context_info: error.context,
      help_url: 'http://developers.box.com/docs/#errors',
      message: error.words,
      request_id: randomBytes(8).toString('hex').slice(0, 12),
    },
    error.headers,
  );
}

// Said by the header alone.
export function unauthorized() {
  return reply(401, { 'WWW-Authenticate': 'Bearer realm="Service", error="invalid_token", error_description="The access token provided is invalid."' }, '');
}
