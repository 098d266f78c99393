// SPDX-License-Identifier: Apache-2.0
// The pages that people see in a browser: plain HTML without scripts, readable on a phone.

const kStyle = `
*{box-sizing:border-box}
body{margin:0;background:#eef1f5;color:#1c232b;font:17px/1.45 system-ui,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
.bar{background:#fff3cd;color:#5a4300;text-align:center;padding:8px 16px;font-size:14px;border-bottom:1px solid #ecd9a0}
main{max-width:480px;margin:18px auto;background:#fff;border-radius:14px;padding:22px 28px;box-shadow:0 1px 3px #0002,0 8px 28px #0f233f14}
@media (max-width:520px){main{margin:0;border-radius:0;box-shadow:none;padding:20px 18px 28px;min-height:80vh}body{background:#fff}}
.brand{display:flex;align-items:center;gap:12px;margin-bottom:14px}
.logo{width:42px;height:42px;border-radius:10px;background:var(--cloud);flex:none;display:grid;place-items:center}
.logo svg{width:26px;height:26px;fill:#fff}
.brand b{font-size:18px;display:block;line-height:1.2}
.brand span{color:#5c6773;font-size:14px}
h1{font-size:22px;line-height:1.25;margin:0 0 6px}
p{margin:0 0 14px}
.soft{color:#54606c}
.small{font-size:14px}
ul.people{list-style:none;margin:12px 0 0;padding:0;display:grid;gap:9px}
button{font:inherit;cursor:pointer}
button.person{width:100%;display:flex;gap:14px;align-items:center;text-align:left;background:#fff;border:1px solid #ccd4dd;border-radius:12px;padding:8px 14px;min-height:64px;color:inherit}
button.person:hover,button.person:focus-visible{border-color:var(--cloud);background:#f5f9ff}
.face{width:40px;height:40px;border-radius:50%;flex:none;color:#fff;font-weight:600;font-size:15px;display:grid;place-items:center}
.who{min-width:0}
.who b,.who span{display:block;overflow-wrap:anywhere}
.who span{font-size:14px;color:#54606c;line-height:1.3}
.who .about{color:#7a5200}
.who .fine{color:#1d6b3f}
.as{display:flex;gap:14px;align-items:center;background:#f3f5f8;border-radius:12px;padding:11px 14px;margin:16px 0}
ul.wants{margin:6px 0 10px;padding:0;list-style:none}
ul.wants li{padding:7px 0 7px 32px;position:relative;border-bottom:1px solid #e6eaef}
ul.wants li.choice{padding-left:0}
ul.wants li.choice::before{display:none}
li.choice label{display:flex;gap:10px;min-height:44px;align-items:center}
li.choice input{width:22px;height:22px;flex:none;margin:0;accent-color:var(--cloud)}
ul.wants li:last-child{border:0}
ul.wants li::before{content:"";position:absolute;left:6px;top:14px;width:6px;height:11px;border:solid var(--cloud);border-width:0 3px 3px 0;transform:rotate(42deg) translateY(-3px)}
.choices{display:flex;gap:12px;margin-top:6px;position:sticky;bottom:0;background:#fff;padding:10px 0}
.choices form{flex:1}
.choices button{width:100%;min-height:52px;border-radius:12px;border:1px solid #b9c3ce;background:#fff;color:#1c232b;font-weight:600}
.choices button:hover{background:#f3f5f8}
.choices .yes{background:var(--cloud);border-color:var(--cloud);color:#fff}
.choices .yes:hover{filter:brightness(1.08);background:var(--cloud)}
button:focus-visible{outline:3px solid #ffb400;outline-offset:2px}
code.copy{display:block;background:#f3f5f8;border-radius:10px;padding:14px;font-size:16px;overflow-wrap:anywhere;user-select:all}
`;

const kFaces = ['#8a4b9e', '#2f7d6b', '#b4572d', '#3566a8', '#7a6a1f', '#a33a5a'];
const kMark = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6.5 19a5 5 0 0 1-.6-9.96A6.5 6.5 0 0 1 18.4 10.6 4.25 4.25 0 0 1 17.75 19z"/></svg>';

