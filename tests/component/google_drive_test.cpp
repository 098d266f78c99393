// SPDX-License-Identifier: Apache-2.0
// What is Google Drive's own, against answers that are written out here: sessions that lose bytes, the many meanings of
// 403, names that are no keys, and addresses that lead elsewhere.
#include "core/encoding.h"
#include "providers/digest.h"
#include "providers/google_drive/google_drive_provider.h"

#include <gmock/gmock.h>

namespace connector::google_drive {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char *kApi = "https://www.googleapis.com";
constexpr const char *kSession = "https://www.googleapis.com/upload/drive/v3/files?upload_id=s3cret";
constexpr std::int64_t kQuarter = 256LL << 10U;

Call soon()
{
    return Call{}.within(60s);
}

HttpReply reply(int status, const json &body = json::object(), const std::string &type = "application/json")
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

json file(const std::string &id, const std::string &name, const json &more = json::object())
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

json folder(const std::string &id, const json &more = json::object())
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

std::string longBytes(std::size_t size = 3 * kQuarter + 17)
{
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>(i * 7 / 5);
    return out;
}

const Error kCut{Errc::Offline, "cut", "http", "cut"};

TEST_F(GoogleDriveWire, WhatASessionDidNotKeepIsSentAgain)
{
    bytes = longBytes();
    expectUpload();
    int chunk = 0;
    expectSession([&](std::int64_t from, std::int64_t to) { return ++chunk % 2 == 1 ? from + (to - from) / 2 : to; });
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_TRUE(stored == bytes);
}

TEST_F(GoogleDriveWire, ASessionMayFallBehindWhatItHadBefore)
{
    bytes = longBytes();
    expectUpload();
    int chunk = 0;
    expectSession([&](std::int64_t, std::int64_t to) { return ++chunk == 3 ? 1000 : to; });
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_TRUE(stored == bytes);
}

TEST_F(GoogleDriveWire, AnAnswerWithoutARangeMeansThatNothingWasKept)
{
    bytes = longBytes();
    expectUpload();
    int chunk = 0;
    expectSession([&](std::int64_t, std::int64_t to) { return ++chunk == 1 ? 0 : to; });
    ASSERT_TRUE(upload());
    EXPECT_TRUE(stored == bytes);
}

TEST_F(GoogleDriveWire, ASessionThatNeverKeepsAnythingIsGivenUp)
{
    bytes = longBytes();
    expectUpload();
    expectSession([](std::int64_t from, std::int64_t) { return from; });
    auto entry = upload();
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, Errc::BadReply);
    EXPECT_LT(cloud.lines("PUT ").size(), 20U);
}

