// SPDX-License-Identifier: Apache-2.0
// Microsoft's sign-in library for Node, unchanged, at its own addresses: only where they lead is changed.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import { after, before, test } from 'node:test';
import * as msal from '@azure/msal-node';
import { formFields } from '../test/support.js';
import { kMara, kTomas, openOneDrive } from '../test/onedrive_support.js';

const { ConfidentialClientApplication, CryptoProvider, PublicClientApplication, ResponseMode } = msal;
const kBack = 'http://localhost:4321/back';
const kScopes = ['User.Read', 'Files.ReadWrite'];

let box;
let ca;
let asked;
before(async () => {
  box = await openOneDrive({ httpsPort: 0, autoApprove: true });
  ca = await readFile(box.sandbox.ca);
});
after(async () => {
  assert.deepEqual(box.problems, []);
  await box.sandbox.close();
});

// What the library uses to talk to the network, with every address leading to the sandbox.
function toSandbox(method, address, { body, headers = {} } = {}) {
  const { hostname, pathname, search, href } = new URL(address);
  asked.push(href.replace(/\?.*/, ''));
  const { port } = new URL(box.sandbox.httpsUrl);
  return new Promise((resolve, reject) => {
    const request = https.request({ host: '127.0.0.1', port, servername: hostname, ca, method, path: pathname + search, headers: { ...headers, Host: hostname } }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: JSON.parse(Buffer.concat(chunks).toString()) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

function options(tenant, clientId, clientSecret) {
  asked = [];
  const networkClient = { sendGetRequestAsync: (url, more) => toSandbox('GET', url, more), sendPostRequestAsync: (url, more) => toSandbox('POST', url, more) };
  const authority = `https://login.microsoftonline.com/${tenant}`;
  return { auth: { clientId, authority, ...(clientSecret ? { clientSecret } : {}), skipAuthorityMetadataCache: true }, system: { networkClient } };
}

const confidential = (tenant = 'common') => new ConfidentialClientApplication(options(tenant, box.onedrive.client_id, box.onedrive.client_secret));
const open = (tenant = 'common') => new PublicClientApplication(options(tenant, box.onedrive.public_client_id));

const local = (address) => String(address).replace('https://login.microsoftonline.com', box.base);

async function walk(address, person, decision = 'allow') {
  const post = async ({ action, fields }) => fetch(new URL(action, box.base), { method: 'POST', body: fields, redirect: 'manual' });
  const signIn = await (await fetch(local(address))).text();
  const consent = await (await post(formFields(signIn, 'person', person))).text();
  return new URL((await post(formFields(consent, 'decision', decision))).headers.get('location'));
}

async function signIn(application, person) {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const address = await application.getAuthCodeUrl({ scopes: kScopes, redirectUri: kBack, state: 'the-state', nonce: 'the-nonce', responseMode: ResponseMode.QUERY, codeChallenge: challenge, codeChallengeMethod: 'S256' });
  const back = await walk(address, person);
  assert.equal(back.searchParams.get('state'), 'the-state');
  const request = { code: back.searchParams.get('code'), scopes: kScopes, redirectUri: kBack, codeVerifier: verifier };
  return { result: await application.acquireTokenByCode(request, { nonce: 'the-nonce' }), request };
}

test('a personal account signs in with PKCE, and its token opens the drive', async () => {
  const application = confidential();
  const { result } = await signIn(application, kMara);
  assert.equal(result.account.username, kMara);
  assert.equal(result.tenantId, '9188040d-6c67-4c5b-b112-36a304b66dad');
  assert.equal(result.idTokenClaims.nonce, 'the-nonce');
  assert.ok(result.expiresOn > new Date(Date.now() + 3_000_000));
  assert.equal((await box.get('/me/drive', { token: result.accessToken })).body.driveType, 'personal');
  assert.ok(asked.some((url) => url.endsWith('/common/v2.0/.well-known/openid-configuration')), asked.join());
});

test('a work account signs in with a public client', async () => {
  const { result } = await signIn(open('organizations'), kTomas);
  assert.equal((await box.get('/me/drive', { token: result.accessToken })).body.driveType, 'business');
  assert.notEqual(result.tenantId, '9188040d-6c67-4c5b-b112-36a304b66dad');
});

test('a token is renewed silently, and the refresh token with it', async () => {
  const application = open('consumers');
  const { result } = await signIn(application, kMara);
  const tokens = () => Object.values(JSON.parse(application.getTokenCache().serialize()).RefreshToken).map((one) => one.secret);
  const [first] = tokens();
  const renewed = await application.acquireTokenSilent({ account: result.account, scopes: kScopes, forceRefresh: true });
  assert.notEqual(renewed.accessToken, result.accessToken);
  assert.notEqual(tokens()[0], first);
  const again = await application.acquireTokenByRefreshToken({ refreshToken: first, scopes: kScopes });
  assert.ok(again.accessToken);
});

test('refusals arrive as the library expects them', async () => {
  const application = confidential();
  const { result, request } = await signIn(application, kMara);
  await assert.rejects(application.acquireTokenByCode(request), (error) => error instanceof msal.ServerError && error.errorCode === 'invalid_grant');
  await box.control({ do: 'clock', advanceSeconds: 91 * 86400 });
  const tooOld = await application.acquireTokenSilent({ account: result.account, scopes: kScopes, forceRefresh: true }).catch((error) => error);
  assert.equal(tooOld.errorCode, 'invalid_grant');
  assert.match(tooOld.errorMessage, /AADSTS700082/);
  await box.control({ do: 'reset' });
  const address = await open().getAuthCodeUrl({ scopes: kScopes, redirectUri: kBack });
  assert.equal((await walk(address, kMara, 'deny')).searchParams.get('error'), 'access_denied');
});

test('a person signs in on another device with a code', async () => {
  const application = open('consumers');
  const result = await application.acquireTokenByDeviceCode({
    scopes: kScopes,
    deviceCodeCallback: ({ verificationUri, userCode }) => {
      assert.match(userCode, /^[A-Z0-9]{9}$/);
      fetch(`${box.base}/devicelogin?auto_approve=${kMara}&code=${userCode}`).then((page) => assert.equal(page.status, 200));
      assert.ok(verificationUri);
    },
  });
  assert.equal(result.account.username, kMara);
});
