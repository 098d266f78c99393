// SPDX-License-Identifier: Apache-2.0
#include "tests/component/providers/google_drive_wire.h"

namespace connector::google_drive {

Call soon()
{
    return Call{}.within(60s);
}

HttpReply reply(int status, const json &body, const std::string &type)
{
    HttpReply out{status, {}, body.is_string() ? body.get<std::string>() : body.dump()};
    out.headers.set("Content-Type", type);
    return out;
}

HttpReply refusal(int status, const std::string &reason)
{
    return reply(status, {{"error", {{"code", status}, {"errors", {{{"reason", reason}}}}}}});
}

HttpReply moved(int status, const std::string &location)
{
    HttpReply out = reply(status);
    out.headers.set("Location", location);
    return out;
}

HttpReply incomplete(std::int64_t stored)
{
    HttpReply out{308, {}, {}};
    if (stored > 0)
        out.headers.set("Range", "bytes=0-" + std::to_string(stored - 1));
    return out;
}

json file(const std::string &id, const std::string &name, const json &more)
{
    json out{{"id", id}, {"name", name}, {"mimeType", "application/pdf"}, {"size", "1"}, {"headRevisionId", "r1"}};
    out.update(more);
    return out;
}

json made(const std::string &id, const std::string &name, const std::string &bytes)
{
    return file(id, name,
                {{"size", std::to_string(bytes.size())},
                 {"sha256Checksum", toHex(Digest::of(DigestKind::Sha256, bytes))},
                 {"md5Checksum", toHex(Digest::of(DigestKind::Md5, bytes))}});
}

json folder(const std::string &id, const json &more)
{
    json out{{"id", id}, {"name", id}, {"mimeType", "application/vnd.google-apps.folder"}};
    out.update(more);
    return out;
}

json shortcut(const std::string &id, const std::string &target)
{
    return {{"id", id},
            {"name", "to " + target},
            {"mimeType", "application/vnd.google-apps.shortcut"},
            {"shortcutDetails", {{"targetId", target}, {"targetMimeType", "application/pdf"}}}};
}

json filesOf(std::vector<json> files)
{
    return {{"files", std::move(files)}};
}

Result<HttpReply> ScriptedCloud::send(const HttpRequest &request, ByteSink *sink, const Call &call)
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

void ScriptedCloud::on(const std::string &part, const HttpReply &answer)
{
    on(part, [answer](const Asked &) { return answer; });
}

std::vector<std::string> ScriptedCloud::lines(const std::string &part) const
{
    std::vector<std::string> out;
    for (const auto &asked : log)
        if (asked.line.find(part) != std::string::npos)
            out.push_back(asked.line);
    return out;
}

GoogleDriveWire::GoogleDriveWire()
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

void GoogleDriveWire::expectUpload()
{
    cloud.on("name = ", reply(200, filesOf({})));
    cloud.on("generateIds", reply(200, {{"ids", {"1NeW"}}}));
}

void GoogleDriveWire::expectSession(std::function<std::int64_t(std::int64_t from, std::int64_t to)> keep)
{
    cloud.on("uploadType=resumable", moved(200, kSession));
    cloud.on("PUT ", [this, keep = std::move(keep)](const Asked &asked) -> Result<HttpReply> {
        const std::string range(asked.headers.get("Content-Range"));
        if (!range.starts_with("bytes */")) {
            const std::int64_t from = std::stoll(range.substr(6));
            EXPECT_LE(from, static_cast<std::int64_t>(stored.size())) << "a hole";
            stored.resize(static_cast<std::size_t>(from));
            stored += asked.body;
            stored.resize(static_cast<std::size_t>(keep(from, from + static_cast<std::int64_t>(asked.body.size()))));
        }
        if (stored.size() == bytes.size())
            return reply(200, made("1NeW", "a.pdf", stored));
        return incomplete(static_cast<std::int64_t>(stored.size()));
    });
}

Result<Entry> GoogleDriveWire::upload(OnConflict policy, const UploadState &from)
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

std::string longBytes(std::size_t size)
{
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>(i * 7 / 5);
    return out;
}

} // namespace connector::google_drive
