// SPDX-License-Identifier: Apache-2.0
// What Box says on the wire around an upload: preflight, whole files, sessions and their parts. Pure functions.
#pragma once

#include "providers/box/box_codec.h"

namespace connector::box {

// Where the bytes go: a new name in a folder, or a new version of a file.
struct Destination {
    std::string folder; // number
    std::string name;
    std::string file; // number of the file that gets a new version; "": a new file
};

// Who has the name that was asked for.
struct NameHolder {
    std::optional<ItemId> item; // nothing where the service does not tell
    std::string hash;           // "sha1:hex", of a file
};

// URLs that the service gave, secret; and how it cuts the file.
struct Session {
    std::string part; // takes parts
    std::string list;
    std::string commit;
    std::string abort;
    std::int64_t partSize = 0;
};

struct Part {
    std::string id;
    std::int64_t offset = 0;
    std::int64_t size = 0;
    std::string sha1; // hex
};

struct PartList {
    std::vector<Part> parts;
    std::int64_t total = 0;
};

// One request's body: what stands around the file's bytes.
struct Multipart {
    std::string head;
    std::string tail;
};

HttpRequest preflightRequest(const Hosts &hosts, const Destination &to, std::int64_t size);
// The body is `around` and the file; `sha1` is in hexadecimal, "" where it is not known yet.
HttpRequest uploadRequest(const Hosts &hosts, const Destination &to, const std::string &boundary,
                          const std::string &sha1);
Multipart around(const Destination &to, const std::optional<WallTime> &modified, const std::string &boundary);
HttpRequest sessionRequest(const Hosts &hosts, const Destination &to, std::int64_t size);
// The driver adds the source; `sha1` is raw.
HttpRequest partRequest(const Session &session, std::int64_t offset, std::int64_t bytes, std::int64_t size,
                        const std::string &sha1);
HttpRequest listPartsRequest(const Session &session, std::int64_t offset);
HttpRequest commitRequest(const Session &session, const std::vector<Part> &parts,
                          const std::optional<WallTime> &modified, const std::string &sha1);
HttpRequest abortRequest(const Session &session);

Result<Entry> decodeUploaded(const HttpReply &reply);
// BadReply for a session that cannot take a file of this size, or whose URLs lead elsewhere.
Result<Session> decodeSession(const HttpReply &reply, const Hosts &hosts, std::int64_t size);
Result<Part> decodePart(const HttpReply &reply);
Result<PartList> decodePartList(const HttpReply &reply);
// Nothing when the reply does not say that the name is taken.
std::optional<NameHolder> nameHolderOf(const HttpReply &reply);

// The name that is tried when `attempt` others (0: none) are taken: "a.pdf", "a (1).pdf", …
std::string nameFor(const std::string &name, int attempt);

// A session as it is stored between processes, and back; nothing for what is none.
nlohmann::json toJson(const Session &session);
std::optional<Session> sessionOf(const nlohmann::json &stored, const Hosts &hosts);

} // namespace connector::box
