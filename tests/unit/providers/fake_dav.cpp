// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/providers/fake_dav.h"

namespace connector::webdav {

std::unique_ptr<WebdavProvider> FakeDav::provider(Tuning tuning)
{
    ProviderEndpoints endpoints;
    endpoints.base["server"] = kServer;
    tuning.patience = std::chrono::milliseconds{1};
    return std::make_unique<WebdavProvider>(*this, endpoints, tuning);
}

std::string FakeDav::bodyOf(const HttpRequest &request)
{
    if (request.source == nullptr)
        return request.body;
    std::string bytes(static_cast<std::size_t>(request.sourceBytes), '\0');
    std::size_t at = 0;
    while (at < bytes.size()) {
        auto n = request.source->read({bytes.data() + at, bytes.size() - at});
        if (!n || *n == 0)
            break;
        at += *n;
    }
    bytes.resize(at);
    return bytes;
}

Result<HttpReply> FakeDav::send(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    const std::scoped_lock lock(m_mutex);
    const std::string what = whatOf(request);
    asked.push_back(what);
    if (auto r = call.poll(); !r)
        return std::move(r).error();
    if (before)
        if (auto instead = before(what, request, call))
            return *std::move(instead);
    Result<HttpReply> reply = answer(request, sink);
    if (after)
        after(what, reply);
    return reply;
}

std::string FakeDav::pathOf(const std::string &url) const
{
    return url.substr(std::string(m_nextcloud ? kFiles : kServer).size());
}

std::string FakeDav::whatOf(const HttpRequest &request) const
{
    if (request.url.starts_with(kUploads)) {
        const std::string rest = request.url.substr(std::string(kUploads).size());
        const auto slash = rest.find('/');
        if (slash == std::string::npos)
            return request.method + " #";
        const std::string name = rest.substr(slash + 1);
        return request.method + " #" + (name == ".file" ? name : std::to_string(std::stoi(name)));
    }
    if (request.url.find("/ocs/") != std::string::npos)
        return request.method + " account";
    return request.method == "SEARCH" ? "SEARCH" : request.method + " " + pathOf(request.url);
}

Result<HttpReply> FakeDav::answer(const HttpRequest &request, ByteSink *sink)
{
    if (request.url.find("/ocs/") != std::string::npos)
        return m_nextcloud ? HttpReply{200, {}, R"({"ocs":{"data":{"id":"mara"}}})"} : HttpReply{404, {}, ""};
    if ((!request.signIt || !passwordIsRight) && letsIn != LetsIn::All &&
        (letsIn == LetsIn::Known || request.method != "PROPFIND"))
        return HttpReply{401, {}, ""};
    if (request.method == "SEARCH")
        return found(sink);
    if (request.url.starts_with(kUploads))
        return session(request, sink);
    return file(request, sink);
}

Result<HttpReply> FakeDav::found(ByteSink *sink)
{
    std::string xml;
    for (int n = 0; n < hits; ++n)
        xml += "<d:response><d:href>" + hrefOf("/hit" + std::to_string(n)) +
               "</d:href><d:propstat><d:prop><d:resourcetype/></d:prop><d:status>HTTP/1.1 200 OK</d:status>"
               "</d:propstat></d:response>";
    return tell(sink, xml);
}

bool FakeDav::holds(const HttpRequest &request, const std::string &path) const
{
    const auto it = files.find(path);
    const std::string tag = it == files.end() ? "" : "\"" + std::to_string(it->second.version) + "\"";
    if (request.headers.get("If-None-Match") == "*" && it != files.end())
        return false;
    if (const auto match = request.headers.get("If-Match"); !match.empty() && match != tag)
        return false;
    if (const auto match = request.headers.get("If");
        !match.empty() && match != "<" + hrefOf(path) + "> ([" + tag + "])")
        return false;
    return true;
}

HttpReply FakeDav::made(const std::string &path, const std::string &bytes)
{
    put(path, bytes);
    HttpReply reply{201, {}, ""};
    if (tellsEtag)
        reply.headers.set("ETag", "\"" + etag(path) + "\"");
    return reply;
}

Result<HttpReply> FakeDav::file(const HttpRequest &request, ByteSink *sink)
{
    const std::string path = pathOf(request.url);
    const auto it = files.find(path);
    const bool there = it != files.end();
    if (request.method == "MKCOL")
        return HttpReply{405, {}, ""};
    if (request.method == "PROPFIND" && endless)
        return tell(sink, folderAt(path) + (request.headers.get("Depth") == "1" ? folderAt(path + "a/") : ""));
    if (request.method == "PROPFIND") {
        if (path == "/")
            return tell(sink, folderAt("/") + (request.headers.get("Depth") == "1" ? allOf() : ""));
        return there ? tell(sink, one(path)) : HttpReply{404, {}, ""};
    }
    if (!holds(request, path))
        return HttpReply{412, {}, ""};
    if (request.method == "PUT") {
        const std::string bytes = bodyOf(request);
        HttpReply reply = made(path, bytes);
        if (m_nextcloud)
            reply.headers.set("X-Hash-SHA1", sha1(bytes));
        return reply;
    }
    if (!there)
        return HttpReply{404, {}, ""};
    if (request.method == "DELETE") {
        files.erase(it);
        return HttpReply{204, {}, ""};
    }
    if (request.method == "PATCH") {
        HttpReply reply{204, {}, ""};
        reply.headers.set("OC-Checksum", "SHA1:" + sha1(it->second.bytes));
        return reply;
    }
    HttpReply reply{200, {}, ""};
    if (hasEtags)
        reply.headers.set("ETag", "\"" + etag(path) + "\"");
    if (m_nextcloud)
        reply.headers.set("OC-FileId", "000" + std::to_string(it->second.version) + "ocabc");
    std::string bytes = it->second.bytes;
    if (const auto range = request.headers.get("Range"); !range.empty()) {
        const auto from = static_cast<std::size_t>(std::stoll(std::string(range.substr(6))));
        reply.status = 206;
        reply.headers.set("Content-Range", "bytes " + std::to_string(from) + "-" + std::to_string(bytes.size() - 1) +
                                               "/" + std::to_string(bytes.size()));
        bytes = bytes.substr(from);
    }
    if (request.onHead)
        if (auto r = request.onHead(reply); !r)
            return std::move(r).error();
    if (auto r = sink->write({bytes.data(), bytes.size()}); !r)
        return std::move(r).error();
    return reply;
}

Result<HttpReply> FakeDav::session(const HttpRequest &request, ByteSink *sink)
{
    const std::string rest = request.url.substr(std::string(kUploads).size());
    const std::string id = rest.substr(0, rest.find('/'));
    if (request.method == "MKCOL") {
        sessions[id] = {};
        return HttpReply{201, {}, ""};
    }
    const auto it = sessions.find(id);
    if (it == sessions.end())
        return HttpReply{404, {}, ""};
    if (request.method == "DELETE") {
        sessions.erase(it);
        return HttpReply{204, {}, ""};
    }
    if (request.method == "PUT") {
        const int number = std::stoi(rest.substr(rest.find('/') + 1));
        it->second[number] = bodyOf(request);
        return HttpReply{201, {}, ""};
    }
    if (request.method == "PROPFIND") {
        std::string xml;
        for (const auto &[number, bytes] : it->second)
            xml += "<d:response><d:href>/dav/remote.php/dav/uploads/mara/" + id + "/" + std::to_string(number) +
                   "</d:href><d:propstat><d:prop><d:getcontentlength>" + std::to_string(bytes.size()) +
                   "</d:getcontentlength></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>";
        return tell(sink, xml);
    }
    const std::string to = pathOf(std::string(request.headers.get("Destination")));
    if (request.headers.get("Overwrite") == "F" && files.contains(to))
        return HttpReply{412, {}, ""};
    std::string all;
    for (const auto &[number, bytes] : it->second)
        all += bytes;
    sessions.erase(it);
    return made(to, all);
}

std::string FakeDav::hrefOf(const std::string &path) const
{
    return (m_nextcloud ? "/dav/remote.php/dav/files/mara" : "/dav") + path;
}

std::string FakeDav::one(const std::string &path) const
{
    const File &file = files.at(path);
    return "<d:response><d:href>" + hrefOf(path) +
           "</d:href><d:propstat><d:prop><d:resourcetype/><d:getcontentlength>" + std::to_string(file.bytes.size()) +
           "</d:getcontentlength>" + (hasEtags ? "<d:getetag>\"" + etag(path) + "\"</d:getetag>" : "") +
           (m_nextcloud ? "<oc:fileid>" + std::to_string(file.version) + "</oc:fileid>" : "") +
           "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>";
}

std::string FakeDav::folderAt(const std::string &path) const
{
    return "<d:response><d:href>" + hrefOf(path) +
           "</d:href><d:propstat><d:prop><d:resourcetype><d:collection/></d:resourcetype></d:prop>"
           "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>";
}

std::string FakeDav::allOf() const
{
    std::string all;
    for (const auto &[path, file] : files)
        all += one(path);
    return all;
}

Result<HttpReply> FakeDav::tell(ByteSink *sink, const std::string &responses)
{
    if (sink == nullptr)
        return HttpReply{207, {}, responses};
    const std::string xml = "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\" "
                            "xmlns:oc=\"http://owncloud.org/ns\">" +
                            responses + "</d:multistatus>";
    if (auto r = sink->write({xml.data(), xml.size()}); !r)
        return std::move(r).error();
    return HttpReply{207, {}, ""};
}

} // namespace connector::webdav
