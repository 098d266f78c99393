// SPDX-License-Identifier: Apache-2.0
// A server's 207 answer, read while it arrives: one resource after the other, none of them kept.
#pragma once

#include "core/bytes.h"
#include "core/time.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace connector::webdav {

// What a server says of one resource. Only what it said with a 2xx.
struct Resource {
    std::string path; // below the base that was asked for; see pathBelow()
    int status = 200; // of the resource as a whole
    bool collection = false;
    std::optional<std::int64_t> size;
    std::optional<WallTime> modified;
    std::string etag; // without its quotes and mark of weakness
    std::string contentType;
    std::optional<std::int64_t> quotaUsed;
    std::optional<std::int64_t> quotaAvailable; // negative: no limit, or not known
    // Nextcloud's and ownCloud's
    std::string fileId;
    std::string sha1;        // hex, lower case
    std::string permissions; // letters; see entryOf()
    bool hasPreview = false;
    bool encrypted = false; // end to end: its content is of no use to us
};

// Safe for any bytes: no document type (so no entities), bounded depth, text and token length, whatever the total.
class MultistatusReader : public ByteSink {
public:
    // `host` and `base` as for pathBelow(). An error of `found` ends the reading and comes out of write().
    MultistatusReader(std::string host, std::string base, std::function<Result<void>(Resource &&)> found);
    ~MultistatusReader() override;

    // BadReply for what is not a well-formed multistatus.
    Result<void> write(std::span<const char> bytes) override;
    // The document has to end here.
    Result<void> finish();

private:
    class Parser;
    std::unique_ptr<Parser> m_parser;
};

// RFC 9110's three spellings of a date; nullopt for anything else.
std::optional<WallTime> parseHttpDate(std::string_view text);
// The etag's letters, where it is one that can be sent back; "" otherwise.
std::string bareEtag(std::string_view etag);

} // namespace connector::webdav
