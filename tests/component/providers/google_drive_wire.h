// SPDX-License-Identifier: Apache-2.0
// Google Drive's adapter against answers that a test writes out.
#pragma once

#include "core/encoding.h"
#include "providers/digest.h"
#include "providers/google_drive/google_drive_provider.h"

#include <gmock/gmock.h>

namespace connector::google_drive {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char *kApi = "https://www.googleapis.com";
constexpr const char *kSession = "https://www.googleapis.com/upload/drive/v3/files?upload_id=s3cret";
constexpr std::int64_t kQuarter = 256LL << 10U;

inline Call soon()
{
    return Call{}.within(60s);
}

inline HttpReply reply(int status, const json &body = json::object(), const std::string &type = "application/json")
{
    HttpReply out{status, {}, body.is_string() ? body.get<std::string>() : body.dump()};
    out.headers.set("Content-Type", type);
    return out;
}

inline HttpReply refusal(int status, const std::string &reason)
{
    return reply(status, {{"error", {{"code", status}, {"errors", {{{"reason", reason}}}}}}});
}

inline HttpReply moved(int status, const std::string &location)
{
    HttpReply out = reply(status);
    out.headers.set("Location", location);
    return out;
}

inline HttpReply incomplete(std::int64_t stored)
{
    HttpReply out{308, {}, {}};
    if (stored > 0)
        out.headers.set("Range", "bytes=0-" + std::to_string(stored - 1));
    return out;
}

inline json file(const std::string &id, const std::string &name, const json &more = json::object())
{
    json out{{"id", id}, {"name", name}, {"mimeType", "application/pdf"}, {"size", "1"}, {"headRevisionId", "r1"}};
    out.update(more);
    return out;
}

inline json made(const std::string &id, const std::string &name, const std::string &bytes)
{
    return file(id, name,
                {{"size", std::to_string(bytes.size())},
                 {"sha256Checksum", toHex(Digest::of(DigestKind::Sha256, bytes))},
                 {"md5Checksum", toHex(Digest::of(DigestKind::Md5, bytes))}});
}

inline json folder(const std::string &id, const json &more = json::object())
{
    json out{{"id", id}, {"name", id}, {"mimeType", "application/vnd.google-apps.folder"}};
    out.update(more);
    return out;
}

inline json shortcut(const std::string &id, const std::string &target)
{
    return {{"id", id},
            {"name", "to " + target},
            {"mimeType", "application/vnd.google-apps.shortcut"},
            {"shortcutDetails", {{"targetId", target}, {"targetMimeType", "application/pdf"}}}};
}

inline json filesOf(std::vector<json> files)
{
    return {{"files", std::move(files)}};
}

struct Asked {
    std::string line; // "GET https://host/path?query", decoded
    bool isSigned;
    HttpHeaders headers;
    std::string body;
};

// Answers as a test says.
class ScriptedCloud : public HttpClient {
public:
    using Answer = std::function<Result<HttpReply>(const Asked &)>;

    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override
    {
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        Asked asked{request.method + " " + percentDecode(request.url), request.signIt, request.headers, request.body};
        if (request.source != nullptr) {
            std::int64_t left = request.sourceBytes < 0 ? *request.source->size() : request.sourceBytes;
            std::vector<char> piece(100'000);
            while (left > 0) {
                const auto want = std::min<std::int64_t>(left, static_cast<std::int64_t>(piece.size()));
                auto n = request.source->read({piece.data(), static_cast<std::size_t>(want)});
                if (!n)
                    return std::move(n).error();
                if (*n == 0)
                    return Error{Errc::DataLoss, "short"};
                asked.body.append(piece.data(), *n);
                left -= static_cast<std::int64_t>(*n);
            }
        }
        log.push_back(asked);
        for (const auto &[part, answer] : answers)
            if (asked.line.find(part) != std::string::npos) {
                auto out = answer(asked);
                if (!out || out->status / 100 != 2)
                    return out;
                if (request.onHead) {
                    HttpReply head = *out;
                    head.body.clear();
                    if (auto r = request.onHead(head); !r)
                        return std::move(r).error();
                }
                if (sink != nullptr) {
                    if (auto r = sink->write(out->body); !r)
                        return std::move(r).error();
                    out->body.clear();
                }
                return out;
            }
        ADD_FAILURE() << "nobody asked for " << asked.line;
        return Error{Errc::BadReply, "unexpected"};
    }

    void on(const std::string &part, Answer answer) { answers.emplace_back(part, std::move(answer)); }
    void on(const std::string &part, const HttpReply &answer)
    {
        on(part, [answer](const Asked &) { return answer; });
    }

    std::vector<std::string> lines(const std::string &part = "") const
    {
        std::vector<std::string> out;
        for (const auto &asked : log)
            if (asked.line.find(part) != std::string::npos)
                out.push_back(asked.line);
        return out;
    }

    std::vector<std::pair<std::string, Answer>> answers; // the first whose text stands in the line
    std::vector<Asked> log;
};

class GoogleDriveWire : public ::testing::Test {
protected:
    GoogleDriveWire()
    {
        Tuning tuning;
        tuning.simpleMax = 1000;
        tuning.chunk = kQuarter;
        tuning.patience = 1ms;
        p = std::make_unique<GoogleDriveProvider>(cloud,
                                                  Hosts{"https://openidconnect.googleapis.com", kApi,
                                                        "https://docs.google.com", "https://lh3.googleusercontent.com"},
                                                  tuning);
    }

    // An empty folder and a fresh id for the next upload.
    void expectUpload()
    {
        cloud.on("name = ", reply(200, filesOf({})));
        cloud.on("generateIds", reply(200, {{"ids", {"1NeW"}}}));
    }

    // A session that stores what `keep` makes of each chunk's end, and is the file once it has all.
    void expectSession(std::function<std::int64_t(std::int64_t from, std::int64_t to)> keep)
    {
        cloud.on("uploadType=resumable", moved(200, kSession));
        cloud.on("PUT ", [this, keep = std::move(keep)](const Asked &asked) -> Result<HttpReply> {
            const std::string range(asked.headers.get("Content-Range"));
            if (!range.starts_with("bytes */")) {
                const std::int64_t from = std::stoll(range.substr(6));
                EXPECT_LE(from, static_cast<std::int64_t>(stored.size())) << "a hole";
                stored.resize(static_cast<std::size_t>(from));
                stored += asked.body;
                stored.resize(
                    static_cast<std::size_t>(keep(from, from + static_cast<std::int64_t>(asked.body.size()))));
            }
            if (stored.size() == bytes.size())
                return reply(200, made("1NeW", "a.pdf", stored));
            return incomplete(static_cast<std::int64_t>(stored.size()));
        });
    }

    Result<Entry> upload(OnConflict policy = OnConflict::Fail, const UploadState &from = {})
    {
        StringSource in(bytes);
        return p->upload(
            {{}, "a.pdf", policy}, in, from,
            [this](const UploadState &now) -> Result<void> {
                state = now;
                return {};
            },
            soon());
    }

    ScriptedCloud cloud;
    std::unique_ptr<Provider> p;
    std::string bytes = "content";
    std::string stored;
    UploadState state;
};

inline std::string longBytes(std::size_t size = 3 * kQuarter + 17)
{
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>(i * 7 / 5);
    return out;
}

inline const Error kCut{Errc::Offline, "cut", "http", "cut"};

} // namespace connector::google_drive
