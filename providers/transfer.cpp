// SPDX-License-Identifier: Apache-2.0
#include "providers/transfer.h"

#include "http/paced_http_client.h"

#include <charconv>
#include <thread>

namespace connector {

namespace {

constexpr std::chrono::seconds kCommitGrace{2};
constexpr std::chrono::seconds kClockGrain{5}; // between the machines of one service

} // namespace

Result<void> CountingSink::write(std::span<const char> bytes)
{
    if (auto r = m_out.write(bytes); !r)
        return r;
    m_at += static_cast<std::int64_t>(bytes.size());
    m_call.report({m_at, m_total});
    return {};
}

HashingSource::HashingSource(ByteSource &in, std::int64_t size, std::unique_ptr<ContentHasher> hasher, const Call &call)
    : m_in(in), m_size(size), m_hasher(std::move(hasher)), m_call(call)
{
    if (!m_hasher)
        m_hashed = size;
}

Result<std::size_t> HashingSource::read(std::span<char> buffer)
{
    auto n = m_in.read(buffer);
    if (!n || *n == 0)
        return n;
    const auto got = static_cast<std::int64_t>(*n);
    if (m_at + got > m_hashed) {
        const auto known = static_cast<std::size_t>(m_hashed - m_at);
        m_hasher->update(std::span<const char>(buffer.data(), *n).subspan(known));
        m_hashed = m_at + got;
    }
    m_at += got;
    m_allRead = m_at >= m_size;
    m_call.report({std::min(m_at, m_size), m_size});
    return n;
}

Result<void> HashingSource::seek(std::int64_t offset)
{
    if (offset == m_at)
        return {};
    const std::int64_t from = std::min(offset, m_hashed);
    if (auto r = m_in.seek(from); !r)
        return r;
    m_at = from;
    m_allRead = m_at >= m_size;
    std::vector<char> buffer(static_cast<std::size_t>(std::min<std::int64_t>(offset - from, 1 << 18)));
    while (m_at < offset) { // sent by an earlier run: it still has to be hashed
        if (auto r = m_call.poll(); !r)
            return r;
        const auto want = std::min<std::int64_t>(static_cast<std::int64_t>(buffer.size()), offset - m_at);
        auto n = read({buffer.data(), static_cast<std::size_t>(want)});
        if (!n)
            return std::move(n).error();
        if (*n == 0)
            return Error{Errc::DataLoss, "the source ended before its announced size"};
    }
    return {};
}

Result<std::string> HashingSource::hash()
{
    if (!m_hasher)
        return std::string();
    if (!m_result) {
        if (auto r = seek(m_size); !r)
            return std::move(r).error();
        m_result = m_hasher->result();
    }
    return *m_result;
}

Result<HttpReply> sendToCommit(const HashingSource *source, const Call &call,
                               const std::function<Result<HttpReply>(const Call &)> &send)
{
    std::stop_source stop;
    std::jthread grace;
    const std::stop_callback forward(call.stop, [&] {
        if (source != nullptr && !source->allRead()) {
            stop.request_stop();
            return;
        }
        grace = std::jthread([&stop](std::stop_token done) {
            Call pause;
            pause.stop = std::move(done);
            if (waitFor(kCommitGrace, pause))
                stop.request_stop();
        });
    });
    Call inner = call;
    inner.stop = stop.get_token();
    return send(inner);
}

UploadBegin::UploadBegin() : m_here(systemNow()) {}

void UploadBegin::hear(const HttpHeaders &headers)
{
    if (const auto date = parseHttpDate(headers.get("Date")))
        m_there = *date - (systemNow() - m_here);
}

bool UploadBegin::isAfter(const std::optional<WallTime> &made) const
{
    return made && m_there && *made + kClockGrain < *m_there;
}

std::int64_t UploadBegin::toState() const
{
    return toUnix(m_here);
}

void UploadBegin::restore(std::optional<std::int64_t> state)
{
    if (state)
        m_here = fromUnix(*state);
}

ContentRange contentRangeOf(const HttpHeaders &headers)
{
    std::string_view value = headers.get("Content-Range");
    ContentRange range;
    if (!value.starts_with("bytes "))
        return range;
    const auto number = [](std::string_view text, std::int64_t &into) {
        std::from_chars(text.data(), text.data() + text.size(), into);
    };
    value.remove_prefix(6);
    if (const std::size_t dash = value.find('-'); dash != std::string_view::npos) {
        number(value, range.first);
        number(value.substr(dash + 1), range.last);
    }
    if (const std::size_t slash = value.find('/'); slash != std::string_view::npos)
        number(value.substr(slash + 1), range.total);
    return range;
}

bool outcomeUnknown(const Error &error)
{
    return error.code == Errc::Unavailable || (error.code == Errc::Offline && error.nativeCode == "cut") ||
           (error.code == Errc::Timeout && error.nativeCode == "stalled") ||
           (error.origin == "http" && error.code == Errc::DataLoss);
}

namespace {

Error stable(Errc code, const char *message, std::string origin, const char *word)
{
    return Error{code, message, std::move(origin), {}, 0, {}, word};
}

} // namespace

Error fileChanged(std::string origin)
{
    return stable(Errc::Conflict, "the file is another one now", std::move(origin), "file-changed");
}

Error fileTooLarge(std::string origin)
{
    return stable(Errc::Unsupported, "larger than the cloud takes", std::move(origin), "file-too-large");
}

Error listRestart(std::string origin)
{
    return stable(Errc::Conflict, "the page token has died", std::move(origin), "list-restart");
}

Error nameInvalid(std::string origin)
{
    return stable(Errc::InvalidArgument, "the cloud does not allow this name", std::move(origin), "name-invalid");
}

} // namespace connector
