// SPDX-License-Identifier: Apache-2.0
// What WebDAV servers (RFC 4918), and Nextcloud on top of that, say on the wire. Pure functions: no network, no clock.
#pragma once

#include "http/http_client.h"
#include "providers/provider.h"
#include "providers/webdav/multistatus.h"

namespace connector::webdav {

inline constexpr const char *kOrigin = "webdav"; // of errors
inline constexpr const char *kEnough =
    "enough"; // native code of our own end of an answer that is longer than was asked for

// Where one account's files are.
struct Site {
    std::string server;  // what the administrator configured, in one spelling
    std::string host;    // of it, lower case
    std::string files;   // URL of the root folder, without a slash at its end
    std::string uploads; // Nextcloud: URL of the folder that holds upload sessions; "" at plain servers
    std::string user;    // Nextcloud's own name for the account

    bool nextcloud() const { return !uploads.empty(); }
};

// The server's base address, as people paste it: also with a Nextcloud's "/remote.php/dav/files/…" or "/index.php"
// behind. InvalidArgument for what is no http(s) URL.
Result<std::string> serverOf(const std::string &configured);
Result<Site> plainSite(const std::string &server);
Site nextcloudSite(const Site &plain, const std::string &user);

// A file or folder: its path below Site::files (see pathBelow(); folders end with a slash) and, where the server has
// one, the number that stays when it is renamed or moved.
struct Node {
    std::string fileId;
    std::string path = "/";
    bool folder() const { return path.ends_with('/'); }
};
EntryId idOf(const Node &node);
Result<Node> nodeOf(const EntryId &id); // NotFound for what is no id of ours

// "" when a file or folder may have this name; InvalidArgument (stable "name-invalid").
Result<void> checkName(std::string_view name);
// "scan.pdf", 2 -> "scan (2).pdf"
std::string numbered(std::string_view name, int number);

// Requests
HttpRequest whoRequest(const Site &site); // Nextcloud's account; answers 404 or no JSON elsewhere
HttpRequest propfindRequest(const Site &site, const std::string &url, int depth, bool quota = false);
HttpRequest downloadRequest(const Site &site, const std::string &path, const std::string &revision,
                            std::int64_t offset);
struct PutOptions {
    bool replace = false;
    std::optional<WallTime> modified;
    std::string sha1; // hex; "" where it is not known yet
};
HttpRequest putRequest(const Site &site, const std::string &path, const PutOptions &options);
HttpRequest folderRequest(const std::string &url);
HttpRequest removeRequest(const std::string &url);
// Only while it has that etag; "": whatever it is.
HttpRequest removeRequest(const Site &site, const std::string &path, const std::string &etag);
HttpRequest hashRequest(const Site &site, const std::string &path); // the server hashes what it holds
// Asks for a folder where there is one: an error for everybody, and 401 for who is not let in.
HttpRequest idleRequest(const Site &site);
HttpRequest sessionRequest(const Site &site, const std::string &session, const std::string &path);
HttpRequest chunkRequest(const Site &site, const std::string &session, std::int64_t number, std::int64_t total,
                         const std::string &path);
HttpRequest assembleRequest(const Site &site, const std::string &session, std::int64_t total, const std::string &path,
                            const PutOptions &options);
std::string sessionUrl(const Site &site, const std::string &session);
HttpRequest thumbnailRequest(const Site &site, const std::string &fileId, int pixels);
HttpRequest revokeRequest(const Site &site); // the app password that signs the request
HttpRequest findRequest(const Site &site, const std::string &fileId);
HttpRequest searchRequest(const Site &site, const std::string &folder, const std::string &text, int most, int skip);

// Replies
struct Who {
    std::string user;
    Account account;
};
Result<std::optional<Who>> decodeWho(const Site &site, const HttpReply &reply); // nullopt: not a Nextcloud
Result<void> decodeDone(const HttpReply &reply);                                // any 2xx
std::string fileIdIn(const HttpReply &reply);   // a Nextcloud's number of the file; "" where it is not told
std::string serverSha1(const HttpReply &reply); // what the server computed of the bytes it has; "" where it did not
Entry entryOf(const Resource &resource);
// Names the server's exception; 409 is a folder that is not there, 412 a name that is taken.
Error decodeError(const HttpReply &reply);

} // namespace connector::webdav