export function escape(value) {
  return String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function page(cloud, title, content) {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – ${escape(cloud.title)} sandbox</title>
<style>:root{--cloud:${cloud.colour}}${kStyle}</style></head>
<body><div class="bar" role="note">Sandbox for tests – not the real ${escape(cloud.title)}</div>
<main><div class="brand"><div class="logo">${kMark}</div><div><b>${escape(cloud.title)} sandbox</b><span>Sample accounts only</span></div></div>
${content}
</main></body></html>
`;
}

function face(person, index) {
  const letters = person.given[0] + person.family[0];
  return `<span class="face" style="background:${kFaces[index % kFaces.length]}" aria-hidden="true">${escape(letters)}</span>`;
}

function hidden(fields) {
  return Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
    .join('');
}

export function signInPage(cloud, { action, request, app, people }) {
  const list = people
    .map(
      (person, index) => `<li><button class="person" name="person" value="${escape(person.email)}">${face(person, index)}
<span class="who"><b>${escape(person.name)}</b><span>${escape(person.email)}</span><span class="${person.plain ? 'fine' : 'about'}">${escape(person.about)}</span></span></button></li>`,
    )
    .join('\n');
  return page(
    cloud,
    'Sign in',
    `<h1>Sign in to continue to ${escape(app)}</h1>
<p class="soft">Choose who you are. No password is asked for.</p>
<form method="post" action="${escape(action)}">${hidden({ request, step: 'person' })}
<ul class="people">
${list}
</ul></form>`,
  );
}

// choices: [scope, words] that may be left out, each with a box to untick; after: what happens then, where it is not
// going back to `target` or a code.
export function consentPage(cloud, { action, request, app, person, index, wants, choices = [], target, after }) {
  const form = (decision, label, style, more = '') => `<form method="post" action="${escape(action)}"${more}>${hidden({ request, step: 'decision', person: person.email, decision })}<button class="${style}">${label}</button></form>`;
  const boxes = choices.map(([scope, words]) => `<li class="choice"><label><input type="checkbox" form="allow" name="scope" value="${escape(scope)}" checked> ${escape(words)}</label></li>`);
  return page(
    cloud,
    'Allow access',
    `<h1>${escape(app)} would like to use your account</h1>
<div class="as">${face(person, index)}<span class="who"><b>${escape(person.name)}</b><span>${escape(person.email)}</span></span></div>
<p class="soft">If you allow it, ${escape(app)} can:</p>
<ul class="wants">${boxes.join('')}${wants.map((want) => `<li>${escape(want)}</li>`).join('')}</ul>
<div class="choices">${form('deny', 'Cancel', 'no')}${form('allow', 'Allow', 'yes', choices.length > 0 ? ' id="allow"' : '')}</div>
<p class="soft small" style="margin-top:10px">${escape(after ?? (target ? `You will go back to ${target}.` : 'You will be shown a code to copy.'))}</p>`,
  );
}

export function codePage(cloud, { app, code }) {
  return page(
    cloud,
    'Your code',
    `<h1>Copy this code into ${escape(app)}</h1>
<p class="soft">It works once, within a few minutes.</p><code class="copy">${escape(code)}</code>`,
  );
}

// A page with content of a cloud's own, as HTML.
export function messagePage(cloud, title, content) {
  return page(cloud, title, `<h1>${escape(title)}</h1>${content}`);
}

export function problemPage(cloud, { title, words }) {
  return page(cloud, title, `<h1>${escape(title)}</h1>${words.map((line) => `<p>${escape(line)}</p>`).join('')}`);
}

export function frontPage(clouds, urls) {
  const cloud = { title: 'Cloud', colour: '#41566e' };
  const rows = clouds
    .map((one) => `<li>${escape(one.title)}: <code>${escape(urls.base)}/${escape(one.name)}</code></li>`)
    .join('');
  return page(
    cloud,
    'Sandbox clouds',
    `<h1>Sandbox clouds are running</h1><p class="soft">Emulated clouds with sample people and sample files.</p><ul class="wants">${rows}</ul>`,
  );
}