TEST_F(GoogleDriveWire, AfterACutTheSessionIsAskedBeforeAnythingIsSentAgain)
{
    bytes = longBytes();
    expectUpload();
    bool cut = false;
    cloud.on("PUT ", [&](const Asked &asked) -> Result<HttpReply> {
        const std::string range(asked.headers.get("Content-Range"));
        if (range.starts_with("bytes */"))
            return incomplete(static_cast<std::int64_t>(stored.size()));
        EXPECT_EQ(std::stoll(range.substr(6)), static_cast<std::int64_t>(stored.size()));
        if (!std::exchange(cut, true)) {
            stored = asked.body.substr(0, 100'000);
            return kCut;
        }
        stored += asked.body;
        return stored.size() == bytes.size() ? reply(200, made("1NeW", "a.pdf", stored))
                                             : incomplete(static_cast<std::int64_t>(stored.size()));
    });
    cloud.on("uploadType=resumable", moved(200, kSession));
    ASSERT_TRUE(upload());
    EXPECT_TRUE(stored == bytes);
}

TEST_F(GoogleDriveWire, ASessionsLastAnswerThatWasLostIsAskedFor)
{
    bytes = longBytes();
    expectUpload();
    bool lost = false;
    cloud.on("PUT ", [&](const Asked &asked) -> Result<HttpReply> {
        stored += asked.body;
        if (stored.size() < bytes.size())
            return incomplete(static_cast<std::int64_t>(stored.size()));
        if (!std::exchange(lost, true))
            return kCut;
        EXPECT_EQ(asked.headers.get("Content-Range"), "bytes */" + std::to_string(bytes.size()));
        return reply(201, made("1NeW", "a.pdf", stored));
    });
    cloud.on("uploadType=resumable", moved(200, kSession));
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_EQ(stored.size(), bytes.size());
}

TEST_F(GoogleDriveWire, AnUploadGoesOnInAnotherProcessWhereTheSessionStands)
{
    bytes = longBytes();
    expectUpload();
    expectSession([](std::int64_t, std::int64_t to) { return to; });
    StringSource in(bytes);
    int told = 0;
    auto died = p->upload(
        {{}, "a.pdf"}, in, {},
        [&](const UploadState &now) -> Result<void> {
            state = now;
            return ++told == 2 ? Result<void>(Error{Errc::LocalIo, "no power"}) : Result<void>();
        },
        soon());
    ASSERT_FALSE(died);
    cloud.log.clear();
    auto entry = upload(OnConflict::Rename, state);
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_TRUE(stored == bytes);
    EXPECT_EQ(cloud.log.at(0).headers.get("Content-Range"), "bytes */" + std::to_string(bytes.size()));
    EXPECT_EQ(std::stoll(std::string(cloud.log.at(1).headers.get("Content-Range")).substr(6)), kQuarter);
    EXPECT_TRUE(cloud.lines("generateIds").empty()) << "the id and the name were chosen before";
}

TEST_F(GoogleDriveWire, ASessionThatIsGoneIsBegunAgainUnlessItBecameTheFile)
{
    bytes = longBytes();
    for (const bool became : {false, true}) {
        cloud.answers.clear();
        cloud.log.clear();
        stored.clear();
        expectUpload();
        int puts = 0;
        cloud.on("PUT ", [&](const Asked &asked) -> Result<HttpReply> {
            if (++puts == 2)
                return refusal(404, "notFound");
            stored = puts == 1 ? asked.body : puts == 3 ? asked.body : stored + asked.body;
            return stored.size() == bytes.size() ? reply(200, made("1NeW", "a.pdf", stored))
                                                 : incomplete(static_cast<std::int64_t>(stored.size()));
        });
        cloud.on("uploadType=resumable", moved(200, kSession));
        cloud.on("GET " + std::string(kApi) + "/drive/v3/files/1NeW",
                 became ? reply(200, made("1NeW", "a.pdf", bytes)) : refusal(404, "notFound"));
        auto entry = upload();
        ASSERT_TRUE(entry) << describe(entry.error());
        EXPECT_EQ(cloud.lines("uploadType=resumable").size(), became ? 1U : 2U);
    }
}

TEST_F(GoogleDriveWire, ASessionNeverSeesTheToken)
{
    bytes = longBytes();
    expectUpload();
    expectSession([](std::int64_t, std::int64_t to) { return to; });
    ASSERT_TRUE(upload());
    for (const auto &asked : cloud.log)
        EXPECT_EQ(asked.isSigned, !asked.line.starts_with("PUT ")) << asked.line;
}

TEST_F(GoogleDriveWire, ASessionAtAnotherHostGetsNoByte)
{
    bytes = longBytes();
    expectUpload();
    cloud.on("uploadType=resumable", moved(200, "https://evil.example/upload?upload_id=x"));
    auto entry = upload();
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, Errc::BadReply);
    EXPECT_TRUE(cloud.lines("evil").empty());
}

TEST_F(GoogleDriveWire, AStateThatPointsElsewhereIsNotFollowed)
{
    bytes = longBytes();
    expectUpload();
    expectSession([](std::int64_t, std::int64_t to) { return to; });
    cloud.on("/files/1OlD", refusal(404, "notFound"));
    const json evil{{"version", 1},         {"folder", ""},      {"wanted", "a.pdf"},
                    {"size", bytes.size()}, {"id", "1OlD"},      {"name", "a.pdf"},
                    {"parent", "root"},     {"replaces", false}, {"session", "https://evil.example/?upload_id=x"},
                    {"offset", 5}};
    ASSERT_TRUE(upload(OnConflict::Rename, {evil.dump()}));
    EXPECT_TRUE(cloud.lines("evil").empty());
}

TEST_F(GoogleDriveWire, ALostAnswerIsFoundByTheIdThatWasMadeBefore)
{
    expectUpload();
    cloud.on("uploadType=multipart", [](const Asked &) -> Result<HttpReply> { return kCut; });
    cloud.on("/files/1NeW", reply(200, made("1NeW", "a.pdf", bytes)));
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_EQ(entry->id.value, "1NeW");
    EXPECT_EQ(cloud.lines("uploadType=multipart").size(), 1U);
}

TEST_F(GoogleDriveWire, ARepeatThatFindsItsIdTakenIsItsOwnFile)
{
    expectUpload();
    int tries = 0;
    cloud.on("uploadType=multipart", [&](const Asked &) -> Result<HttpReply> {
        return ++tries == 1 ? Result<HttpReply>(kCut) : Result<HttpReply>(refusal(409, "fileIdInUse"));
    });
    int looks = 0;
    cloud.on("/files/1NeW", [&](const Asked &) -> Result<HttpReply> {
        return ++looks == 1 ? refusal(404, "notFound") : reply(200, made("1NeW", "a.pdf", bytes));
    });
    ASSERT_TRUE(upload());
    EXPECT_EQ(tries, 2);
}

