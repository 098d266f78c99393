// SPDX-License-Identifier: Apache-2.0
// What is Dropbox's own: previews, thumbnails, team spaces, busy namespaces, lying answers.
#include "providers/dropbox/content_hash.h"
#include "providers/dropbox/dropbox_provider.h"
#include "support/account.h"
#include "support/scripted_server.h"

#include <gmock/gmock.h>

namespace connector {
namespace {

using namespace std::chrono_literals;
using test::SandboxAccount;

Call soon()
{
    return Call{}.within(60s);
}

class Dropbox : public ::testing::Test {
protected:
    Dropbox()
    {
        sandbox().control({{"do", "reset"}});
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
        account = std::make_unique<SandboxAccount>(sandbox(), "dropbox", email);
        dropbox::Tuning tuning;
        tuning.simpleMax = 1LL << 20U;
        tuning.chunk = 1LL << 20U;
        tuning.patience = 1ms;
        const std::string base = sandbox().base("dropbox");
        p = std::make_unique<dropbox::DropboxProvider>(account->http(), dropbox::Hosts{base, base}, tuning);
    }

    static EntryId make(const nlohmann::json &facts)
    {
        nlohmann::json command = facts;
        command["do"] = "make-file";
        return {"id:" + sandbox().control(command).at("id").get<std::string>()};
    }

    static void fault(const std::string &route, const nlohmann::json &action, int times = 1, int nth = 1)
    {
        sandbox().control({{"do", "fault"},
                           {"cloud", "dropbox"},
                           {"route", route},
                           {"times", times},
                           {"nth", nth},
                           {"action", action}});
    }

    static std::vector<std::string> routes()
    {
        std::vector<std::string> out;
        const nlohmann::json log = sandbox().control({{"do", "requests"}});
        for (const auto &request : log.at("requests"))
            out.push_back(request.at("path").get<std::string>());
        return out;
    }

    Result<Entry> upload(const std::string &bytes, OnConflict policy = OnConflict::Rename)
    {
        StringSource in(bytes);
        return p->upload({{}, "a.bin", policy}, in, {}, {}, soon());
    }

