// SPDX-License-Identifier: Apache-2.0
// What is Box' own: redirects, representations, parts on several threads, commits that take their time.
#include "core/encoding.h"
#include "providers/box/box_provider.h"
#include "providers/digest.h"
#include "support/account.h"

#include <gmock/gmock.h>

#include <atomic>

namespace connector {
namespace {

using namespace std::chrono_literals;
using test::SandboxAccount;

constexpr std::int64_t kPart = 64LL << 10U;

Call soon()
{
    return Call{}.within(60s);
}

std::string bytesOf(std::size_t size)
{
    std::string out(size, '\0');
    std::uint32_t x = 4711;
    for (char &c : out) {
        x = x * 1664525U + 1013904223U;
        c = static_cast<char>(x >> 24U);
    }
    return out;
}

std::string hashOf(const std::string &bytes)
{
    return "sha1:" + toHex(Digest::of(DigestKind::Sha1, bytes));
}

// Sees what the adapter asks for.
class Watch : public HttpClient {
public:
    explicit Watch(HttpClient &next) : m_next(next) {}
    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_seen.push_back({request.method, request.url, request.signIt, request.sourceBytes});
            m_most = std::max(m_most, ++m_now);
        }
        auto reply = m_next.send(request, sink, call);
        const std::scoped_lock lock(m_mutex);
        --m_now;
        return reply;
    }
    struct Seen {
        std::string method;
        std::string url;
        bool isSigned = true;
        std::int64_t bytes = -1;
    };
    std::vector<Seen> seen() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_seen;
    }
    int count(const std::string &method, const std::string &part) const
    {
        const auto all = seen();
        return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const Seen &one) {
            return one.method == method && one.url.find(part) != std::string::npos;
        }));
    }
    int mostAtOnce() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_most;
    }
    void forget()
    {
        const std::scoped_lock lock(m_mutex);
        m_seen.clear();
        m_most = 0;
    }

private:
    HttpClient &m_next;
    mutable std::mutex m_mutex;
    std::vector<Seen> m_seen;
    int m_now = 0;
    int m_most = 0;
};

class Box : public ::testing::Test {
protected:
    Box()
    {
        sandbox().control({{"do", "reset"}, {"cloud", "box"}});
        tune({{"partSize", kPart}, {"smallestSession", 1}});
        tuning.simpleMax = 2 * kPart;
        tuning.usualPart = kPart;
        tuning.buffers = 3 * kPart;
        tuning.settle = 10ms;
        tuning.patience = 1ms;
        use("mara.lind@example.org");
    }

    static test::Sandbox &sandbox()
    {
        static test::Sandbox instance;
        return instance;
    }

    void use(const std::string &email)
    {
        p.reset();
        account = std::make_unique<SandboxAccount>(sandbox(), "box", email);
        watch = std::make_unique<Watch>(account->http());
        renew();
    }
    // As another process would.
    void renew()
    {
        const std::string base = sandbox().base("box");
        p = std::make_unique<box::BoxProvider>(*watch, box::Hosts{base, base, base}, tuning);
    }

    static void tune(nlohmann::json facts)
    {
        facts["do"] = "tune";
        facts["cloud"] = "box";
        sandbox().control(facts);
    }
    static void fault(const std::string &route, const nlohmann::json &action, int times = 1, int nth = 1,
                      const std::string &method = "")
    {
        nlohmann::json rule{{"do", "fault"},  {"cloud", "box"}, {"route", route},
                            {"times", times}, {"nth", nth},     {"action", action}};
        if (!method.empty())
            rule["method"] = method;
        sandbox().control(rule);
    }

    Result<Entry> upload(const std::string &bytes, OnConflict policy = OnConflict::Rename, const UploadState &from = {})
    {
        StringSource in(bytes);
        return p->upload(
            {{}, "a.bin", policy}, in, from,
            [&](const UploadState &told) -> Result<void> {
                state = told;
                return --tellsLeft == 0 ? Result<void>(Error{Errc::LocalIo, "off"}) : Result<void>();
            },
            soon());
    }

    std::string read(const EntryId &id)
    {
        StringSink out;
        auto done = p->download(id, "", 0, out, soon());
        EXPECT_TRUE(done) << describe(done.error());
        return out.bytes();
    }

    box::Tuning tuning;
    std::unique_ptr<SandboxAccount> account;
    std::unique_ptr<Watch> watch;
    std::unique_ptr<Provider> p;
    UploadState state;
    int tellsLeft = -1;
};

const char *const kParts = "files/upload_sessions/[0-9A-F]+$";