TEST_F(GoogleDriveWire, AnIdOfSomethingThrownAwayIsReplacedByAnother)
{
    cloud.on("name = ", reply(200, filesOf({})));
    int ids = 0;
    cloud.on("generateIds", [&](const Asked &) -> Result<HttpReply> {
        return reply(200, {{"ids", {++ids == 1 ? "1GoNe" : "1NeW"}}});
    });
    cloud.on("uploadType=multipart", [&](const Asked &asked) -> Result<HttpReply> {
        return asked.body.find("1GoNe") != std::string::npos ? refusal(409, "fileIdInUse")
                                                             : reply(200, made("1NeW", "a.pdf", bytes));
    });
    cloud.on("/files/1GoNe", reply(200, file("1GoNe", "a.pdf", {{"trashed", true}})));
    auto entry = upload();
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_EQ(entry->id.value, "1NeW");
}

TEST_F(GoogleDriveWire, OtherBytesThanWereSentAreDataLossAndTheFileIsRemoved)
{
    expectUpload();
    cloud.on("uploadType=multipart", reply(200, made("1NeW", "a.pdf", "damaged")));
    cloud.on("DELETE ", reply(204));
    auto entry = upload();
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, Errc::DataLoss);
    EXPECT_EQ(cloud.lines("DELETE ").size(), 1U);
}

TEST_F(GoogleDriveWire, AReplacedFileIsNeverRemoved)
{
    cloud.on("name = ", reply(200, filesOf({file("1OlD", "a.pdf")})));
    cloud.on("PATCH ", reply(200, made("1OlD", "a.pdf", "damaged")));
    auto entry = upload(OnConflict::Replace);
    ASSERT_FALSE(entry);
    EXPECT_EQ(entry.error().code, Errc::DataLoss);
    EXPECT_TRUE(cloud.lines("DELETE ").empty());
}

TEST_F(GoogleDriveWire, WithoutASha256TheMd5Counts)
{
    for (const std::string &arrived : {bytes, std::string("damaged")}) {
        cloud.answers.clear();
        expectUpload();
        json bare = made("1NeW", "a.pdf", arrived);
        bare.erase("sha256Checksum");
        cloud.on("uploadType=multipart", reply(200, bare));
        cloud.on("DELETE ", reply(204));
        EXPECT_EQ(upload().has_value(), arrived == bytes);
    }
}

TEST_F(GoogleDriveWire, NamesAreComparedToTheLetterWhateverTheSearchFinds)
{
    cloud.on("name = ", reply(200, filesOf({file("1OtHeR", "A.PDF"), file("1LoNg", "a.pdf.bak")})));
    cloud.on("generateIds", reply(200, {{"ids", {"1NeW"}}}));
    cloud.on("uploadType=multipart", reply(200, made("1NeW", "a.pdf", bytes)));
    EXPECT_TRUE(upload(OnConflict::Fail));
}

TEST_F(GoogleDriveWire, ATakenNameIsAlsoSeenOnALaterPage)
{
    json first = filesOf({});
    first["nextPageToken"] = "more";
    cloud.on("pageToken=more", reply(200, filesOf({file("1OlD", "a.pdf")})));
    cloud.on("name = ", reply(200, first));
    EXPECT_EQ(upload(OnConflict::Fail).error().code, Errc::Conflict);
}

TEST_F(GoogleDriveWire, AmongDoublesTheLastChangedFileIsReplaced)
{
    cloud.on("name = ", reply(200, filesOf({folder("1FoLdEr", {{"name", "a.pdf"}}), file("1LaSt", "a.pdf"),
                                            file("1FiRsT", "a.pdf")})));
    cloud.on("PATCH " + std::string(kApi) + "/upload/drive/v3/files/1LaSt", reply(200, made("1LaSt", "a.pdf", bytes)));
    auto entry = upload(OnConflict::Replace);
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_THAT(cloud.lines("name = ").at(0), HasSubstr("orderBy=modifiedTime desc"));
}

TEST_F(GoogleDriveWire, ALockedFileIsNotReplaced)
{
    cloud.on("name = ",
             reply(200, filesOf({file("1OlD", "a.pdf", {{"contentRestrictions", {{{"readOnly", true}}}}})})));
    auto entry = upload(OnConflict::Replace);
    ASSERT_FALSE(entry);
    EXPECT_EQ(stableCode(entry.error()), "file-locked");
    EXPECT_TRUE(cloud.lines("PATCH ").empty());
}

