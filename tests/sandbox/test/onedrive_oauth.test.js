// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { formFields, pkce } from './support.js';
import { kMara, kTomas, openOneDrive } from './onedrive_support.js';

const kBack = 'http://localhost:9999/back';
const kScope = 'offline_access openid profile email User.Read Files.ReadWrite.All Sites.Read.All';
let box;
before(async () => {
  box = await openOneDrive({ autoApprove: true });
});
after(async () => {
  assert.deepEqual(box.problems, []);
  await box.sandbox.close();
});

function address(more = {}, tenant = 'common') {
  const fields = { client_id: box.onedrive.client_id, response_type: 'code', redirect_uri: kBack, response_mode: 'query', scope: kScope, state: 's&1', ...more };
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== undefined));
  return `${box.base}/${tenant}/oauth2/v2.0/authorize?${query}`;
}

async function back(more, tenant) {
  const answer = await fetch(address(more, tenant), { redirect: 'manual' });
  return { status: answer.status, text: await answer.text(), fields: answer.headers.get('location') && new URL(answer.headers.get('location')).searchParams };
}

async function token(fields, { tenant = 'common', secret = box.onedrive.client_secret } = {}) {
  const body = new URLSearchParams(Object.entries({ client_id: box.onedrive.client_id, client_secret: secret, ...fields }).filter(([, value]) => value !== undefined && value !== null));
  const answer = await fetch(`${box.base}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body });
  return { status: answer.status, body: await answer.json() };
}

async function signIn(person = kMara, more = {}, tenant = 'common') {
  const { verifier, challenge } = pkce();
  const { fields } = await back({ auto_approve: person, code_challenge: challenge, code_challenge_method: 'S256', ...more }, tenant);
  return { code: fields.get('code'), grant: { grant_type: 'authorization_code', code: fields.get('code'), redirect_uri: kBack, code_verifier: verifier } };
}

const claims = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString());

test('a person chooses, allows, and the code becomes tokens once', async () => {
  const { verifier, challenge } = pkce();
  const page = await (await fetch(address({ code_challenge: challenge, code_challenge_method: 'S256' }))).text();
  assert.match(page, /work account/);
  assert.doesNotMatch(page, /<script/);
  const post = ({ action, fields }) => fetch(new URL(action, box.base), { method: 'POST', body: fields, redirect: 'manual' });
  const consent = await (await post(formFields(page, 'person', kMara))).text();
  const target = new URL((await post(formFields(consent, 'decision', 'allow'))).headers.get('location'));
  assert.equal(target.searchParams.get('state'), 's&1');
  const grant = { grant_type: 'authorization_code', code: target.searchParams.get('code'), redirect_uri: kBack, code_verifier: verifier };
  const { status, body } = await token(grant);
  assert.equal(status, 200);
  assert.equal(body.scope, 'openid profile email User.Read Files.ReadWrite.All');
  assert.ok(body.refresh_token && body.access_token.startsWith('EwB'));
  const facts = claims(body.id_token);
  assert.deepEqual([facts.email, facts.tid, facts.aud], [kMara, '9188040d-6c67-4c5b-b112-36a304b66dad', box.onedrive.client_id]);
  assert.equal((await box.get('/me', { token: body.access_token })).status, 200);
  const again = await token(grant);
  assert.deepEqual([again.status, again.body.error, again.body.error_codes], [400, 'invalid_grant', [70008]]);
});

test('a tenant lets in its own people only', async () => {
  const consumers = await (await fetch(address({}, 'consumers'))).text();
  assert.ok(consumers.includes(kMara) && !consumers.includes(kTomas));
  const work = await (await fetch(address({}, 'organizations'))).text();
  assert.ok(!work.includes(kMara) && work.includes(kTomas));
  const { grant } = await signIn(kTomas);
  const tid = claims((await token(grant)).body.id_token).tid;
  const own = await (await fetch(address({}, tid))).text();
  assert.ok(own.includes(kTomas) && !own.includes('aiko'));
  assert.match((await back({}, 'nowhere.example')).text, /AADSTS90002/);
});

test('mistakes: a page where going back would be wrong, else the application is told', async () => {
  assert.match((await back({ client_id: 'unknown' })).text, /AADSTS700016/);
  assert.match((await back({ redirect_uri: 'https://evil.example/' })).text, /AADSTS50011/);
  assert.equal((await back({ response_type: 'token' })).fields.get('error'), 'unsupported_response_type');
  assert.equal((await back({ scope: undefined })).fields.get('error'), 'invalid_request');
  assert.equal((await back({ scope: 'Files.Everything' })).fields.get('error'), 'invalid_client');
  assert.equal((await back({ prompt: 'none' })).fields.get('error'), 'interaction_required');
  assert.equal((await back({ code_challenge: 'short', code_challenge_method: 'S256' })).fields.get('error'), 'invalid_request');
});

test('the token endpoint has its own words for each mistake', async () => {
  const { grant } = await signIn();
  for (const [fields, options, status, error, code] of [
    [grant, { secret: 'wrong' }, 401, 'invalid_client', 7000215],
    [grant, { secret: null }, 401, 'invalid_client', 7000218],
    [{ ...grant, client_id: 'nobody' }, {}, 400, 'unauthorized_client', 700016],
    [{ ...grant, client_id: box.onedrive.public_client_id }, {}, 401, 'invalid_client', 700025],
    [{ ...grant, code_verifier: 'x'.repeat(50) }, {}, 400, 'invalid_grant', 501481],
    [{ ...grant, code_verifier: undefined }, {}, 400, 'invalid_grant', 501481],
    [{ ...grant, redirect_uri: 'http://localhost:1/' }, {}, 400, 'invalid_client', 500112],
    [{ ...grant, code: undefined }, {}, 400, 'invalid_request', 900144],
    [{ grant_type: 'password' }, {}, 400, 'unsupported_grant_type', 70003],
    [{ grant_type: 'refresh_token', refresh_token: 'invented' }, {}, 400, 'invalid_grant', 9002313],
  ]) {
    const answer = await token(fields, options);
    assert.deepEqual([answer.status, answer.body.error, answer.body.error_codes], [status, error, [code]]);
    assert.match(answer.body.error_description, new RegExp(`^AADSTS${code}: `));
    assert.ok(answer.body.trace_id && answer.body.correlation_id && answer.body.timestamp);
  }
});

test('each refresh gives another refresh token, and the old one stays good', async () => {
  const first = (await token((await signIn()).grant)).body;
  const second = (await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).body;
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal((await token({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).status, 200);
  const wider = await token({ grant_type: 'refresh_token', refresh_token: second.refresh_token, scope: 'Files.ReadWrite' });
  assert.deepEqual([wider.body.error, wider.body.suberror], ['invalid_grant', 'consent_required']);
});

test('without offline_access there is no refresh token; without a scope a route is closed', async () => {
  const { grant } = await signIn(kTomas, { scope: 'User.Read Files.Read' });
  const { body } = await token(grant);
  assert.equal(body.refresh_token, undefined);
  assert.equal(body.id_token, undefined);
  assert.equal((await box.get('/me/drive/root', { token: body.access_token })).status, 200);
  const written = await box.send('PUT', '/me/drive/root:/x.txt:/content', { token: body.access_token, body: 'x' });
  assert.deepEqual([written.status, box.code(written)], [403, 'accessDenied']);
  assert.equal((await box.get('/me/followedSites', { token: body.access_token })).status, 403);
});

test('tokens end: after an hour, after ninety days without use, and when they are taken back', async () => {
  const { body } = await token((await signIn()).grant);
  await box.control({ do: 'clock', advanceSeconds: 3600 });
  const late = await box.get('/me', { token: body.access_token });
  assert.deepEqual([late.status, box.code(late)], [401, 'invalidAuthenticationToken']);
  assert.match(late.body.error.message, /expired/);
  assert.ok(late.headers.get('www-authenticate'));
  const fresh = (await token({ grant_type: 'refresh_token', refresh_token: body.refresh_token })).body;
  await box.control({ do: 'clock', advanceSeconds: 91 * 86400 });
  const tooLate = await token({ grant_type: 'refresh_token', refresh_token: fresh.refresh_token });
  assert.deepEqual(tooLate.body.error_codes, [700082]);
  await box.control({ do: 'reset' });
  const work = (await token((await signIn(kTomas)).grant)).body;
  assert.equal((await box.send('POST', '/me/revokeSignInSessions', { token: work.access_token })).status, 200);
  assert.equal((await token({ grant_type: 'refresh_token', refresh_token: work.refresh_token })).body.error, 'invalid_grant');
});

test('a code on another device: pending, too fast, allowed, refused, too late', async () => {
  const begin = async () => (await fetch(`${box.base}/common/oauth2/v2.0/devicecode`, { method: 'POST', body: new URLSearchParams({ client_id: box.onedrive.client_id, scope: kScope }) })).json();
  const poll = ({ device_code }) => token({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });
  const flow = await begin();
  assert.equal((await poll(flow)).body.error, 'authorization_pending');
  assert.equal((await poll(flow)).body.error, 'slow_down');
  const post = ({ action, fields }) => fetch(new URL(action, box.base), { method: 'POST', body: fields });
  const page = await (await fetch(`${flow.verification_uri}?code=${flow.user_code}`)).text();
  const consent = await (await post(formFields(page, 'person', kMara))).text();
  assert.equal((await post(formFields(consent, 'decision', 'allow'))).status, 200);
  const done = await poll(flow);
  assert.ok(done.body.refresh_token);
  assert.equal((await poll(flow)).body.error, 'bad_verification_code');
  const late = await begin();
  await box.control({ do: 'clock', advanceSeconds: 901 });
  assert.equal((await poll(late)).body.error, 'expired_token');
  assert.match(await (await fetch(`${box.base}/devicelogin`)).text(), /Enter code/);
});

test('the log of requests holds no token', async () => {
  const { requests } = await box.control({ do: 'requests' });
  const text = JSON.stringify(requests);
  for (const secret of [box.person(kMara).access_token, box.person(kMara).refresh_token, 'tempauth']) assert.ok(!text.includes(secret));
});
