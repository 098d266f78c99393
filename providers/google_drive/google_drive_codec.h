// SPDX-License-Identifier: Apache-2.0
// What Google Drive says on the wire (Drive API v3). Pure functions: no network, no clock.
#pragma once

#include "http/http_client.h"
#include "providers/provider.h"

namespace connector::google_drive {

inline constexpr const char *kOrigin = "google-drive";        // of errors
inline constexpr std::int64_t kUploadMax = 5'242'880'000'000; // a file, in bytes

// Base URLs.
struct Hosts {
    std::string userinfo;
    std::string api;      // metadata, downloads and uploads
    std::string docs;     // export links of Google's own documents
    std::string pictures; // thumbnails
};

// An EntryId taken apart: "ID", or "ID/RESOURCEKEY" for what was shared by link before such links had longer ids.
struct FileRef {
    std::string id;
    std::string resourceKey;
};
Result<FileRef> refOf(const EntryId &entry); // InvalidArgument; the empty id is "root"
EntryId entryIdOf(const FileRef &ref);

// Places that are queries, not folders. No file has such an id.
inline constexpr const char *kSharedWithMe = "@shared-with-me";
inline constexpr const char *kRecent = "@recent";
bool isPlace(const EntryId &entry);

// A file as the service describes it.
struct File {
    Entry entry;
    std::string driveId; // "" in My Drive
    std::vector<std::string> parents;
    std::string created; // as the service writes it: in order as text
    std::string md5;     // "md5:hex"; only of what was uploaded
    bool trashed = false;
    bool locked = false;             // nobody may change name and content
    std::optional<EntryId> target{}; // of a shortcut
    std::string targetMimeType{};
};

struct FilePage {
    std::vector<File> files;
    std::string nextPageToken;
};

struct DrivePage {
    std::vector<Place> drives;
    std::string nextPageToken;
};

struct About {
    std::string name;
    std::string email;
    std::optional<std::int64_t> used;
    std::optional<std::int64_t> total;
};

// A query over files, with where to look.
struct Query {
    std::string q;
    std::string orderBy = {};
    std::string driveId = {}; // of the shared drive to look in
    bool everywhere = false;  // My Drive and all shared drives
    FileRef key = {};         // whose resource key goes along
};

// What is to be written. With `replaces`, id is the file that gets new content; otherwise the id that was generated for
// the new file.
struct NewFile {
    std::string id;
    std::string name;
    FileRef parent;
    bool replaces = false;
    std::optional<WallTime> modified;
};

// An upload in one request: its body is `before`, the bytes, `after`.
struct Multipart {
    HttpRequest request;
    std::string before;
    std::string after;
};

Query childrenQuery(const FileRef &folder, const std::string &driveId, const Sort &sort);
Query sharedQuery(const Sort &sort);
Query recentQuery();
// Below a shared drive, of what is shared, or of everything.
Query searchQuery(const std::string &text, const std::string &driveId, bool sharedOnly);
// Entries of those names; the service compares without case, and more loosely.
Query namesQuery(const FileRef &folder, const std::string &driveId, const std::vector<std::string> &names);

// Requests. Those that carry bytes have none yet: the driver adds the source.
HttpRequest userinfoRequest(const Hosts &hosts);
HttpRequest aboutRequest(const Hosts &hosts);
HttpRequest filesRequest(const Hosts &hosts, const Query &query, int pageSize, const std::string &pageToken);
HttpRequest drivesRequest(const Hosts &hosts, const std::string &pageToken);
HttpRequest fileRequest(const Hosts &hosts, const FileRef &file);
HttpRequest madeFileRequest(const Hosts &hosts, const std::string &id); // with the MD5, as uploads answer
HttpRequest exportLinksRequest(const Hosts &hosts, const FileRef &file);
HttpRequest thumbnailLinkRequest(const Hosts &hosts, const FileRef &file);
HttpRequest downloadRequest(const Hosts &hosts, const FileRef &file, std::int64_t offset);
HttpRequest exportRequest(const Hosts &hosts, const FileRef &file);
HttpRequest createFolderRequest(const Hosts &hosts, const FileRef &parent, const std::string &name);
HttpRequest deleteRequest(const Hosts &hosts, const FileRef &file);
HttpRequest trashRequest(const Hosts &hosts, const FileRef &file);
HttpRequest renameRequest(const Hosts &hosts, const std::string &id, const std::string &name);
HttpRequest generateIdRequest(const Hosts &hosts);
Multipart uploadRequest(const Hosts &hosts, const NewFile &file, const std::string &boundary);
HttpRequest sessionRequest(const Hosts &hosts, const NewFile &file, std::int64_t size);
// Both go to the session's own address, which is the permission: without the bearer token.
HttpRequest chunkRequest(const std::string &session, std::int64_t first, std::int64_t count, std::int64_t size);
HttpRequest statusRequest(const std::string &session, std::int64_t size);

// Replies. Each takes any status; what is not 2xx becomes decodeError's.
Result<Account> decodeUserinfo(const HttpReply &reply);
Result<About> decodeAbout(const HttpReply &reply);
Result<FilePage> decodeFiles(const HttpReply &reply);
Result<DrivePage> decodeDrives(const HttpReply &reply);
Result<File> decodeFile(const HttpReply &reply);
Result<std::string> decodeId(const HttpReply &reply);
Result<std::string> decodeExportLink(const HttpReply &reply);    // to the PDF; Unsupported where there is none
Result<std::string> decodeThumbnailLink(const HttpReply &reply); // Unsupported where there is none
Result<std::string> decodeSession(const Hosts &hosts, const HttpReply &reply);
Result<void> decodeNothing(const HttpReply &reply);
Error decodeError(const HttpReply &reply);
// What we refuse ourselves.
Error refused(Errc code, const char *message, const char *stable);
// How many bytes a session has, in a reply of status 308; -1 for a Range that makes no sense.
std::int64_t storedBytes(const HttpReply &reply);
// The service asks this account to slow down for a moment.
bool isRateLimit(const HttpReply &reply);

// A shortcut as what it points at, as far as the shortcut itself tells.
Entry asTarget(const File &shortcut);
// A thumbnail's address for another size.
std::string resized(const std::string &link, int pixels);

// What may be done with an address that a reply named.
enum class Trust { None, Bare /* without the bearer token */, Signed };
Trust trustOf(const Hosts &hosts, const std::string &url);
bool isSession(const Hosts &hosts, const std::string &url);

// InvalidArgument with the stable code "name-invalid" for names that other clouds and file systems would not take
// either: Drive itself takes anything.
Result<void> checkName(const std::string &name);
// "scan (2).pdf"; the plain name for 0.
std::string numbered(const std::string &name, int number);

} // namespace connector::google_drive
