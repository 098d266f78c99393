// SPDX-License-Identifier: Apache-2.0
// Each cloud as curl speaks it: with the requests that our adapters send, in the same sizes.
//   find(bench, names)      what names the entry at that path, for the others
//   download(bench, file)   curl's words
//   pages(bench, folder)    asks for one page after the other, and yields how many entries each had
//   prepare(bench, file, chunk), upload(bench, {name, folder, plan, big, chunk, size})
//   hashes                  upload() works out the hash of the whole itself, because the cloud asks for it
import { randomUUID } from 'node:crypto'

const json = ['-X', 'POST', '-H', 'Content-Type: application/json', '-d']
const bytes = ['-H', 'Content-Type: application/octet-stream', '-H', 'Expect:']
const inPieces = async (bench, file, chunk) => bench.pieces(file, chunk)
const rangeOf = ({ at, bytes }, size) => `Content-Range: bytes ${at}-${at + bytes - 1}/${size}`

/** Walks down a path, one listing a level. */
async function walk(bench, root, names, childNamed) {
  let at = root
  for (const name of names) at = await childNamed(at, name)
  return at
}

const dropbox = {
  title: 'Dropbox',
  find: async (_, names) => '/' + names.join('/'),
  download: ({ endpoints }, file) => ['-X', 'POST', '-H', `Dropbox-API-Arg: {"path":"${file}"}`, `${endpoints.content}/2/files/download`],
  async * pages(bench, folder) {
    const base = `${bench.endpoints.api}/2/files/list_folder`
    for (let page = await bench.json(...json, JSON.stringify({ path: folder, limit: 500 }), base); ;
      page = await bench.json(...json, JSON.stringify({ cursor: page.cursor }), `${base}/continue`)) {
      yield page.entries.length
      if (!page.has_more) return
    }
  },
  prepare: inPieces,
  async upload(bench, { name, folder, plan, size }) {
    const base = `${bench.endpoints.content}/2/files/upload_session`
    const put = (step, argument, piece) => ['-X', 'POST', '-H', `Dropbox-API-Arg: ${JSON.stringify(argument)}`, ...bytes,
      ...(piece ? ['-T', piece.file] : ['--data-binary', '']), `${base}/${step}`]
    const { session_id } = await bench.json(...put('start', { close: false }, plan[0]))
    const cursor = offset => ({ session_id, offset })
    const steps = plan.slice(1).map(piece => put('append_v2', { cursor: cursor(piece.at), close: false }, piece))
    steps.push(put('finish', { cursor: cursor(size), commit: { path: `${folder}/${name}`, mode: 'overwrite' } }))
    await bench.curlEach(steps)
  }
}

const boxPage = (bench, folder, marker) =>
  bench.json(`${bench.endpoints.api}/2.0/folders/${folder}/items?limit=1000&usemarker=true&fields=name,size,modified_at,content_modified_at,etag,sha1,file_version,permissions${marker ? `&marker=${encodeURIComponent(marker)}` : ''}`)

const box = {
  title: 'Box',
  find: (bench, names) => walk(bench, '0', names, async (folder, name) => {
    for (let page = await boxPage(bench, folder); ; page = await boxPage(bench, folder, page.next_marker)) {
      const found = page.entries.find(entry => entry.name === name)
      if (found) return found.id
      if (!page.next_marker) throw new Error(`Box: no ${name}`)
    }
  }),
  download: ({ endpoints }, file) => ['-L', `${endpoints.api}/2.0/files/${file}/content`],
  async * pages(bench, folder) {
    for (let page = await boxPage(bench, folder); ; page = await boxPage(bench, folder, page.next_marker)) {
      yield page.entries.length
      if (!page.next_marker) return
    }
  },
  hashes: true,
  async upload(bench, { name, folder, big, size }) {
    const session = await bench.json(...json, JSON.stringify({ folder_id: folder, file_size: size, file_name: name }), `${bench.endpoints.upload}/api/2.0/files/upload_sessions`)
    // Cut while nobody measures, at curl's gain. The service refuses a part or a file without its SHA-1.
    const pieces = bench.pieces(big, session.part_size)
    const [whole, ...shas] = await bench.digests('sha1', [big, ...pieces.map(piece => piece.file)])
    const { upload_part, commit } = session.session_endpoints
    const answers = await bench.curlEach(pieces.map((piece, n) => ['-T', piece.file, ...bytes, '-H', `Digest: sha=${shas[n]}`, '-H', rangeOf(piece, size), upload_part]), { answers: true })
    await bench.curl(...json, JSON.stringify({ parts: answers.map(answer => answer.part) }), '-H', `Digest: sha=${whole}`, '--retry', '5', commit)
  }
}

const drivePage = (bench, folder, more = '') =>
  bench.json('-G', '--data-urlencode', `q='${folder}' in parents and trashed=false`, '--data-urlencode', 'pageSize=1000',
    '--data-urlencode', 'fields=nextPageToken,files(id,name,mimeType,size,modifiedTime,sha256Checksum,headRevisionId)', ...(more ? ['--data-urlencode', `pageToken=${more}`] : []), `${bench.endpoints.api}/drive/v3/files`)

