// SPDX-License-Identifier: Apache-2.0
// The command line of cloud-sandbox.

import { parseArgs } from 'node:util';
import { credentialsOf, startSandbox } from './sandbox.js';
import { People } from './kernel/people.js';
import { defaultCache, sampleFiles } from './samples/generate.js';

const kUsage = `cloud-sandbox [options]: emulated clouds with sample people and files

  --host ADDRESS         where to listen (127.0.0.1)
  --port N               HTTP port, 0 for a free one (0)
  --https-port N|off     HTTPS port (0)
  --state DIR            uploads, certificates; kept after the end (default: a temporary folder)
  --cache DIR            where generated sample files are kept (${defaultCache()})
  --seed-files DIR|none  people's files from this folder instead of the generated ones
  --public-url URL       start of the absolute links in answers
  --redirect-uri URL     one more allowed redirect address; may be given several times
  --auto-approve         /authorize?...&auto_approve=EMAIL grants without pages
  --no-control           no /sandbox/ addresses
  --die-with-parent      end when the starting process ends
  --quiet                no log lines on standard error

  --make-files           make the sample files and end
  --print-credentials    client ids, redirect rules and ready tokens as JSON, and end
      --from URL         those of a running sandbox, with its addresses
  --help

One JSON line with the addresses on standard output says that it is ready.
`;

const kOptions = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '0' },
  'https-port': { type: 'string', default: '0' },
  state: { type: 'string' },
  cache: { type: 'string' },
  'seed-files': { type: 'string' },
  'public-url': { type: 'string' },
  'redirect-uri': { type: 'string', multiple: true, default: [] },
  'auto-approve': { type: 'boolean', default: false },
  'no-control': { type: 'boolean', default: false },
  'die-with-parent': { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  'make-files': { type: 'boolean', default: false },
  'print-credentials': { type: 'boolean', default: false },
  from: { type: 'string' },
  help: { type: 'boolean', default: false },
};

class UsageError extends Error {}

function parse(args) {
  try {
    const { values } = parseArgs({ args, options: kOptions });
    const port = (name) => {
      const number = Number(values[name]);
      if (!Number.isInteger(number) || number < 0 || number > 65535) throw new Error(`--${name} must be a port number`);
      return number;
    };
    for (const url of [values['public-url'], ...values['redirect-uri']]) if (url !== undefined) new URL(url);
    return { values, port: port('port'), httpsPort: values['https-port'] === 'off' ? undefined : port('https-port') };
  } catch (error) {
    throw new UsageError(error.message);
  }
}

async function printCredentials({ from, 'redirect-uri': redirectUris }) {
  let credentials = credentialsOf(new People(), redirectUris);
  if (from !== undefined) {
    const answer = await fetch(new URL('/sandbox/credentials', from));
    if (!answer.ok) throw new Error(`${from} does not give its credentials (${answer.status})`);
    credentials = await answer.json();
  }
  process.stdout.write(`${JSON.stringify(credentials, null, 2)}\n`);
}

async function serve({ values, port, httpsPort }) {
  const say = values.quiet ? () => {} : (line) => process.stderr.write(`cloud-sandbox: ${line}\n`);
  const parent = process.ppid;
  const sandbox = await startSandbox({
    host: values.host, port, httpsPort,
    state: values.state, cache: values.cache, seedFiles: values['seed-files'],
    publicUrl: values['public-url'], redirectUris: values['redirect-uri'],
    autoApprove: values['auto-approve'], control: !values['no-control'],
    report: (error) => say(error.stack), tell: say,
  });
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    sandbox.close().then(
      () => process.exit(0),
      (error) => {
        say(error.stack);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (values['die-with-parent']) {
    setInterval(() => {
      if (process.ppid !== parent) end();
    }, 250).unref();
  }
  process.stdout.on('error', () => {});
  process.stdout.write(`${JSON.stringify(sandbox.ready())}\n`);
}

export async function run(args) {
  try {
    const parsed = parse(args);
    if (parsed.values.help) process.stdout.write(kUsage);
    else if (parsed.values['print-credentials']) await printCredentials(parsed.values);
    else if (parsed.values['make-files']) await sampleFiles(parsed.values.cache, (line) => process.stdout.write(`${line}\n`));
    else await serve(parsed);
  } catch (error) {
    process.stderr.write(`cloud-sandbox: ${error.message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
