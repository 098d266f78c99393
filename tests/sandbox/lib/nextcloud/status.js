// SPDX-License-Identifier: Apache-2.0
// Which Nextcloud this is.

export const kVersion = '30.0.4';

export function statusFacts(cloud) {
  return {
    installed: true, maintenance: cloud.maintenance, needsDbUpgrade: false, version: `${kVersion}.1`, versionstring: kVersion,
    edition: '', productname: 'Nextcloud', extendedSupport: false,
  };
}