    std::unique_ptr<SandboxAccount> account;
    std::unique_ptr<Provider> p;
};

TEST_F(Dropbox, ATextDocumentBecomesAPdf)
{
    const EntryId file = make({{"path", "/letter.rtf"}, {"text", "{\\rtf1 Dear reader}"}});
    StringSink out;
    auto done = p->downloadPdf(file, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes().substr(0, 5), "%PDF-");
}

TEST_F(Dropbox, ASheetsPreviewIsHtmlAndThereforeRefusedBeforeAByteIsWritten)
{
    const EntryId file = make({{"path", "/sheet.csv"}, {"text", "a,b\n1,2\n"}});
    StringSink out;
    auto done = p->downloadPdf(file, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Unsupported);
    EXPECT_EQ(out.bytes(), "");
    auto entry = p->stat(file, soon());
    ASSERT_TRUE(entry);
    EXPECT_FALSE(entry->convertible);
}

TEST_F(Dropbox, APreviewInTheMakingIsWaitedForButNotForEver)
{
    const EntryId file = make({{"path", "/letter.rtf"}, {"text", "{\\rtf1 Dear reader}"}});
    const nlohmann::json busy{{"status", 409}, {"body", {{"error", {{".tag", "in_progress"}}}}}};
    fault("files/get_preview", busy, 2);
    StringSink out;
    ASSERT_TRUE(p->downloadPdf(file, out, soon()));
    fault("files/get_preview", busy, 0);
    StringSink none;
    auto never = p->downloadPdf(file, none, soon());
    ASSERT_FALSE(never);
    EXPECT_EQ(never.error().code, Errc::Busy);
}

TEST_F(Dropbox, APictureHasAThumbnailAndATextHasNone)
{
    // A PPM of 2 x 2 pixels.
    const EntryId picture = make({{"path", "/p.ppm"}, {"text", "P3\n2 2\n255\n255 0 0 0 255 0 0 0 255 9 9 9\n"}});
    StringSink out;
    auto done = p->thumbnail(picture, 64, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(out.bytes().substr(0, 3), "\xFF\xD8\xFF");
    const EntryId text = make({{"path", "/t.txt"}, {"text", "x"}});
    StringSink none;
    EXPECT_EQ(p->thumbnail(text, 64, none, soon()).error().code, Errc::Unsupported);
}

TEST_F(Dropbox, ATeamMemberSeesTheTeamsSpace)
{
    use("tomas.berg@example.org");
    auto member = p->account(soon());
    ASSERT_TRUE(member) << describe(member.error());
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    StringSource in("x");
    auto folder = p->createFolder({}, "Shared by all", soon());
    if (folder) {
        auto made = p->upload({folder->id, "a.txt"}, in, {}, {}, soon());
        EXPECT_TRUE(made) << describe(made.error());
    } else { // the team's root may be closed to members
        EXPECT_EQ(folder.error().code, Errc::PermissionDenied) << describe(folder.error());
    }
    for (const auto &route : {"/2/users/get_current_account", "/2/files/list_folder"})
        EXPECT_THAT(routes(), ::testing::Contains(route));
}

TEST_F(Dropbox, AMovedTeamRootIsLearntAgain)
{
    make({{"path", "/a.txt"}, {"text", "x"}});
    ASSERT_TRUE(p->list({}, "", {}, soon()));
    fault("files/list_folder", {{"status", 422}, {"body", {{"error", {{".tag", "invalid_root"}}}}}});
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    EXPECT_FALSE(page->entries.empty());
}

TEST_F(Dropbox, AnUnverifiedAddressIsToldApart)
{
    use("jonas.weber@example.org");
    auto person = p->account(soon());
    ASSERT_TRUE(person);
    EXPECT_EQ(person->email, "jonas.weber@example.org");
    EXPECT_FALSE(person->emailVerified);
}

TEST_F(Dropbox, ABusyNamespaceIsWaitedForButNotForEver)
{
    const nlohmann::json busy{
        {"status", 409},
        {"body",
         {{"error_summary", "too_many_write_operations/.."}, {"error", {{".tag", "too_many_write_operations"}}}}}};
    fault("files/upload$", busy, 2);
    auto made = upload("content");
    ASSERT_TRUE(made) << describe(made.error());
    fault("files/upload$", busy, 0);
    auto never = upload("content");
    ASSERT_FALSE(never);
    EXPECT_EQ(never.error().code, Errc::RateLimited);
}

TEST_F(Dropbox, OtherBytesThanWereSentAreDataLossAndTheFileIsRemoved)
{
    const EntryId victim = make({{"path", "/a.bin"}, {"text", "damaged on the way"}});
    fault("files/upload$", {{"status", 200},
                            {"body",
                             {{"name", "a.bin"},
                              {"id", victim.value},
                              {"rev", "5f00c0ffee12"},
                              {"size", 7},
                              {"content_hash", std::string(64, '0')}}}});
    auto made = upload("content");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::DataLoss);
    EXPECT_EQ(p->stat(victim, soon()).error().code, Errc::NotFound);
}

TEST_F(Dropbox, ADamagedReplacementIsToldAndTheFileStaysWithItsVersions)
{
    const EntryId old = make({{"path", "/a.bin"}, {"text", "as it was"}});
    fault("files/upload$", {{"status", 200},
                            {"body",
                             {{"name", "a.bin"},
                              {"id", old.value},
                              {"rev", "5f00c0ffee12"},
                              {"size", 7},
                              {"content_hash", std::string(64, '0')}}}});
    auto made = upload("content", OnConflict::Replace);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::DataLoss);
    EXPECT_TRUE(p->stat(old, soon()));
}

TEST_F(Dropbox, AnEarlierFileOfTheSameBytesIsNotTakenForOurs)
{
    auto earlier = upload("content");
    ASSERT_TRUE(earlier) << describe(earlier.error());
    int cuts = 1;
    account->tap().set([&](HttpClient &next, const HttpRequest &request, ByteSink *sink,
                           const Call &call) -> Result<HttpReply> {
        if (request.url.ends_with("/files/upload") && cuts-- > 0) // and none of it arrived
            return Error{Errc::Offline, "cut", "http", "cut"};
        auto reply = next.send(request, sink, call);
        auto body = reply && request.url.ends_with("/get_metadata") ? nlohmann::json::parse(reply->body, nullptr, false)
                                                                    : nlohmann::json();
        if (body.is_object() && body.value("id", "") == earlier->id.value) {
            body["server_modified"] = formatRfc3339(systemNow() - 1h);
            reply->body = body.dump();
        }
        return reply;
    });
    auto made = upload("content");
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_NE(made->id, earlier->id);
    EXPECT_NE(made->name, earlier->name);
}

TEST_F(Dropbox, TheServicesWordOnTheOffsetIsObeyed)
{
    const std::string bytes(3'500'000, 'x');
    // The second append is answered as if the service had kept less; the truth comes with the next.
    fault("append_v2", {{"loseAnswer", true}}, 1, 2);
    auto made = upload(bytes);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->size, 3'500'000);
}

