// SPDX-License-Identifier: Apache-2.0
// What Dropbox says on the wire (HTTP API v2). Pure functions: no network, no clock.
#pragma once

#include "http/http_client.h"
#include "providers/provider.h"

#include <nlohmann/json.hpp>

namespace connector::dropbox {

inline constexpr const char *kOrigin = "dropbox"; // of errors

// Base URLs of the routes' hosts.
struct Hosts {
    std::string api;
    std::string content;
};

// The namespace that paths are relative to; "" is the member's home.
struct PathRoot {
    std::string namespaceId;
};

struct AccountReply {
    Account account;
    PathRoot root; // set where the team's space is larger than the home
};

struct Quota {
    std::optional<std::int64_t> used;
    std::optional<std::int64_t> total;
};

struct UploadCursor {
    std::string session; // secret
    std::int64_t offset = 0;
};

// Requests. Content-style ones carry no body yet: the driver adds the source.
HttpRequest accountRequest(const Hosts &hosts);
HttpRequest quotaRequest(const Hosts &hosts);
HttpRequest listRequest(const Hosts &hosts, const EntryId &folder, int limit);
HttpRequest listMoreRequest(const Hosts &hosts, const std::string &cursor);
HttpRequest metadataRequest(const Hosts &hosts, const std::string &path);
HttpRequest searchRequest(const Hosts &hosts, const std::string &text, const EntryId &folder);
HttpRequest searchMoreRequest(const Hosts &hosts, const std::string &cursor);
HttpRequest createFolderRequest(const Hosts &hosts, const std::string &path);
HttpRequest deleteRequest(const Hosts &hosts, const EntryId &entry);
HttpRequest revokeRequest(const Hosts &hosts);
HttpRequest downloadRequest(const Hosts &hosts, const EntryId &file, const std::string &revision, std::int64_t offset);
HttpRequest previewRequest(const Hosts &hosts, const EntryId &file);
HttpRequest thumbnailRequest(const Hosts &hosts, const EntryId &file, int pixels);
HttpRequest uploadRequest(const Hosts &hosts, const std::string &path, const UploadTarget &target);
HttpRequest sessionStartRequest(const Hosts &hosts);
HttpRequest sessionAppendRequest(const Hosts &hosts, const UploadCursor &cursor);
HttpRequest sessionFinishRequest(const Hosts &hosts, const UploadCursor &cursor, const std::string &path,
                                 const UploadTarget &target);
void setPathRoot(HttpRequest &request, const PathRoot &root);

// Replies. Each takes any status; what is not 2xx becomes decodeError's.
Result<AccountReply> decodeAccount(const HttpReply &reply);
Result<Quota> decodeQuota(const HttpReply &reply);
Result<Page> decodeList(const HttpReply &reply);
Result<Page> decodeSearch(const HttpReply &reply);
std::optional<WallTime> decodeMade(const HttpReply &metadata); // by the service's clock
Result<Entry> decodeMetadata(const HttpReply &reply);          // also of upload and finish, which leave out the tag
Result<Entry> decodeWrapped(const HttpReply &reply);           // {"metadata": {...}} of create_folder and delete
Result<std::string> decodeSession(const HttpReply &reply);
Result<void> decodeNothing(const HttpReply &reply);
// The metadata that comes with a download, in a header.
Result<Entry> decodeDownloadHead(const HttpReply &head);
// The path in lower case that a folder is at, for names below it.
Result<std::string> decodePath(const HttpReply &reply);
// Where a session really stands, when the reply says that our offset is wrong.
std::optional<std::int64_t> correctOffset(const HttpReply &reply);
Error decodeError(const HttpReply &reply);

// InvalidArgument with the stable code "name-invalid" for names that Dropbox will not take.
Result<void> checkName(const std::string &name);

} // namespace connector::dropbox