TEST_F(Box, AnswersToSeveralPartsAreAwaitedTogether)
{
    fault(kParts, {{"delayMs", 300}}, 0, 1, "PUT");
    const std::string bytes = bytesOf(6 * kPart + 100);
    auto made = upload(bytes);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytes));
    EXPECT_GE(watch->mostAtOnce(), 2);
    EXPECT_LE(watch->mostAtOnce(), 3);
    EXPECT_EQ(watch->count("PUT", "upload_sessions"), 7);
}

TEST_F(Box, PartsLargerThanTheBuffersGoOneByOne)
{
    tuning.buffers = kPart - 1;
    renew();
    const std::string bytes = bytesOf(4 * kPart + 100);
    auto made = upload(bytes);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytes));
    EXPECT_EQ(watch->mostAtOnce(), 1);
    EXPECT_TRUE(read(made->id) == bytes);
}

TEST_F(Box, APartWhoseAnswerWasLostIsStoredOnce)
{
    fault(kParts, {{"loseAnswer", true}}, 1, 2, "PUT");
    const std::string bytes = bytesOf(5 * kPart);
    auto made = upload(bytes);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytes));
}

TEST_F(Box, ACommitThatIsNotReadyIsRepeated)
{
    fault("/commit$", {{"status", 202}}, 3);
    auto made = upload(bytesOf(3 * kPart));
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(watch->count("POST", "/commit"), 4);
}

TEST_F(Box, ACommitThatIsNeverReadyIsGivenUpAndGoneOnWithLater)
{
    fault("/commit$", {{"status", 202}}, 0);
    const std::string bytes = bytesOf(3 * kPart);
    auto never = upload(bytes);
    ASSERT_FALSE(never);
    EXPECT_EQ(never.error().code, Errc::Busy) << describe(never.error());
    EXPECT_EQ(watch->count("POST", "/commit"), 60);
    sandbox().control({{"do", "clear-faults"}});
    watch->forget();
    renew();
    auto made = upload(bytes, OnConflict::Rename, state);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytes));
    EXPECT_EQ(watch->count("PUT", "upload_sessions"), 0);
}

TEST_F(Box, PartsThatAreNotKnownYetAreCommittedAgain)
{
    fault("/commit$", {{"status", 400}, {"body", {{"code", "parts_mismatch"}}}}, 2);
    auto made = upload(bytesOf(3 * kPart));
    ASSERT_TRUE(made) << describe(made.error());
}

TEST_F(Box, ACommitWhoseNameIsTakenByTheSameBytesHasSucceeded)
{
    fault("/commit$", {{"loseAnswer", true}});
    auto made = upload(bytesOf(3 * kPart));
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->name, "a.bin");
    EXPECT_EQ(watch->count("POST", "/commit"), 2);
}

TEST_F(Box, AnExpiredSessionIsBegunAgain)
{
    tellsLeft = 3;
    const std::string bytes = bytesOf(5 * kPart);
    ASSERT_FALSE(upload(bytes));
    const UploadState before = state;
    sandbox().control({{"do", "clock"}, {"advanceSeconds", 8 * 86400}});
    watch->forget();
    renew();
    auto made = upload(bytes, OnConflict::Rename, before);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytes));
    EXPECT_EQ(watch->count("PUT", "upload_sessions"), 5);
}

TEST_F(Box, AResumedUploadSendsOnlyWhatIsMissing)
{
    tellsLeft = 4; // the session, then three parts
    const std::string bytes = bytesOf(8 * kPart);
    ASSERT_FALSE(upload(bytes));
    watch->forget();
    renew();
    auto made = upload(bytes, OnConflict::Rename, state);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytes));
    EXPECT_LE(watch->count("PUT", "upload_sessions"), 5);
}

TEST_F(Box, ASessionIsNotFilledFromAnotherFile)
{
    tellsLeft = 4;
    ASSERT_FALSE(upload(std::string(8 * kPart, 'x')));
    renew();
    const std::string bytes = bytesOf(8 * kPart);
    auto made = upload(bytes, OnConflict::Rename, state);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytes));
    EXPECT_TRUE(read(made->id) == bytes);
}

TEST_F(Box, AListOfPartsWithoutAnEndIsABadReply)
{
    tellsLeft = 3;
    const std::string bytes = bytesOf(5 * kPart);
    ASSERT_FALSE(upload(bytes));
    fault("/parts$",
          {{"status", 200},
           {"body",
            {{"total_count", 1'000'000},
             {"entries", {{{"part_id", "AB12"}, {"offset", 0}, {"size", kPart}, {"sha1", std::string(40, '0')}}}}}}},
          0, 1, "GET");
    renew();
    StringSource in(bytes);
    auto made = p->upload({{}, "a.bin"}, in, state, {}, Call{}.within(5s));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::BadReply) << describe(made.error());
}

