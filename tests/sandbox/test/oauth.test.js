// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { formFields, kMara, openSandbox, pkce } from './support.js';

const kBack = 'http://127.0.0.1:7777/back';
let box;
before(async () => {
  box = await openSandbox({ redirectUris: ['https://portal.example/link/'] });
});
after(() => box.sandbox.close());

function authorizeUrl(fields) {
  const query = new URLSearchParams({ client_id: box.dropbox.client_id, response_type: 'code', redirect_uri: kBack, state: 's t&1', token_access_type: 'offline', ...fields });
  for (const [name, value] of [...query]) if (value === '') query.delete(name);
  return `/oauth2/authorize?${query}`;
}

const page = (path) => box.send(path, { method: 'GET', token: null });
const post = (found) => box.send(found.action.replace(/^\/dropbox/, ''), { token: null, body: found.fields });

// A person walks through the pages; gives the address they are sent back to.
async function walk(fields, { person = kMara, decision = 'allow' } = {}) {
  const signIn = await page(authorizeUrl(fields));
  assert.equal(signIn.status, 200, signIn.text);
  const consent = await post(formFields(signIn.text, 'person', person));
  assert.match(consent.text, /would like to use your account/);
  const back = await post(formFields(consent.text, 'decision', decision));
  assert.equal(back.status, 302, back.text);
  return new URL(back.headers.get('location'));
}

const token = (fields, options = {}) => box.send('/oauth2/token', { token: null, body: new URLSearchParams({ client_id: box.dropbox.client_id, ...fields }), ...options });

test('a person signs in, allows, and the code becomes tokens once', async () => {
  const { verifier, challenge } = pkce();
  const back = await walk({ code_challenge: challenge, code_challenge_method: 'S256', scope: 'account_info.read files.metadata.read' });
  assert.equal(back.origin + back.pathname, kBack);
  assert.equal(back.searchParams.get('state'), 's t&1');
  const redeem = { grant_type: 'authorization_code', code: back.searchParams.get('code'), redirect_uri: kBack };
  assert.equal((await token({ ...redeem, code_verifier: 'x'.repeat(43) })).body.error, 'invalid_grant');
  const { status, body } = await token({ ...redeem, code_verifier: verifier });
  assert.equal(status, 200);
  assert.equal(body.expires_in, 14400);
  assert.equal(body.token_type, 'bearer');
  assert.equal(body.scope, 'account_info.read files.metadata.read');
  assert.match(body.access_token, /^sl\./);
  assert.match(body.account_id, /^dbid:.{35}$/);
  assert.equal((await token({ ...redeem, code_verifier: verifier })).body.error, 'invalid_grant');
  assert.equal((await box.noArgument('users/get_current_account', { token: body.access_token })).body.email, kMara);
  const missing = await box.content('files/download', { path: '/x' }, undefined, { token: body.access_token });
  assert.equal(missing.status, 401);
  assert.deepEqual(missing.body.error, { '.tag': 'missing_scope', required_scope: 'files.content.read' });
});

test('plain PKCE, and a client secret instead of PKCE', async () => {
  const { verifier } = pkce();
  const plain = await walk({ code_challenge: verifier, code_challenge_method: 'plain' });
  assert.equal((await token({ grant_type: 'authorization_code', code: plain.searchParams.get('code'), redirect_uri: kBack, code_verifier: verifier })).status, 200);
  const secret = await walk({});
  const redeem = { grant_type: 'authorization_code', code: secret.searchParams.get('code'), redirect_uri: kBack };
  assert.equal((await token(redeem)).body.error, 'invalid_client');
  assert.equal((await token({ ...redeem, client_secret: 'wrong' })).body.error, 'invalid_client');
  assert.equal((await token({ ...redeem, redirect_uri: `${kBack}/` , client_secret: box.dropbox.client_secret })).body.error, 'invalid_grant');
  assert.equal((await token({ ...redeem, client_secret: box.dropbox.client_secret })).status, 200);
});

test('cancel goes back with access_denied and the state', async () => {
  const back = await walk({}, { decision: 'deny' });
  assert.equal(back.searchParams.get('error'), 'access_denied');
  assert.equal(back.searchParams.get('state'), 's t&1');
  assert.equal(back.searchParams.get('code'), null);
});

test('a redirect that is not registered is never followed', async () => {
  for (const redirect_uri of ['https://evil.example/', 'http://127.0.0.1.evil.example/', 'https://portal.example/other', 'https://portal.example.evil/link/', 'javascript:alert(1)', 'http://a@127.0.0.1/']) {
    const answer = await page(authorizeUrl({ redirect_uri }));
    assert.equal(answer.status, 400, redirect_uri);
    assert.equal(answer.headers.get('location'), null);
    assert.match(answer.text, /redirect_uri/);
  }
  assert.equal((await page(authorizeUrl({ redirect_uri: 'https://portal.example/link/back' }))).status, 200);
  assert.equal((await page(authorizeUrl({ client_id: 'nobody' }))).status, 400);
});

