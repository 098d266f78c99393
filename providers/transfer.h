// SPDX-License-Identifier: Apache-2.0
// What every adapter needs around a transfer: progress, hashing on the way, and the words that are the same for all.
#pragma once

#include "http/http_client.h"
#include "providers/provider.h"

#include <atomic>

namespace connector {

// Hands on the bytes, counts them and tells the progress.
class CountingSink : public ByteSink {
public:
    // `at` is the offset of the first byte in the file.
    CountingSink(ByteSink &out, std::int64_t at, const Call &call) : m_out(out), m_at(at), m_call(call) {}
    Result<void> write(std::span<const char> bytes) override;
    void expect(std::int64_t total) { m_total = total; } // -1: not known
    std::int64_t at() const { return m_at; }
    std::int64_t total() const { return m_total; }

private:
    ByteSink &m_out;
    std::int64_t m_at;
    std::int64_t m_total = -1;
    const Call &m_call;
};

// An upload's source that hashes every byte once, however often parts of it are sent, and tells the progress.
class HashingSource : public ByteSource {
public:
    // A null hasher hashes nothing.
    HashingSource(ByteSource &in, std::int64_t size, std::unique_ptr<ContentHasher> hasher, const Call &call);

    Result<std::size_t> read(std::span<char> buffer) override;
    std::optional<std::int64_t> size() const override { return m_size; }
    // Reads what lies between when that was never hashed (an earlier process sent it).
    Result<void> seek(std::int64_t offset) override;

    bool allRead() const { return m_allRead; } // any thread
    // Of the whole source; reads what was not read yet. "" without a hasher.
    Result<std::string> hash();

private:
    ByteSource &m_in;
    std::int64_t m_size;
    std::unique_ptr<ContentHasher> m_hasher;
    const Call &m_call;
    std::optional<std::string> m_result;
    std::int64_t m_at = 0;
    std::int64_t m_hashed = 0;
    std::atomic<bool> m_allRead = false;
};

// Sends the request that makes a file of what was uploaded. Once all of `source` was read (null: the cloud has it all
// already), a cancel waits two seconds for the answer: only then is known what to remove. `send` gets a call that is
// stopped when that is over.
Result<HttpReply> sendToCommit(const HashingSource *source, const Call &call,
                               const std::function<Result<HttpReply>(const Call &)> &send);

// Tells what was there before an upload began from what it made, by the service's own clock.
class UploadBegin {
public:
    UploadBegin();
    void hear(const HttpHeaders &headers); // what time it is there
    // Whether it began after the file was made; no where one of the times is not told.
    bool isAfter(const std::optional<WallTime> &made) const;
    std::int64_t toState() const;
    void restore(std::optional<std::int64_t> state);

private:
    WallTime m_here; // by our clock
    std::optional<WallTime> m_there;
};

// The three numbers of a Content-Range (RFC 9110, 14.4); -1 where one is not there.
struct ContentRange {
    std::int64_t first = -1;
    std::int64_t last = -1;
    std::int64_t total = -1;
};
ContentRange contentRangeOf(const HttpHeaders &headers);

// The server may have done what we asked without our hearing of it.
bool outcomeUnknown(const Error &error);

// Errors that faces know by their stable code.
Error fileChanged(std::string origin);  // Conflict, "file-changed"
Error fileTooLarge(std::string origin); // Unsupported, "file-too-large"
Error listRestart(std::string origin);  // Conflict, "list-restart"
Error nameInvalid(std::string origin);  // InvalidArgument, "name-invalid"

} // namespace connector