TEST_F(Box, APartThatArrivesDamagedIsSentAgainButNotForEver)
{
    const nlohmann::json damaged{{"status", 400}, {"body", {{"code", "bad_digest"}}}};
    for (const std::int64_t buffers : {3 * kPart, kPart - 1}) { // from the buffers, and straight from the source
        tuning.buffers = buffers;
        renew();
        fault(kParts, damaged, 2, 2, "PUT");
        watch->forget();
        const std::string bytes = bytesOf(5 * kPart + 100);
        auto made = upload(bytes);
        ASSERT_TRUE(made) << describe(made.error());
        EXPECT_EQ(made->contentHash, hashOf(bytes));
        EXPECT_EQ(watch->count("PUT", "upload_sessions"), 8);
        EXPECT_EQ(watch->count("POST", "upload_sessions"), 2); // the session and its commit
        sandbox().control({{"do", "clear-faults"}});
        fault(kParts, damaged, 0, 1, "PUT");
        watch->forget();
        auto never = upload(bytes);
        ASSERT_FALSE(never);
        EXPECT_EQ(never.error().code, Errc::DataLoss) << describe(never.error());
        EXPECT_LE(watch->count("PUT", "upload_sessions"), 12);
        sandbox().control({{"do", "clear-faults"}});
    }
}

TEST_F(Box, AFileThatIsTooSmallForASessionAfterAllGoesWhole)
{
    tune({{"smallestSession", 1'000'000'000}});
    const std::string bytes = bytesOf(5 * kPart);
    auto made = upload(bytes);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->contentHash, hashOf(bytes));
}

TEST_F(Box, SessionsAtStrangersAreRefused)
{
    const std::string evil = "https://evil.example/s";
    fault("files/upload_sessions$",
          {{"status", 201},
           {"body",
            {{"id", "1"},
             {"part_size", kPart},
             {"total_parts", 3},
             {"session_endpoints",
              {{"upload_part", evil}, {"list_parts", evil}, {"commit", evil}, {"abort", evil}, {"status", evil}}}}}});
    auto made = upload(bytesOf(3 * kPart));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::BadReply) << describe(made.error());
    EXPECT_EQ(watch->count("PUT", ""), 0);
}

TEST_F(Box, OtherBytesThanWereSentAreDataLossAndTheFileIsRemoved)
{
    auto victim = upload("damaged on the way");
    ASSERT_TRUE(victim);
    const std::string id = victim->id.value.substr(5);
    fault("^/api/2.0/files/content$",
          {{"status", 201},
           {"body",
            {{"total_count", 1},
             {"entries",
              {{{"type", "file"}, {"id", id}, {"name", "a.bin"}, {"size", 7}, {"sha1", std::string(40, '0')}}}}}}});
    auto made = upload("content");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::DataLoss) << describe(made.error());
    EXPECT_EQ(p->stat(victim->id, soon()).error().code, Errc::NotFound);
}

TEST_F(Box, ADownloadsTargetGetsNoToken)
{
    auto made = upload("content");
    ASSERT_TRUE(made);
    watch->forget();
    EXPECT_EQ(read(made->id), "content");
    const auto seen = watch->seen();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_TRUE(seen[0].isSigned);
    EXPECT_FALSE(seen[1].isSigned);
    EXPECT_NE(seen[1].url.find("/d/1/"), std::string::npos);
}

TEST_F(Box, ARedirectToAStrangerIsNotFollowed)
{
    auto made = upload("content");
    ASSERT_TRUE(made);
    for (const char *where : {"https://evil.example/d", "http://dl.boxcloud.com/d", "https://box.com.evil.example/",
                              "https://evilbox.com/", "file:///etc/passwd", "//evil.example/d"}) {
        fault("/files/\\d+/content$", {{"status", 302}, {"headers", {{"Location", where}}}});
        watch->forget();
        StringSink out;
        auto done = p->download(made->id, "", 0, out, soon());
        ASSERT_FALSE(done) << where;
        EXPECT_EQ(done.error().code, Errc::BadReply) << describe(done.error());
        EXPECT_EQ(watch->seen().size(), 1U) << where;
    }
}

TEST_F(Box, ALinkThatDiedIsAskedForOnceMore)
{
    auto made = upload("content");
    ASSERT_TRUE(made);
    fault("^/d/1/", {{"status", 403}});
    EXPECT_EQ(read(made->id), "content");
    fault("^/d/1/", {{"status", 404}}, 0);
    watch->forget();
    StringSink out;
    auto done = p->download(made->id, "", 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Unavailable) << describe(done.error());
    EXPECT_EQ(watch->count("GET", "/content"), 2);
}

