// SPDX-License-Identifier: Apache-2.0
// What Box says on the wire (Content API 2.0). Pure functions: no network, no clock. Uploads: box_upload_codec.h.
#pragma once

#include "http/http_client.h"
#include "providers/provider.h"

#include <nlohmann/json.hpp>

namespace connector::box {

inline constexpr const char *kOrigin = "box";
inline constexpr std::size_t kLongestName = 255; // characters
inline constexpr int kLastOffset = 10'000;       // further than that the service does not page by offset

// Base URLs of the hosts.
struct Hosts {
    std::string api;
    std::string upload;
    std::string download; // where the bytes come from; the service names it in its answers
};

// Whether a URL that the service named may be followed: https to Box' own hosts, or what is configured in their place.
bool trusted(const Hosts &hosts, const std::string &url);

// Files, folders and web links are numbered apart, so an EntryId names the kind, too: "file:601001".
enum class ItemKind { File, Folder, WebLink };
struct ItemId {
    ItemKind kind = ItemKind::Folder;
    std::string number = "0"; // the root's
};
std::optional<ItemId> itemOf(const EntryId &id); // nothing for what this adapter did not make
EntryId entryIdOf(const ItemId &item);

// Where a listing goes on: by marker, or by offset, which alone can be sorted.
struct PageToken {
    bool byMarker = false;
    std::string marker; // "" begins
    std::int64_t offset = 0;
    Sort sort = {};

    std::string text() const;
    static std::optional<PageToken> parse(std::string_view text);
};
bool sortable(SortKey key);

struct Items {
    std::vector<Entry> entries;
    std::int64_t total = -1; // offset paging only; may be more than is visible
    std::int64_t limit = 0;  // what the service made of ours
    std::string nextMarker;
};

// What the service can make of a file: its PDF, a picture of its first page.
struct Representation {
    enum class State { None, Pending, Success, Error } state = State::None;
    std::string infoUrl; // asking there starts the work and tells how it goes
    std::string contentUrl;
    std::string errorCode;
};

HttpRequest accountRequest(const Hosts &hosts);
HttpRequest listRequest(const Hosts &hosts, const std::string &folder, const PageToken &from, int limit);
HttpRequest itemRequest(const Hosts &hosts, const ItemId &item);
HttpRequest searchRequest(const Hosts &hosts, const std::string &text, const std::string &folder, std::int64_t offset,
                          int limit);
HttpRequest createFolderRequest(const Hosts &hosts, const std::string &parent, const std::string &name);
HttpRequest removeRequest(const Hosts &hosts, const ItemId &item);
// Answered with a redirect.
HttpRequest contentRequest(const Hosts &hosts, const std::string &file, const std::string &version);
// Of a redirect's target: without the token.
HttpRequest targetRequest(const std::string &url, std::int64_t offset);
HttpRequest representationsRequest(const Hosts &hosts, const std::string &file, const std::string &hint);
HttpRequest signedGet(const std::string &url);
std::string thumbnailHint(int pixels);

// Replies. Each takes any status; what is not 2xx becomes decodeError's.
Result<Account> decodeAccount(const HttpReply &reply);
Result<Items> decodeItems(const HttpReply &reply, const std::string &below = "");
Result<Entry> decodeItem(const HttpReply &reply);
Result<void> decodeNothing(const HttpReply &reply);
Result<Representation> decodeRepresentations(const HttpReply &reply); // Unsupported: nothing of the kind
Result<Representation> decodeRepresentation(const HttpReply &reply);  // of its infoUrl
Error decodeError(const HttpReply &reply);

// Both of Box' ids of one request, for the log.
std::string requestIdsOf(const HttpReply &reply);

// InvalidArgument with the stable code "name-invalid" for names that Box will not take.
Result<void> checkName(const std::string &name);

// Used by the upload's codec, too.
Result<nlohmann::json> objectOf(const HttpReply &reply);
std::optional<Entry> entryOf(const nlohmann::json &object);
std::optional<std::int64_t> sizeOf(const nlohmann::json &object, const char *key); // also 1.2e+31's notation
bool isNumber(std::string_view text);
HttpRequest jsonRequest(const char *method, std::string url, const nlohmann::json &body, bool repeatable);
extern const char *const kFields;

} // namespace connector::box