TEST_F(GoogleDriveWire, ARenamedUploadTakesTheFirstFreeNumber)
{
    std::vector<json> taken{file("1A", "a.pdf"), file("1B", "a (1).pdf"), file("1D", "a (3).pdf")};
    cloud.on("name = ", reply(200, filesOf(taken)));
    cloud.on("generateIds", reply(200, {{"ids", {"1NeW"}}}));
    cloud.on("uploadType=multipart", reply(200, made("1NeW", "a (2).pdf", bytes)));
    ASSERT_TRUE(upload(OnConflict::Rename));
    const auto sent = std::find_if(cloud.log.begin(), cloud.log.end(), [](const Asked &asked) {
        return asked.line.find("uploadType=multipart") != std::string::npos;
    });
    ASSERT_NE(sent, cloud.log.end());
    EXPECT_THAT(sent->body, HasSubstr("\"a (2).pdf\""));
}

TEST_F(GoogleDriveWire, OfTwoThatTookANameAtOnceTheLaterGivesWay)
{
    const json early = file("1eArLy", "a.pdf", {{"createdTime", "2026-05-11T08:00:00.000Z"}});
    const json late = file("1NeW", "a.pdf", {{"createdTime", "2026-05-11T08:00:00.001Z"}});
    const json first = file("1NeW", "a.pdf", {{"createdTime", "2026-05-11T07:59:59.999Z"}});
    struct Row {
        json ours;
        OnConflict policy;
        std::string name; // "": a conflict
    };
    for (const Row &row : {Row{late, OnConflict::Rename, "a (1).pdf"}, Row{first, OnConflict::Rename, "a.pdf"},
                           Row{late, OnConflict::Fail, ""}, Row{first, OnConflict::Fail, "a.pdf"}}) {
        cloud.answers.clear();
        cloud.log.clear();
        bool there = false;
        cloud.on("name = ", [&](const Asked &) {
            return reply(200, filesOf(there ? std::vector{row.ours, early} : std::vector<json>{}));
        });
        cloud.on("generateIds", reply(200, {{"ids", {"1NeW"}}}));
        cloud.on("uploadType=multipart", [&](const Asked &) {
            there = true;
            return reply(200, made("1NeW", "a.pdf", bytes));
        });
        cloud.on("PATCH ", [&](const Asked &asked) {
            EXPECT_EQ(asked.body, "{\"name\":\"a (1).pdf\"}");
            there = false;
            return reply(200, made("1NeW", "a (1).pdf", bytes));
        });
        cloud.on("DELETE ", reply(204));
        auto entry = upload(row.policy);
        if (row.name.empty()) {
            ASSERT_FALSE(entry);
            EXPECT_EQ(entry.error().code, Errc::Conflict);
            EXPECT_EQ(cloud.lines("DELETE ").size(), 1U);
        } else {
            ASSERT_TRUE(entry) << describe(entry.error());
            EXPECT_EQ(entry->name, row.name);
        }
    }
}

TEST_F(GoogleDriveWire, AFullAccountIsNotWaitedFor)
{
    expectUpload();
    cloud.on("uploadType=multipart", refusal(403, "storageQuotaExceeded"));
    auto entry = upload();
    ASSERT_FALSE(entry);
    EXPECT_EQ(stableCode(entry.error()), "storage-full");
    EXPECT_EQ(cloud.lines("uploadType=multipart").size(), 1U);
}

TEST_F(GoogleDriveWire, ARateLimitIsWaitedForButNotForEverAndNotTheDailyOne)
{
    struct Row {
        const char *reason;
        int lasts;
        std::size_t asked;
        bool works;
    };
    for (const Row &row : {Row{"userRateLimitExceeded", 2, 3, true}, Row{"rateLimitExceeded", 99, 5, false},
                           Row{"dailyLimitExceeded", 1, 1, false}, Row{"insufficientFilePermissions", 1, 1, false}}) {
        cloud.answers.clear();
        cloud.log.clear();
        int times = 0;
        cloud.on("/drive/v3/files?", [&](const Asked &) -> Result<HttpReply> {
            return ++times <= row.lasts ? refusal(403, row.reason) : reply(200, filesOf({}));
        });
        auto page = p->list({}, "", {}, soon());
        EXPECT_EQ(page.has_value(), row.works) << row.reason;
        EXPECT_EQ(cloud.log.size(), row.asked) << row.reason;
        if (!page && page.error().code == Errc::RateLimited) {
            EXPECT_GT(page.error().retryAfter, 0s);
        }
    }
}

TEST_F(GoogleDriveWire, AnUploadIsSentWholeAgainAfterARateLimit)
{
    expectUpload();
    int times = 0;
    std::vector<std::string> bodies;
    cloud.on("uploadType=multipart", [&](const Asked &asked) -> Result<HttpReply> {
        bodies.push_back(asked.body);
        return ++times == 1 ? refusal(403, "userRateLimitExceeded") : reply(200, made("1NeW", "a.pdf", bytes));
    });
    ASSERT_TRUE(upload());
    ASSERT_EQ(bodies.size(), 2U);
    EXPECT_EQ(bodies[0], bodies[1]);
    EXPECT_THAT(bodies[1], HasSubstr("\r\n\r\ncontent\r\n--"));
}

