// SPDX-License-Identifier: Apache-2.0
// A WebDAV server or Nextcloud in memory, between whose answers a test may do what other people do.
#pragma once

#include "core/encoding.h"
#include "http/http_client.h"
#include "providers/digest.h"
#include "providers/webdav/webdav_provider.h"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>

namespace connector::webdav {

inline Call soon()
{
    return Call{}.within(std::chrono::seconds{20});
}

class FakeDav : public HttpClient {
public:
    explicit FakeDav(bool nextcloud) : tellsEtag(nextcloud), m_nextcloud(nextcloud) {}

    struct File {
        std::string bytes;
        int version = 0;
    };
    std::map<std::string, File> files; // by path, "/a.txt"
    std::map<std::string, std::map<int, std::string>> sessions;
    std::vector<std::string> asked; // "PUT /a.txt"; chunks as "PUT #1"
    bool tellsEtag;                 // in the answer to PUT and MOVE
    bool hasEtags = true;
    enum class LetsIn { Known, AllToLook, All } letsIn = LetsIn::Known;
    bool passwordIsRight = true;
    bool endless = false; // each folder holds another
    int hits = 0;         // of a search, whatever was asked for
    // What happens in place of the server's own answer, and after it (it may still be changed or lost).
    std::function<std::optional<Result<HttpReply>>(const std::string &what, const HttpRequest &, const Call &)> before;
    std::function<void(const std::string &what, Result<HttpReply> &)> after;

    void put(const std::string &path, const std::string &bytes) { files[path] = {bytes, ++m_version}; }
    std::string etag(const std::string &path) const { return std::to_string(files.at(path).version); }
    int count(const std::string &what) const { return static_cast<int>(std::count(asked.begin(), asked.end(), what)); }

    std::unique_ptr<WebdavProvider> provider(Tuning tuning = {});

    static std::string bodyOf(const HttpRequest &request);

    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override;

    static std::string sha1(const std::string &bytes) { return toHex(Digest::of(DigestKind::Sha1, bytes)); }

private:
    static constexpr const char *kServer = "http://127.0.0.1:1/dav";
    static constexpr const char *kFiles = "http://127.0.0.1:1/dav/remote.php/dav/files/mara";
    static constexpr const char *kUploads = "http://127.0.0.1:1/dav/remote.php/dav/uploads/mara/";

    std::string pathOf(const std::string &url) const;

    std::string whatOf(const HttpRequest &request) const;

    Result<HttpReply> answer(const HttpRequest &request, ByteSink *sink);

    Result<HttpReply> found(ByteSink *sink);

    bool holds(const HttpRequest &request, const std::string &path) const;

    HttpReply made(const std::string &path, const std::string &bytes);

    Result<HttpReply> file(const HttpRequest &request, ByteSink *sink);

    Result<HttpReply> session(const HttpRequest &request, ByteSink *sink);

    std::string hrefOf(const std::string &path) const;
    std::string one(const std::string &path) const;
    std::string folderAt(const std::string &path) const;
    std::string allOf() const;
    static Result<HttpReply> tell(ByteSink *sink, const std::string &responses);

    const bool m_nextcloud;
    int m_version = 0;
    std::mutex m_mutex;
};

} // namespace connector::webdav