test('other mistakes go back to the application', async () => {
  const errorOf = async (fields) => new URL((await page(authorizeUrl(fields))).headers.get('location')).searchParams.get('error');
  assert.equal(await errorOf({ response_type: 'token' }), 'unsupported_response_type');
  assert.equal(await errorOf({ scope: 'files.everything' }), 'invalid_scope');
  assert.equal(await errorOf({ code_challenge: 'short', code_challenge_method: 'S256' }), 'invalid_request');
});

test('without a redirect address the code is shown for copying', async () => {
  const signIn = await page(authorizeUrl({ redirect_uri: '' }));
  const consent = await post(formFields(signIn.text, 'person', kMara));
  const shown = await post(formFields(consent.text, 'decision', 'allow'));
  assert.equal(shown.status, 200);
  const [, code] = /<code class="copy">([^<]+)</.exec(shown.text);
  assert.equal((await token({ grant_type: 'authorization_code', code, client_secret: box.dropbox.client_secret })).status, 200);
});

test('a code is good for a few minutes only', async () => {
  const back = await walk({});
  await box.control({ do: 'clock', advanceSeconds: 301 });
  const late = await token({ grant_type: 'authorization_code', code: back.searchParams.get('code'), redirect_uri: kBack, client_secret: box.dropbox.client_secret });
  assert.equal(late.body.error, 'invalid_grant');
});

test('access tokens end after four hours; the refresh token stays and is not rotated', async () => {
  const { verifier, challenge } = pkce();
  const back = await walk({ code_challenge: challenge, code_challenge_method: 'S256' });
  const first = (await token({ grant_type: 'authorization_code', code: back.searchParams.get('code'), redirect_uri: kBack, code_verifier: verifier })).body;
  await box.control({ do: 'clock', advanceSeconds: 14401 });
  const late = await box.noArgument('users/get_current_account', { token: first.access_token });
  assert.equal(late.status, 401);
  assert.equal(late.body.error['.tag'], 'expired_access_token');
  for (const attempt of [1, 2]) {
    const next = await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
    assert.deepEqual(Object.keys(next.body).sort(), ['access_token', 'expires_in', 'token_type'], `attempt ${attempt}`);
    assert.equal((await box.noArgument('users/get_current_account', { token: next.body.access_token })).status, 200);
  }
});

test('parameters may come in the query string', async () => {
  const query = new URLSearchParams({ grant_type: 'refresh_token', client_id: box.dropbox.client_id, refresh_token: box.person(kMara).refresh_token });
  const answer = await box.send(`/oauth2/token?${query}`, { token: null, headers: { 'Content-Type': 'application/json' } });
  assert.equal(answer.status, 200);
});

test('online access gives no refresh token', async () => {
  const back = await walk({ token_access_type: 'online' });
  const { body } = await token({ grant_type: 'authorization_code', code: back.searchParams.get('code'), redirect_uri: kBack, client_secret: box.dropbox.client_secret });
  assert.equal(body.refresh_token, undefined);
});

test('revoking kills the token, its refresh token and its other access tokens', async () => {
  const aiko = box.person('aiko.tanaka@example.net');
  const refresh = () => token({ grant_type: 'refresh_token', refresh_token: aiko.refresh_token });
  const other = (await refresh()).body.access_token;
  const revoked = await box.noArgument('auth/token/revoke', { token: other });
  assert.equal(revoked.status, 200);
  assert.equal(revoked.text, 'null');
  for (const value of [other, aiko.access_token]) {
    assert.equal((await box.noArgument('users/get_current_account', { token: value })).body.error['.tag'], 'invalid_access_token');
  }
  assert.deepEqual((await refresh()).body, { error: 'invalid_grant', error_description: 'refresh token is invalid or revoked' });
});

test('the token endpoint answers mistakes in the standard way', async () => {
  assert.equal((await token({ grant_type: 'password' })).body.error, 'unsupported_grant_type');
  assert.equal((await token({ client_id: 'nobody', grant_type: 'refresh_token' })).body.error, 'invalid_client');
  assert.equal((await box.noArgument('users/get_current_account', { token: null })).status, 400);
});

test('nothing is approved by a link alone, unless the sandbox was started so', async () => {
  const answer = await page(`${authorizeUrl({})}&auto_approve=${kMara}`);
  assert.equal(answer.status, 200);
  const eager = await openSandbox({ autoApprove: true });
  try {
    const back = await eager.send(`${authorizeUrl({})}&auto_approve=${kMara}`, { method: 'GET', token: null });
    assert.equal(back.status, 302);
    assert.ok(new URL(back.headers.get('location')).searchParams.get('code'));
  } finally {
    await eager.sandbox.close();
  }
});

test('the pages carry no script, and escape what they are given', async () => {
  const signIn = await page(authorizeUrl({ state: '"><script>alert(1)</script>' }));
  assert.doesNotMatch(signIn.text, /<script/);
  assert.match(signIn.headers.get('content-security-policy'), /default-src 'none'/);
  assert.match(signIn.text, /Dropbox sandbox/);
});