TEST_F(GoogleDriveWire, ShortcutsAreShownAsWhatTheyPointAt)
{
    cloud.on("in parents",
             reply(200, filesOf({shortcut("1s1", "1FiLe"), shortcut("1s2", "1GoNe"), shortcut("1s3", "1s1"),
                                 shortcut("1s4", "1TrAsH"), shortcut("1s5", "1ClOsEd")})));
    cloud.on("/files/1FiLe", reply(200, file("1FiLe", "real name.pdf", {{"size", "4711"}})));
    cloud.on("/files/1GoNe", refusal(404, "notFound"));
    cloud.on("/files/1s1", reply(200, shortcut("1s1", "1FiLe")));
    cloud.on("/files/1TrAsH", reply(200, file("1TrAsH", "x", {{"trashed", true}})));
    cloud.on("/files/1ClOsEd", refusal(403, "insufficientFilePermissions"));
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    ASSERT_EQ(page->entries.size(), 5U);
    EXPECT_EQ(page->entries[0].id.value, "1FiLe");
    EXPECT_EQ(page->entries[0].name, "to 1FiLe");
    EXPECT_EQ(page->entries[0].size, 4711);
    EXPECT_TRUE(page->entries[0].downloadable);
    for (std::size_t i = 1; i < 5; ++i) {
        EXPECT_EQ(page->entries[i].kind, EntryKind::Link) << i;
        EXPECT_FALSE(page->entries[i].downloadable) << i;
    }
}

TEST_F(GoogleDriveWire, AFolderFullOfShortcutsIsNotAskedForOneByOne)
{
    std::vector<json> many;
    for (int i = 0; i < 100; ++i)
        many.push_back(shortcut("1s" + std::to_string(i), "1t" + std::to_string(i)));
    cloud.on("in parents", reply(200, filesOf(many)));
    cloud.on("/files/1t", [](const Asked &) { return reply(200, file("1t0", "x", {{"size", "1"}})); });
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page);
    EXPECT_LE(cloud.log.size(), 21U);
    EXPECT_EQ(page->entries[99].id.value, "1t99");
    EXPECT_EQ(page->entries[99].kind, EntryKind::File);
    EXPECT_EQ(page->entries[99].size, std::nullopt);
}

TEST_F(GoogleDriveWire, ASharedDrivesFolderIsListedInItsDrive)
{
    cloud.on("in parents", [](const Asked &asked) {
        EXPECT_THAT(asked.line, HasSubstr("corpora=drive&driveId=0ADrIvE"));
        json page = filesOf({file("1A", "a.pdf")});
        page["nextPageToken"] = "next/1";
        return reply(200, page);
    });
    cloud.on("/files/1FoLdEr", reply(200, folder("1FoLdEr", {{"driveId", "0ADrIvE"}})));
    auto first = p->list({"1FoLdEr"}, "", {}, soon());
    ASSERT_TRUE(first) << describe(first.error());
    auto second = p->list({"1FoLdEr"}, first->nextPageToken, {}, soon());
    ASSERT_TRUE(second);
    EXPECT_THAT(cloud.log.back().line, HasSubstr("pageToken=next/1"));
    EXPECT_EQ(p->list({"1FoLdEr"}, "rubbish", {}, soon()).error().stable, "list-restart");
}

TEST_F(GoogleDriveWire, AResourceKeyTravelsInAHeader)
{
    cloud.on("in parents", reply(200, filesOf({})));
    cloud.on("/files/1FoLdEr", reply(200, folder("1FoLdEr", {{"resourceKey", "0-key"}})));
    ASSERT_TRUE(p->list({"1FoLdEr/0-key"}, "", {}, soon()));
    for (const auto &asked : cloud.log)
        EXPECT_EQ(asked.headers.get("X-Goog-Drive-Resource-Keys"), "1FoLdEr/0-key");
}

TEST_F(GoogleDriveWire, WhatIsInTheTrashIsGone)
{
    cloud.on("/files/1TrAsH", reply(200, folder("1TrAsH", {{"trashed", true}})));
    EXPECT_EQ(p->stat({"1TrAsH"}, soon()).error().code, Errc::NotFound);
    EXPECT_EQ(p->list({"1TrAsH"}, "", {}, soon()).error().code, Errc::NotFound);
    StringSource in("x");
    EXPECT_EQ(p->upload({{"1TrAsH"}, "a.pdf"}, in, {}, {}, soon()).error().code, Errc::NotFound);
    StringSink out;
    EXPECT_EQ(p->download({"1TrAsH"}, "", 0, out, soon()).error().code, Errc::NotFound);
}

