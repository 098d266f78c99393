// SPDX-License-Identifier: Apache-2.0
// Puts a sandbox together from its parts and runs it.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kClouds } from './clouds.js';
import { certificateFor } from './kernel/certificate.js';
import { Clients } from './kernel/clients.js';
import { Clock } from './kernel/clock.js';
import { Control } from './kernel/control.js';
import { Faults } from './kernel/faults.js';
import { Front } from './kernel/front.js';
import { frontPage } from './kernel/pages.js';
import { People } from './kernel/people.js';
import { html, text } from './kernel/reply.js';
import { RequestLog } from './kernel/request_log.js';
import { filler, manifestOf } from './samples/fill.js';
import { defaultCache, sampleFiles } from './samples/generate.js';

const kLoopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

export const kDefaults = {
  host: '127.0.0.1',
  port: 0,
  httpsPort: 0, // undefined: no HTTPS
  state: undefined, // a folder that outlives the run; default: one that does not
  cache: undefined, // where the sample files are kept between runs
  seedFiles: undefined, // a folder to take the people's files from instead; 'none' for empty clouds
  publicUrl: undefined,
  redirectUris: [],
  autoApprove: false,
  control: true,
  report: () => {},
  tell: () => {},
};

export function credentialsOf(people, redirectUris, endpoints = () => ({})) {
  const rules = ['loopback', ...redirectUris];
  return Object.fromEntries(kClouds.map(([name, Cloud]) => [name, { ...endpoints(name), ...Cloud.credentials(people, rules) }]));
}

async function manifestFor({ seedFiles, cache, tell }) {
  if (seedFiles === 'none') return { name: 'none', files: [] };
  if (seedFiles !== undefined) return manifestOf(resolve(seedFiles));
  return sampleFiles(cache ?? defaultCache(), tell);
}

export async function startSandbox(given = {}) {
  const options = { ...kDefaults, ...given };
  const state = options.state === undefined ? await mkdtemp(join(tmpdir(), 'cloud-sandbox-')) : resolve(options.state);
  await mkdir(state, { recursive: true });
  const clock = new Clock();
  const people = new People();
  const clients = new Clients(['loopback', ...options.redirectUris]);
  const faults = new Faults();
  const log = new RequestLog();
  const manifest = await manifestFor(options);
  const fill = options.seedFiles === 'none' ? (drive) => drive.makeFolder(['Scans'], 'samples') : filler(manifest);
  const clouds = kClouds.map(
    ([name, Cloud]) =>
      new Cloud({ clock, people, clients, fill, samples: manifest.name, autoApprove: options.autoApprove, folder: join(state, name), report: options.report, keep: options.state !== undefined }),
  );
  const publicUrl = options.publicUrl?.replace(/\/+$/, '');
  const sandbox = { clock, people, clouds, faults, log, state };
  const front = new Front({ clouds, faults, log, clock, publicUrl, report: options.report, local: (ask) => local(ask) });
  const control = new Control(sandbox);

  function local(ask) {
    if (ask.path === '/') return html(200, frontPage(clouds, { base: publicUrl ?? sandbox.url }));
    // Not over HTTPS, where a proxied stranger would look local, and not for pages in a browser.
    const allowed = options.control && !ask.secure && kLoopback.has(ask.remote) && ask.headers.origin === undefined;
    if (!ask.path.startsWith('/sandbox/') || !allowed) return text(404, 'Not found');
    return control.handle(ask);
  }

  const names = ['localhost', '127.0.0.1', '127.0.0.2', '::1', ...clouds.flatMap((cloud) => cloud.hostNames)];
  const tls = options.httpsPort === undefined ? undefined : await certificateFor(join(state, 'tls'), names);
  await front.listen({ host: options.host, port: options.port, httpsPort: options.httpsPort, tls });

  const shownHost = front.own.includes(':') ? `[${front.own}]` : front.own;
  sandbox.url = `http://${shownHost}:${front.port}`;
  sandbox.httpsUrl = front.httpsPort && `https://${shownHost}:${front.httpsPort}`;
  sandbox.ca = tls?.ca;
  sandbox.credentials = () => {
    const base = publicUrl ?? sandbox.url;
    return credentialsOf(people, options.redirectUris, (name) => clouds.find((cloud) => cloud.name === name).endpoints(`${base}/${name}`));
  };
  sandbox.reset = () => {
    clock.reset();
    faults.clear();
    log.clear();
    for (const cloud of clouds) cloud.reset();
  };
  sandbox.ready = () => ({
    http: sandbox.url,
    https: sandbox.httpsUrl,
    ca: sandbox.ca,
    public: publicUrl,
    control: options.control ? `${sandbox.url}/sandbox/control` : undefined,
    state,
    clouds: Object.fromEntries(clouds.map(({ name }) => [name, { http: `${sandbox.url}/${name}`, https: sandbox.httpsUrl && `${sandbox.httpsUrl}/${name}` }])),
    pid: process.pid,
  });
  sandbox.close = async () => {
    await front.close();
    await Promise.all(clouds.map((cloud) => cloud.close()));
    if (options.state === undefined) await rm(state, { recursive: true, force: true });
  };
  return sandbox;
}
