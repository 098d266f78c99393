// SPDX-License-Identifier: Apache-2.0
// What the parts of an upload share; nobody else needs it.
#pragma once

#include "http/json_body.h"
#include "providers/digest.h"
#include "providers/transfer.h"
#include "providers/webdav/paths.h"
#include "providers/webdav/webdav_provider.h"

namespace connector::webdav {

inline constexpr std::int64_t kMostChunks = 10'000; // Nextcloud's
inline constexpr int kCommitAttempts = 3;

// One upload on its way.
struct WebdavProvider::Upload {
    const UploadTarget &target;
    const std::function<Result<void>(const UploadState &)> &onState;
    std::string folder; // its path
    std::int64_t size;
    HashingSource stream;
    std::string name = {};    // the one that is tried; "" until chosen
    std::string session = {}; // "": not begun, or not by session
    std::int64_t chunk = 0;
    std::string sha1 = {}; // "" until known
    bool bySession = false;
    bool resumed = false;        // an earlier process filled a part of the session
    bool maybeCommitted = false; // an earlier try may have succeeded unheard
    bool unheard = false;        // the server was asked to make the file, and did not say that it did

    std::string path() const { return childOf(folder, name); }
    PutOptions options() const { return {target.onConflict == OnConflict::Replace, target.modified, sha1}; }
    std::int64_t chunks() const { return (size + chunk - 1) / chunk; }
    std::int64_t chunkSize(std::int64_t number) const { return std::min(chunk, size - (number - 1) * chunk); }

    Result<void> tell() const
    {
        if (!onState)
            return {};
        return onState({nlohmann::json{{"version", 1},
                                       {"size", size},
                                       {"name", name},
                                       {"session", session},
                                       {"chunk", chunk},
                                       {"committing", maybeCommitted}}
                            .dump()});
    }

    // Ignores what is not a state of this upload: it then starts from nothing.
    void restore(const UploadState &state)
    {
        auto body = parseJson(state.opaque, 4);
        if (!body || integerOf(*body, "version") != 1 || integerOf(*body, "size") != size)
            return;
        const std::string known = textOf(*body, "name");
        if (!checkName(known))
            return;
        name = known;
        maybeCommitted = flagOf(*body, "committing");
        const std::int64_t bytes = integerOf(*body, "chunk").value_or(0);
        const std::string begun = textOf(*body, "session");
        if (bySession && !begun.empty() && checkName(begun) && bytes > 0 && (size + bytes - 1) / bytes <= kMostChunks) {
            session = begun;
            chunk = bytes;
            resumed = true;
        }
    }
};

} // namespace connector::webdav
