// SPDX-License-Identifier: Apache-2.0
// What OneDrive and SharePoint say on the wire (Microsoft Graph v1.0). Pure functions: no network, no clock.
#pragma once

#include "http/http_client.h"
#include "providers/provider.h"

namespace connector::onedrive {

inline constexpr const char *kOrigin = "onedrive"; // of errors

struct Hosts {
    std::string graph; // "https://graph.microsoft.com"
};

enum class DriveKind { Unknown, Personal, Business, Library };

// Where an item is: a drive ("" is the account's own) and an item in it ("" is the drive's root).
struct ItemRef {
    std::string drive;
    std::string item;
    friend bool operator==(const ItemRef &, const ItemRef &) = default;
};

struct Item {
    Entry entry;
    ItemRef at;
    std::string parent; // id in the same drive; "" for a root, or where it is not told
    DriveKind kind = DriveKind::Unknown;
    std::optional<WallTime> created; // by the service's clock
    bool infected = false;
    bool remote = false; // stands for an item elsewhere
};

struct ItemPage {
    std::vector<Item> items;
    std::string next; // URL of the next page; "" at the end
};

struct Drive {
    std::string id; // as driveKey() makes it
    DriveKind kind = DriveKind::Unknown;
    std::string name;
    std::optional<std::int64_t> used;
    std::optional<std::int64_t> total;
};

struct Site {
    std::string id;
    std::string name;
};

// Which bytes an upload session waits for.
struct Ranges {
    struct Range {
        std::int64_t first = 0;
        std::int64_t last = -1; // -1: to the end
    };
    std::optional<Range> next; // the lowest; none: it has all
};

struct Session {
    std::string url; // secret
    Ranges ranges;
};

// Fit to stand in a path.
bool isId(std::string_view id);
// One drive id is spelled in several ways: in either case, and without its leading zero. This is the one we keep.
std::string driveKey(const std::string &id);
EntryId idOf(const ItemRef &ref);
Result<ItemRef> refOf(const EntryId &id); // InvalidArgument

// Requests. Those with bytes carry no body yet: the driver adds the source.
HttpRequest accountRequest(const Hosts &hosts);
HttpRequest driveRequest(const Hosts &hosts);
HttpRequest listRequest(const Hosts &hosts, const ItemRef &folder, int top, const std::string &orderBy);
HttpRequest sharedRequest(const Hosts &hosts);
HttpRequest recentRequest(const Hosts &hosts);
HttpRequest pageRequest(const std::string &url);
HttpRequest searchRequest(const Hosts &hosts, const ItemRef &folder, const std::string &text, int top);
HttpRequest searchAllRequest(const Hosts &hosts, const std::string &text, int top); // with what others share
HttpRequest itemRequest(const Hosts &hosts, const ItemRef &item);
HttpRequest childRequest(const Hosts &hosts, const ItemRef &folder, const std::string &name);
HttpRequest sitesRequest(const Hosts &hosts); // those the person follows
HttpRequest librariesRequest(const Hosts &hosts, const Site &site);
HttpRequest createFolderRequest(const Hosts &hosts, const ItemRef &parent, const std::string &name);
HttpRequest deleteRequest(const Hosts &hosts, const ItemRef &item);
HttpRequest setModifiedRequest(const Hosts &hosts, const ItemRef &item, WallTime modified);
HttpRequest contentRequest(const Hosts &hosts, const ItemRef &file);
HttpRequest pdfRequest(const Hosts &hosts, const ItemRef &file);
HttpRequest thumbnailsRequest(const Hosts &hosts, const ItemRef &file);
HttpRequest uploadRequest(const Hosts &hosts, const ItemRef &parent, const UploadTarget &target);
HttpRequest sessionRequest(const Hosts &hosts, const ItemRef &parent, const UploadTarget &target,
                           std::optional<WallTime> modified, std::optional<std::int64_t> size);
// To pre-authenticated URLs; none of these is signed.
HttpRequest bytesRequest(const std::string &url, std::int64_t offset);
HttpRequest fragmentRequest(const std::string &url, std::int64_t offset, std::int64_t bytes, std::int64_t total);
HttpRequest statusRequest(const std::string &url);
HttpRequest cancelRequest(const std::string &url);

// A further page of Graph itself: the bearer token goes there.
bool isPageUrl(const Hosts &hosts, const std::string &url);
// A place that Microsoft keeps bytes at, over TLS; anywhere on this machine when Graph is emulated on it.
bool isBytesUrl(const Hosts &hosts, const std::string &url);

// Replies. Each takes any status; what is not 2xx becomes decodeError's.
Result<Account> decodeAccount(const HttpReply &reply); // without quota
// What a sign-in's ID token adds: a work account's address, when its tenant has proved that the domain is its own.
void addFromIdToken(const std::string &idToken, Account &account);
Result<Drive> decodeDrive(const HttpReply &reply);
Result<std::vector<Drive>> decodeDrives(const HttpReply &reply);
Result<std::vector<Site>> decodeSites(const HttpReply &reply);
// `drive` is where items are that do not say it.
Result<ItemPage> decodeItems(const Hosts &hosts, const HttpReply &reply, const std::string &drive);
Result<Item> decodeItem(const HttpReply &reply, const std::string &drive);
Result<Session> decodeSession(const Hosts &hosts, const HttpReply &reply);
Result<Ranges> decodeRanges(const HttpReply &reply);
Result<std::string> decodeThumbnail(const Hosts &hosts, const HttpReply &reply, int pixels); // where its bytes are
Result<void> decodeNothing(const HttpReply &reply);
// Where a redirect leads; BadReply when it is no place for bytes.
Result<std::string> decodeRedirect(const Hosts &hosts, const std::string &from, const HttpReply &reply);
Error decodeError(const HttpReply &reply);
// Whether one of the error's codes, outer or inner, is this one; in lower case.
bool saysCode(const Error &error, std::string_view code);

// nameInvalid() for names that OneDrive will not take.
Result<void> checkName(const std::string &name);
bool isOfficeName(std::string_view name);              // SharePoint writes its own facts into such files
bool becomesPdf(std::string_view name);                // by content?format=pdf
std::string orderBy(const Sort &sort, DriveKind kind); // "" where the server does not sort so

} // namespace connector::onedrive