TEST_F(GoogleDriveWire, ThePlacesAreSharedFilesRecentFilesAndDrives)
{
    cloud.on("pageToken=2", reply(200, {{"drives", {{{"id", "0AB"}, {"name", "Sales"}}}}}));
    cloud.on("/drives?", reply(200, {{"drives", {{{"id", "0AA"}, {"name", "Research"}}}}, {"nextPageToken", "2"}}));
    auto places = p->places(soon());
    ASSERT_TRUE(places) << describe(places.error());
    ASSERT_EQ(places->size(), 4U);
    EXPECT_EQ((*places)[0].kind, Place::Kind::SharedWithMe);
    EXPECT_EQ((*places)[1].kind, Place::Kind::Recent);
    EXPECT_EQ((*places)[2].name, "Research");
    EXPECT_EQ((*places)[3].id.value, "0AB");

    cloud.answers.clear();
    cloud.on("sharedWithMe = true", reply(200, filesOf({file("1A", "a.pdf")})));
    cloud.on("recency desc", [](const Asked &) {
        json page = filesOf({file("1B", "b.pdf")});
        page["nextPageToken"] = "the rest of the account";
        return reply(200, page);
    });
    auto shared = p->list((*places)[0].id, "", {}, soon());
    ASSERT_TRUE(shared) << describe(shared.error());
    EXPECT_EQ(shared->entries.at(0).name, "a.pdf");
    auto recent = p->list((*places)[1].id, "", {SortKey::Modified, true}, soon());
    ASSERT_TRUE(recent);
    EXPECT_EQ(recent->nextPageToken, "");
    EXPECT_TRUE(recent->sorted);
    auto byName = p->list((*places)[1].id, "", {}, soon());
    ASSERT_TRUE(byName);
    EXPECT_FALSE(byName->sorted);
    for (int i = 0; i < 2; ++i) {
        auto known = p->stat((*places)[static_cast<std::size_t>(i)].id, soon());
        ASSERT_TRUE(known);
        EXPECT_EQ(known->kind, EntryKind::Folder);
        EXPECT_FALSE(known->writable);
        StringSource in("x");
        EXPECT_EQ(p->upload({known->id, "a.pdf"}, in, {}, {}, soon()).error().code, Errc::PermissionDenied);
        EXPECT_EQ(p->createFolder(known->id, "n", soon()).error().code, Errc::PermissionDenied);
    }
}

TEST_F(GoogleDriveWire, WhereSharedDrivesAreForbiddenTheOtherPlacesRemain)
{
    cloud.on("/drives?", refusal(403, "domainPolicy"));
    auto places = p->places(soon());
    ASSERT_TRUE(places);
    EXPECT_EQ(places->size(), 2U);
}

TEST_F(GoogleDriveWire, ASearchBelowAFolderIsNarrowedByTheParents)
{
    cloud.on("fullText",
             reply(200, filesOf({file("1A", "deep plan", {{"parents", {"1SuB"}}}),
                                 file("1B", "plan", {{"parents", {"1ToP"}}}),
                                 file("1C", "other plan", {{"parents", {"1ElSeWhErE"}}}), file("1D", "shared plan")})));
    cloud.on("/files/1SuB", reply(200, folder("1SuB", {{"parents", {"1ToP"}}})));
    cloud.on("/files/1ElSeWhErE", reply(200, folder("1ElSeWhErE", {{"parents", {"0ARoOt"}}})));
    cloud.on("/files/0ARoOt", reply(200, folder("0ARoOt")));
    cloud.on("/files/1ToP", reply(200, folder("1ToP", {{"parents", {"0ARoOt"}}})));
    const auto names = [](const Page &page) {
        std::vector<std::string> out;
        for (const auto &entry : page.entries)
            out.push_back(entry.name);
        return out;
    };
    auto below = p->search("plan", {"1ToP"}, "", soon());
    ASSERT_TRUE(below) << describe(below.error());
    EXPECT_THAT(names(*below), ElementsAre("deep plan", "plan"));
    auto all = p->search("plan", {}, "", soon());
    ASSERT_TRUE(all);
    EXPECT_EQ(all->entries.size(), 4U);
}