TEST_F(Dropbox, ASessionThatLiesAboutItsOffsetForEverIsGivenUp)
{
    fault("append_v2", {{"status", 409}, {"body", {{"error", {{".tag", "incorrect_offset"}, {"correct_offset", 5}}}}}},
          0);
    auto made = upload(std::string(3'500'000, 'x'));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::BadReply);
}

TEST_F(Dropbox, AnExpiredSessionIsBegunAgain)
{
    const std::string bytes(3'500'000, 'x');
    UploadState state;
    int told = 0;
    StringSource in(bytes);
    auto stopped = p->upload(
        {{}, "a.bin"}, in, {},
        [&](const UploadState &s) -> Result<void> {
            state = s;
            return ++told == 2 ? Result<void>(Error{Errc::LocalIo, "off"}) : Result<void>();
        },
        soon());
    ASSERT_FALSE(stopped);
    sandbox().control({{"do", "clock"}, {"advanceSeconds", 8 * 86400}});
    StringSource again(bytes);
    auto made = p->upload({{}, "a.bin"}, again, state, {}, soon());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->size, 3'500'000);
}

TEST_F(Dropbox, AFileThatMayBeThereIsNotSentAgainWhileNobodyCanLook)
{
    const std::string bytes(3'500'000, 'x');
    fault("upload_session/finish", {{"loseAnswer", true}});
    fault("files/get_metadata", {{"status", 503}}, 0);
    UploadState state;
    StringSource in(bytes);
    auto unseen = p->upload(
        {{}, "a.bin", OnConflict::Rename}, in, {},
        [&](const UploadState &s) -> Result<void> {
            state = s;
            return {};
        },
        soon());
    ASSERT_FALSE(unseen);
    EXPECT_EQ(unseen.error().code, Errc::Unavailable) << describe(unseen.error());
    sandbox().control({{"do", "clear-faults"}});
    StringSource again(bytes);
    auto made = p->upload({{}, "a.bin", OnConflict::Rename}, again, state, {}, soon());
    ASSERT_TRUE(made) << describe(made.error());
    auto page = p->list({}, {}, {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    EXPECT_EQ(std::count_if(page->entries.begin(), page->entries.end(),
                            [](const Entry &entry) { return entry.name.starts_with("a"); }),
              1);
}

TEST_F(Dropbox, AResumedUploadSendsOnlyTheRest)
{
    const std::string bytes(5'000'000, 'x');
    UploadState state;
    int told = 0;
    StringSource in(bytes);
    ASSERT_FALSE(p->upload(
        {{}, "a.bin"}, in, {},
        [&](const UploadState &s) -> Result<void> {
            state = s;
            return ++told == 3 ? Result<void>(Error{Errc::LocalIo, "off"}) : Result<void>();
        },
        soon()));
    sandbox().control({{"do", "clear-requests"}});
    StringSource again(bytes);
    ASSERT_TRUE(p->upload({{}, "a.bin"}, again, state, {}, soon()));
    std::int64_t sent = 0;
    const nlohmann::json log = sandbox().control({{"do", "requests"}});
    for (const auto &request : log.at("requests"))
        sent += request.value("bytesIn", std::int64_t{0});
    EXPECT_LT(sent, 2'500'000);
}

TEST_F(Dropbox, ARangeThatIsNotObeyedWritesNothing)
{
    const EntryId file = make({{"path", "/a.txt"}, {"text", "0123456789"}});
    fault("files/download", {{"status", 200}, {"body", "0123456789"}});
    StringSink out;
    auto done = p->download(file, "", 5, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::BadReply);
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(Dropbox, AnotherRevisionThanAskedForWritesNothing)
{
    const EntryId file = make({{"path", "/a.txt"}, {"text", "0123456789"}});
    const Entry entry = *p->stat(file, soon());
    fault("files/download",
          {{"status", 200},
           {"headers", {{"Dropbox-API-Result", R"({"name":"a.txt","id":"id:1","rev":"600000000000","size":10})"}}},
           {"body", "9876543210"}});
    StringSink out;
    auto done = p->download(file, entry.revision, 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_EQ(stableCode(done.error()), "file-changed");
    EXPECT_EQ(out.bytes(), "");
}

TEST_F(Dropbox, AReadOnlyFolderIsNamed)
{
    const std::string id = sandbox().control({{"do", "make-folder"}, {"path", "/Closed"}, {"readOnly", true}}).at("id");
    StringSource in("x");
    auto made = p->upload({{"id:" + id}, "a.txt"}, in, {}, {}, soon());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::PermissionDenied);
}

TEST_F(Dropbox, NonsenseIsABadReplyAndAWrongRequestIsOurs)
{
    fault("files/list_folder", {{"rubbish", true}});
    EXPECT_EQ(p->list({}, "", {}, soon()).error().code, Errc::BadReply);
    EXPECT_EQ(p->list({"/not/an/id/"}, "", {}, soon()).error().code, Errc::InvalidArgument);
}

TEST_F(Dropbox, RevokingEndsTheGrantAndDoingItTwiceIsNoError)
{
    ASSERT_TRUE(p->list({}, "", {}, soon()));
    auto ended = p->revoke(soon());
    ASSERT_TRUE(ended) << describe(ended.error());
    EXPECT_EQ(p->list({}, "", {}, soon()).error().code, Errc::Unauthenticated);
}

TEST_F(Dropbox, AnExpiredTokenIsRefreshedOnce)
{
    sandbox().control({{"do", "expire-tokens"}});
    ASSERT_TRUE(p->list({}, "", {}, soon()));
    ASSERT_TRUE(p->list({}, "", {}, soon()));
    EXPECT_EQ(account->tokens().refreshes(), 1);
}

TEST_F(Dropbox, ARateLimitIsWaitedOutByTheSharedPace)
{
    fault("files/list_folder", {{"status", 429}, {"headers", {{"Retry-After", "7"}}}});
    ASSERT_TRUE(p->list({}, "", {}, soon()));
    EXPECT_THAT(account->waits(), ::testing::ElementsAre(7s));
}

TEST_F(Dropbox, AnUploadIsCancelledWhileTheServiceIsSilent)
{
    fault("files/upload$", {{"delayMs", 20000}});
    std::stop_source stop;
    Call call;
    call.stop = stop.get_token();
    std::jthread other([&] {
        const auto until = Call::Clock::now() + 10s;
        while (Call::Clock::now() < until) {
            const auto seen = routes();
            if (std::find(seen.begin(), seen.end(), "/2/files/upload") != seen.end())
                break;
        }
        stop.request_stop();
    });
    StringSource in("content");
    const auto start = Call::Clock::now();
    auto made = p->upload({{}, "a.bin"}, in, {}, {}, call);
    EXPECT_FALSE(made);
    EXPECT_LT(Call::Clock::now() - start, 15s); // before the service answers
}

} // namespace
} // namespace connector
