// SPDX-License-Identifier: Apache-2.0
// A certificate authority of the sandbox's own, and a server certificate for the clouds' host names.

import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function certificateFor(folder, names) {
  await mkdir(folder, { recursive: true });
  const file = (name) => join(folder, name);
  const hosts = names.map((name) => (/^[\d.]+$|:/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',');
  const known = await readFile(file('names.txt'), 'utf8').catch(() => '');
  if (known !== hosts || !(await stillGood(file('server.pem')))) await make(file, hosts);
  return { ca: file('ca.pem'), key: await readFile(file('server.key')), cert: await readFile(file('server.pem')) };
}

async function stillGood(path) {
  return run('openssl', ['x509', '-in', path, '-noout', '-checkend', String(7 * 86400)]).then(
    () => true,
    () => false,
  );
}

async function make(file, hosts) {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  if (!(await stillGood(file('ca.pem')))) {
    await run('openssl', [
      'req', '-x509', ...key, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-days', '3650',
      '-subj', '/O=Sandbox clouds/CN=Sandbox clouds test authority',
      '-addext', 'keyUsage=critical,keyCertSign,cRLSign',
    ]);
  }
  await run('openssl', [
    'req', '-new', ...key, '-keyout', file('server.key'), '-out', file('server.csr'), '-subj', '/CN=cloud-sandbox',
  ]);
  await writeFile(
    file('extensions.cnf'),
    `subjectAltName=${hosts}\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature\n`,
  );
  await run('openssl', [
    'x509', '-req', '-in', file('server.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial',
    '-days', '800', '-extfile', file('extensions.cnf'), '-out', file('server.pem'),
  ]);
  await rm(file('server.csr'));
  await writeFile(file('names.txt'), hosts);
}