TEST_F(GoogleDriveWire, ARevisionThatIsReplacedMeanwhileIsNotHandedOutAsTheOldOne)
{
    int looks = 0;
    cloud.on("alt=media", reply(200, "x", "application/pdf"));
    cloud.on("/files/1A", [&](const Asked &) {
        return reply(200, file("1A", "a.pdf", {{"headRevisionId", ++looks == 1 ? "r1" : "r2"}}));
    });
    StringSink out;
    EXPECT_EQ(stableCode(p->download({"1A"}, "r1", 0, out, soon()).error()), "file-changed");
    EXPECT_EQ(stableCode(p->download({"1A"}, "r1", 0, out, soon()).error()), "file-changed");
    EXPECT_EQ(cloud.lines("alt=media").size(), 1U) << "the second time it is known before";
}

TEST_F(GoogleDriveWire, ARangeThatIsNotObeyedWritesNothing)
{
    cloud.on("alt=media", reply(200, "0123456789", "application/pdf"));
    cloud.on("/files/1A", reply(200, file("1A", "a.pdf", {{"size", "10"}})));
    StringSink out;
    EXPECT_EQ(p->download({"1A"}, "", 5, out, soon()).error().code, Errc::BadReply);
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(GoogleDriveWire, WhatMayNotBeDownloadedIsNamed)
{
    cloud.on("alt=media", refusal(403, "cannotDownloadAbusiveFile"));
    cloud.on("/files/1ViRuS", reply(200, file("1ViRuS", "a.pdf")));
    cloud.on("/files/1ViEw", reply(200, file("1ViEw", "b.pdf", {{"capabilities", {{"canDownload", false}}}})));
    cloud.on("/files/1DoC",
             reply(200, {{"id", "1DoC"}, {"name", "c"}, {"mimeType", "application/vnd.google-apps.form"}}));
    StringSink out;
    EXPECT_EQ(stableCode(p->download({"1ViRuS"}, "", 0, out, soon()).error()), "file-blocked");
    EXPECT_EQ(stableCode(p->download({"1ViEw"}, "", 0, out, soon()).error()), "file-blocked");
    EXPECT_EQ(p->download({"1DoC"}, "", 0, out, soon()).error().code, Errc::Unsupported);
    EXPECT_EQ(p->downloadPdf({"1DoC"}, out, soon()).error().code, Errc::Unsupported);
}

class GoogleDriveExport : public GoogleDriveWire {
protected:
    GoogleDriveExport()
    {
        cloud.on("/export?", refusal(403, "exportSizeLimitExceeded"));
        cloud.on("fields=exportLinks", [this](const Asked &) {
            return reply(200, {{"exportLinks", {{"application/pdf", link}}}});
        });
        cloud.on(
            "/files/1DoC",
            reply(200, {{"id", "1DoC"}, {"name", "Minutes"}, {"mimeType", "application/vnd.google-apps.document"}}));
    }
    Result<void> fetch() { return p->downloadPdf({"1DoC"}, out, soon()); }
    std::string link = "https://docs.google.com/feeds/download/x";
    StringSink out;
};

TEST_F(GoogleDriveExport, ALargeDocumentComesByItsLinkAndTheTokenStaysAtGoogle)
{
    cloud.on("docs.google.com", moved(307, "https://doc-0s-docstext.googleusercontent.com/export/x"));
    cloud.on("googleusercontent.com", reply(200, "%PDF-1.7", "application/pdf"));
    auto done = fetch();
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes(), "%PDF-1.7");
    EXPECT_TRUE(cloud.log.at(cloud.log.size() - 2).isSigned);
    EXPECT_FALSE(cloud.log.back().isSigned);
}