TEST_F(Box, ABodyThatIsNotReadyIsWaitedForButNotForEver)
{
    auto made = upload("content");
    ASSERT_TRUE(made);
    fault("/files/\\d+/content$", {{"status", 202}, {"body", "wait"}}, 3);
    EXPECT_EQ(read(made->id), "content");
    fault("/files/\\d+/content$", {{"status", 202}, {"body", "wait"}}, 0);
    StringSink out;
    auto done = p->download(made->id, "", 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Busy);
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(Box, ARangeThatIsNotObeyedWritesNothing)
{
    auto made = upload("0123456789");
    ASSERT_TRUE(made);
    fault("^/d/1/", {{"status", 200}, {"body", "0123456789"}});
    StringSink out;
    auto done = p->download(made->id, made->revision, 5, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::BadReply);
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(Box, APdfIsStartedWaitedForAndFetched)
{
    tune({{"pendingPolls", 3}});
    StringSource in("{\\rtf1 Dear reader}");
    auto made = p->upload({{}, "letter.rtf"}, in, {}, {}, soon());
    ASSERT_TRUE(made);
    StringSink out;
    auto done = p->downloadPdf(made->id, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes().substr(0, 5), "%PDF-");
}

TEST_F(Box, APdfThatIsNeverReadyIsGivenUp)
{
    tune({{"pendingPolls", 1'000'000}});
    StringSource in("{\\rtf1 Dear reader}");
    auto made = p->upload({{}, "letter.rtf"}, in, {}, {}, soon());
    ASSERT_TRUE(made);
    StringSink out;
    auto done = p->downloadPdf(made->id, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Busy) << describe(done.error());
}

TEST_F(Box, ARepresentationAtAStrangerIsNotAskedFor)
{
    StringSource in("{\\rtf1 Dear reader}");
    auto made = p->upload({{}, "letter.rtf"}, in, {}, {}, soon());
    ASSERT_TRUE(made);
    const nlohmann::json ready{
        {"representation", "pdf"},
        {"info", {{"url", sandbox().base("box") + "/2.0/internal_files/1/versions/1/representations/pdf"}}},
        {"status", {{"state", "success"}}},
        {"content", {{"url_template", "https://evil.example/{+asset_path}"}}}};
    const nlohmann::json elsewhere{
        {"representation", "pdf"}, {"info", {{"url", "https://evil.example/i"}}}, {"status", {{"state", "none"}}}};
    for (const auto &one : {ready, elsewhere}) {
        fault("^/2.0/files/\\d+$",
              {{"status", 200},
               {"body", {{"type", "file"}, {"representations", {{"entries", nlohmann::json::array({one})}}}}}});
        watch->forget();
        StringSink out;
        auto done = p->downloadPdf(made->id, out, soon());
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, Errc::BadReply) << describe(done.error());
        EXPECT_EQ(watch->seen().size(), 1U);
    }
}

TEST_F(Box, APictureHasAThumbnailAndATextHasNone)
{
    StringSource picture("P3\n2 2\n255\n255 0 0 0 255 0 0 0 255 9 9 9\n");
    auto made = p->upload({{}, "p.ppm"}, picture, {}, {}, soon());
    ASSERT_TRUE(made);
    StringSink out;
    auto done = p->thumbnail(made->id, 64, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes().substr(0, 3), "\xFF\xD8\xFF");
    auto text = upload("x");
    ASSERT_TRUE(text);
    StringSink none;
    EXPECT_EQ(p->thumbnail(text->id, 64, none, soon()).error().code, Errc::Unsupported);
}

TEST_F(Box, AnAddressThatIsNotConfirmedIsNamed)
{
    use("jonas.weber@example.org");
    auto person = p->account(soon());
    ASSERT_FALSE(person);
    EXPECT_EQ(stableCode(person.error()), "email-unverified") << describe(person.error());
}

TEST_F(Box, WhatIsBusyForAMomentIsAskedAgain)
{
    fault("^/2.0/folders$", {{"status", 409}, {"body", {{"code", "operation_blocked_temporary"}}}}, 2);
    EXPECT_TRUE(p->createFolder({}, "New", soon()));
    fault("^/2.0/folders$", {{"status", 409}, {"body", {{"code", "operation_blocked_temporary"}}}}, 0);
    auto never = p->createFolder({}, "Newer", soon());
    ASSERT_FALSE(never);
    EXPECT_EQ(never.error().code, Errc::Busy);
}

} // namespace
} // namespace connector
