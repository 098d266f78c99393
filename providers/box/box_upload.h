// SPDX-License-Identifier: Apache-2.0
// One upload to Box on its way; the adapter's own.
#pragma once

#include "providers/box/box_provider.h"
#include "providers/transfer.h"

namespace connector::box {

struct BoxProvider::Upload {
    Upload(const UploadTarget &wanted, std::string folder, ByteSource &in, std::int64_t bytes,
           const std::function<Result<void>(const UploadState &)> &tellState, const Call &call);

    Result<void> tell() const;
    // Ignores what is not a state of this upload: it then starts from nothing.
    void restore(const UploadState &state, const Hosts &hosts);
    // Never goes back: what is sent a second time is not shown.
    void report(std::int64_t bytes);
    std::int64_t storedBytes() const;

    const UploadTarget &target;
    const std::function<Result<void>(const UploadState &)> &onState;
    const Call &call;
    Call quiet; // the same without progress: the source is read ahead of what is sent
    std::int64_t size;
    HashingSource stream;
    bool seekable;
    bool bySession = false;

    Destination to;
    bool placed = false;    // `to` is settled
    int attempt = 0;        // of renaming
    bool maybeMade = false; // everything was sent once; the file may be there without our having heard

    std::optional<Session> session;
    std::optional<std::map<std::int64_t, Part>> parts; // by offset; nothing: to be asked for

private:
    std::int64_t m_reported = -1;
};

// Of an error in a session that was begun: it cannot be gone on with.
bool sessionGone(const Error &error);
bool nameTaken(const Error &error);

// The raw SHA-1 of "sha1:" and hexadecimal.
std::string rawSha1(const std::string &hash);

} // namespace connector::box