TEST_F(GoogleDriveExport, ALinkOrARedirectElsewhereIsNotFollowed)
{
    link = "https://evil.example/x.pdf";
    EXPECT_EQ(stableCode(fetch().error()), "conversion-too-large");
    link = "https://docs.google.com/x";
    cloud.on("docs.google.com", moved(302, "https://evil.example/x.pdf"));
    EXPECT_EQ(stableCode(fetch().error()), "conversion-too-large");
    EXPECT_TRUE(cloud.lines("evil").empty());
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(GoogleDriveExport, WhatTheLinkDoesNotGiveEitherIsTooLarge)
{
    cloud.on("docs.google.com", reply(200, "<html>", "text/html"));
    EXPECT_EQ(stableCode(fetch().error()), "conversion-too-large");
    EXPECT_EQ(out.bytes(), "");
    cloud.answers.back().second = [](const Asked &) { return reply(503); };
    EXPECT_EQ(fetch().error().code, Errc::Unavailable) << "that may pass";
}

TEST_F(GoogleDriveWire, AThumbnailComesFromGooglesPictureHostsOnly)
{
    struct Row {
        const char *link;
        bool fetched;
        bool isSigned;
    };
    for (const Row &row :
         {Row{"https://lh3.googleusercontent.com/d/x=s220", true, true},
          Row{"https://docs.google.com/feeds/vt?id=x&s=s220", true, true},
          Row{"https://drive-thirdparty.googleusercontent.com/x", true, false},
          Row{"https://evil.example/x", false, false}, Row{"http://lh3.googleusercontent.com/x", false, false},
          Row{"http://169.254.169.254/latest/meta-data", false, false},
          Row{"https://lh3.googleusercontent.com@evil.example/x", false, false}}) {
        cloud.answers.clear();
        cloud.log.clear();
        cloud.on("thumbnailLink", reply(200, {{"hasThumbnail", true}, {"thumbnailLink", row.link}}));
        cloud.on("GET http", reply(200, "\xFF\xD8\xFF", "image/jpeg"));
        StringSink out;
        auto done = p->thumbnail({"1A"}, 480, out, soon());
        EXPECT_EQ(done.has_value(), row.fetched) << row.link;
        ASSERT_EQ(cloud.log.size(), row.fetched ? 2U : 1U) << row.link;
        if (row.fetched) {
            EXPECT_EQ(cloud.log[1].isSigned, row.isSigned) << row.link;
        }
    }
}

TEST_F(GoogleDriveWire, AThumbnailThatIsNoPictureWritesNothing)
{
    cloud.on("fields=hasThumbnail", reply(200, {{"thumbnailLink", "https://lh3.googleusercontent.com/d/x=s220"}}));
    cloud.on("=s64", reply(200, "<script>", "text/html"));
    StringSink out;
    EXPECT_EQ(p->thumbnail({"1A"}, 64, out, soon()).error().code, Errc::Unsupported);
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(GoogleDriveWire, WhatMayNotBeDeletedGoesToTheTrash)
{
    cloud.on("DELETE ", refusal(403, "insufficientFilePermissions"));
    cloud.on("PATCH ", reply(200, {{"id", "1A"}}));
    cloud.on("GET ", reply(200, file("1A", "a.pdf")));
    auto done = p->remove({"1A"}, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(cloud.log.back().body, "{\"trashed\":true}");
}

TEST_F(GoogleDriveWire, ARemovalWhoseAnswerWasLostIsDone)
{
    int times = 0;
    cloud.on("DELETE ", [&](const Asked &) -> Result<HttpReply> {
        return ++times == 1 ? Result<HttpReply>(kCut) : Result<HttpReply>(refusal(404, "notFound"));
    });
    EXPECT_TRUE(p->remove({"1A"}, soon()));
    EXPECT_EQ(p->remove({"1A"}, soon()).error().code, Errc::NotFound);
}

TEST_F(GoogleDriveWire, TheRootAndThePlacesCannotBeRemoved)
{
    for (const char *id : {"", "@recent", "@shared-with-me", "../x"})
        EXPECT_EQ(p->remove({id}, soon()).error().code, Errc::InvalidArgument) << id;
    EXPECT_TRUE(cloud.log.empty());
}

TEST_F(GoogleDriveWire, AFolderOfThatNameIsNotMadeTwice)
{
    cloud.on("name = ", reply(200, filesOf({folder("1OlD", {{"name", "New"}})})));
    EXPECT_EQ(p->createFolder({}, "New", soon()).error().code, Errc::Conflict);
    EXPECT_TRUE(cloud.lines("POST ").empty());
}

TEST_F(GoogleDriveWire, AnAccountWhoseDriveWasNotGrantedIsRefusedAtOnce)
{
    cloud.on("/v1/userinfo", reply(200, {{"sub", "1122"}, {"email", "mara@example.org"}, {"email_verified", true}}));
    cloud.on("/about?", refusal(403, "insufficientPermissions"));
    auto account = p->account(soon());
    ASSERT_FALSE(account);
    EXPECT_EQ(stableCode(account.error()), "scope-missing");
    cloud.answers.back().second = [](const Asked &) { return reply(500); };
    account = p->account(soon());
    ASSERT_TRUE(account) << "an account without its quota is still an account";
    EXPECT_TRUE(account->emailVerified);
}

TEST_F(GoogleDriveWire, AnAddressThatOnlyTheDriveKnowsIsNotVerified)
{
    cloud.on("/v1/userinfo", reply(200, {{"sub", "1122"}, {"email_verified", true}}));
    cloud.on("/about?", reply(200, {{"user", {{"displayName", "Mara Lind"}, {"emailAddress", "mara@example.org"}}},
                                    {"storageQuota", {{"usage", "5"}}}}));
    auto account = p->account(soon());
    ASSERT_TRUE(account);
    EXPECT_EQ(account->name, "Mara Lind");
    EXPECT_EQ(account->email, "mara@example.org");
    EXPECT_FALSE(account->emailVerified);
    EXPECT_EQ(account->totalBytes, std::nullopt);
}

} // namespace
} // namespace connector::google_drive