const googleDrive = {
  title: 'Google Drive',
  find: (bench, names) => walk(bench, 'root', names, async (folder, name) => {
    const page = await drivePage(bench, folder)
    return page.files.find(entry => entry.name === name).id
  }),
  download: ({ endpoints }, file) => [`${endpoints.api}/drive/v3/files/${file}?alt=media`],
  async * pages(bench, folder) {
    for (let page = await drivePage(bench, folder); ; page = await drivePage(bench, folder, page.nextPageToken)) {
      yield page.files.length
      if (!page.nextPageToken) return
    }
  },
  prepare: inPieces,
  async upload(bench, { name, folder, plan, size }) {
    const head = await bench.head(...json, JSON.stringify({ name, parents: [folder] }), '-H', `X-Upload-Content-Length: ${size}`,
      `${bench.endpoints.api}/upload/drive/v3/files?uploadType=resumable&supportsAllDrives=true&fields=id,name,mimeType,size,modifiedTime,headRevisionId,sha256Checksum,md5Checksum`)
    const session = /^location:\s*(\S+)/im.exec(head)[1]
    await bench.curlEach(plan.map(piece => ['-T', piece.file, ...bytes, '-H', rangeOf(piece, size), session]))
  }
}

const oneDrive = {
  provider: 'onedrive',
  cloud: 'onedrive',
  title: 'OneDrive',
  person: person => person.kind === 'personal',
  find: async (_, names) => names.map(encodeURIComponent).join('/'),
  download: ({ endpoints }, file) => ['-L', `${endpoints.graph}/v1.0/me/drive/root:/${file}:/content`],
  async * pages(bench, folder) {
    let url = `${bench.endpoints.graph}/v1.0/me/drive/root:/${folder}:/children?$top=1000`
    while (url) {
      const page = await bench.json(url)
      yield page.value.length
      url = page['@odata.nextLink']
    }
  },
  prepare: inPieces,
  async upload(bench, { name, folder, plan, size }) {
    const { uploadUrl } = await bench.json(...json, JSON.stringify({ item: { '@microsoft.graph.conflictBehavior': 'replace', name } }), `${bench.endpoints.graph}/v1.0/me/drive/root:/${folder}/${name}:/createUploadSession`)
    await bench.curlEach(plan.map(piece => ['-T', piece.file, ...bytes, '-H', rangeOf(piece, size), uploadUrl]), { signed: false })
  }
}

const oneDriveBusiness = { ...oneDrive, title: 'OneDrive for Business', person: person => person.kind !== 'personal' }

const filesOf = bench => `${bench.endpoints.server}/remote.php/dav/files/${encodeURIComponent(bench.person.user)}`
const properties = '<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns"><d:prop><d:resourcetype/>' +
  '<d:getcontentlength/><d:getlastmodified/><d:getetag/><d:getcontenttype/><oc:fileid/><oc:checksums/><oc:permissions/><nc:has-preview/><nc:is-encrypted/></d:prop></d:propfind>'

const webdav = {
  title: 'Nextcloud',
  token: person => person.app_password,
  options: bench => ['--user', bench.person.login_name],
  authorization: bench => 'Basic ' + Buffer.from(`${bench.person.login_name}:${bench.person.app_password}`).toString('base64'),
  find: async (bench, names) => `${filesOf(bench)}/${names.map(encodeURIComponent).join('/')}`,
  download: (_, file) => [file],
  async * pages(bench, folder) {
    const answer = await bench.curl('-X', 'PROPFIND', '-H', 'Depth: 1', '-H', 'Content-Type: application/xml', '-d', properties, folder)
    yield answer.split('<d:response>').length - 2
  },
  prepare: inPieces,
  hashes: true,
  async upload(bench, { name, folder, plan, big, size }) {
    const session = `${bench.endpoints.server}/remote.php/dav/uploads/${encodeURIComponent(bench.person.user)}/${randomUUID()}`
    const to = ['-H', `Destination: ${folder}/${name}`, '-H', `OC-Total-Length: ${size}`]
    // what other clients of the account compare by, and is asked for below
    const [sum] = await bench.digests('sha1', [big])
    const checksum = ['-H', `OC-Checksum: SHA1:${Buffer.from(sum, 'base64').toString('hex')}`]
    await bench.curlEach([['-X', 'MKCOL', ...to, session], ...plan.map((piece, n) => ['-T', piece.file, ...bytes, ...to, `${session}/${String(n + 1).padStart(5, '0')}`]),
      ['-X', 'MOVE', ...to, ...checksum, `${session}/.file`],
      // the server hashes what it put together: what oc:checksums says is only what a client claimed
      ['-X', 'PATCH', '-H', 'X-Recalculate-Hash: sha1', `${folder}/${name}`],
      ['-X', 'PROPFIND', '-H', 'Depth: 0', '-H', 'Content-Type: application/xml', '-d', properties, `${folder}/${name}`]])
  }
}

export const recipes = { box, dropbox, 'google-drive': googleDrive, onedrive: oneDrive, 'onedrive-business': oneDriveBusiness, webdav }
