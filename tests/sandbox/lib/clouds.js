// SPDX-License-Identifier: Apache-2.0
// The one list of clouds. A cloud is a folder beside this file with a class that has: name, title, colour,
// hostNames, grants, handle(ask), drive(email), endpoints(base), reset(), close(), static credentials(); and where it has
// settings of its own, control(command); and where paths are secrets, loggedPath(path).

import { BoxCloud } from './box/cloud.js';
import { DropboxCloud } from './dropbox/cloud.js';
import { GoogleDriveCloud } from './google-drive/cloud.js';
import { NextcloudCloud } from './nextcloud/cloud.js';
import { OneDriveCloud } from './onedrive/cloud.js';

export const kClouds = [
  ['box', BoxCloud],
  ['dropbox', DropboxCloud],
  ['google-drive', GoogleDriveCloud],
  ['onedrive', OneDriveCloud],
  ['webdav', NextcloudCloud],
];
