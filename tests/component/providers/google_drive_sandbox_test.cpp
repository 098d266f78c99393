// SPDX-License-Identifier: Apache-2.0
// What is Google Drive's own, end to end with the emulated service: its own documents, shortcuts, doubles, shared
// drives, sessions, the grant.
#include "http/json_body.h"
#include "http/url.h"
#include "providers/google_drive/google_drive_provider.h"
#include "support/account.h"

#include <gmock/gmock.h>

#include <set>
#include <thread>

namespace connector {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::SandboxAccount;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr std::int64_t kStep = 256LL << 10U;
constexpr const char *kGoogle = "application/vnd.google-apps.";

Call soon()
{
    return Call{}.within(60s);
}

class GoogleDrive : public ::testing::Test {
protected:
    GoogleDrive()
    {
        tell({{"do", "reset"}});
        use("mara.lind@example.org");
    }

    static test::Sandbox &sandbox()
    {
        static test::Sandbox instance;
        return instance;
    }

    json tell(json command) const
    {
        command["cloud"] = "google-drive";
        if (command.at("do") != "fault")
            command["person"] = person;
        return sandbox().control(command);
    }

    void use(const std::string &email)
    {
        p.reset();
        person = email;
        account = std::make_unique<SandboxAccount>(sandbox(), "google-drive", email);
        google_drive::Tuning tuning;
        tuning.simpleMax = 64LL << 10U;
        tuning.chunk = kStep;
        tuning.patience = 1ms;
        const std::string base = sandbox().base("google-drive");
        p = std::make_unique<google_drive::GoogleDriveProvider>(account->http(),
                                                                google_drive::Hosts{base, base, base, base}, tuning);
        const json root = tell({{"do", "list"}, {"path", "/"}});
        for (const auto &entry : root.at("entries"))
            tell({{"do", "delete"}, {"path", "/" + entry.at("name").get<std::string>()}});
    }

    EntryId make(json facts)
    {
        facts["do"] = "make-file";
        return {tell(facts).at("id").get<std::string>()};
    }

    // A file that only the API can make: a Google document, a shortcut.
    EntryId create(const json &metadata)
    {
        HttpRequest request;
        request.method = "POST";
        request.url = sandbox().base("google-drive") + "/drive/v3/files?supportsAllDrives=true&fields=id";
        request.headers.set("Content-Type", "application/json");
        request.body = metadata.dump();
        auto reply = account->http().send(request, nullptr, soon());
        EXPECT_TRUE(reply && reply->status == 200) << (reply ? reply->body : describe(reply.error()));
        auto body = reply ? parseJson(reply->body) : Result<json>(reply.error());
        return {body ? textOf(*body, "id") : ""};
    }
    EntryId createShortcut(const std::string &name, const EntryId &target)
    {
        return create({{"name", name},
                       {"mimeType", std::string(kGoogle) + "shortcut"},
                       {"shortcutDetails", {{"targetId", target.value}}}});
    }

    void fault(const std::string &method, const std::string &query, const json &action, int nth = 1, int times = 1)
    {
        tell({{"do", "fault"},
              {"method", method},
              {"query", query},
              {"nth", nth},
              {"times", times},
              {"action", action}});
    }

    Result<Entry> upload(const std::string &bytes, OnConflict policy = OnConflict::Rename,
                         const std::string &name = "a.bin", const EntryId &folder = {}, const UploadState &from = {})
    {
        StringSource in(bytes);
        return p->upload(
            {folder, name, policy}, in, from,
            [this](const UploadState &now) -> Result<void> {
                state = now;
                return {};
            },
            soon());
    }

    std::vector<std::string> names(const EntryId &folder = {}, const Sort &sort = {})
    {
        auto page = p->list(folder, "", sort, soon());
        EXPECT_TRUE(page) << describe(page.error());
        std::vector<std::string> out;
        if (page)
            for (const auto &entry : page->entries)
                out.push_back(entry.name);
        return out;
    }

    std::string read(const EntryId &file)
    {
        StringSink out;
        auto done = p->download(file, "", 0, out, soon());
        EXPECT_TRUE(done) << describe(done.error());
        return out.bytes();
    }

    std::string person;
    std::unique_ptr<SandboxAccount> account;
    std::unique_ptr<Provider> p;
    UploadState state;
};

std::string longBytes()
{
    std::string out(static_cast<std::size_t>(3 * kStep + 17), '\0');
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<char>(i * 7 / 5);
    return out;
}

TEST_F(GoogleDrive, AGoogleDocumentIsConvertibleAndComesAsPdf)
{
    const EntryId id = create({{"name", "Minutes"}, {"mimeType", std::string(kGoogle) + "document"}});
    auto entry = p->stat(id, soon());
    ASSERT_TRUE(entry) << describe(entry.error());
    EXPECT_EQ(entry->kind, EntryKind::Document);
    EXPECT_TRUE(entry->convertible);
    EXPECT_FALSE(entry->downloadable);
    EXPECT_EQ(entry->size, std::nullopt);
    StringSink pdf;
    auto done = p->downloadPdf(id, pdf, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(pdf.bytes().substr(0, 5), "%PDF-");
    StringSink bytes;
    EXPECT_EQ(p->download(id, "", 0, bytes, soon()).error().code, Errc::Unsupported);
}

TEST_F(GoogleDrive, ADocumentBeyondTheExportsLimitComesByItsLink)
{
    const EntryId id = create({{"name", "Minutes"}, {"mimeType", std::string(kGoogle) + "document"}});
    fault("GET", "mimeType=application",
          {{"status", 403}, {"body", {{"error", {{"errors", {{{"reason", "exportSizeLimitExceeded"}}}}}}}}}, 1, 0);
    StringSink pdf;
    auto done = p->downloadPdf(id, pdf, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(pdf.bytes().substr(0, 5), "%PDF-");
    fault("GET", "exportFormat", {{"status", 403}}, 1, 0);
    StringSink none;
    auto never = p->downloadPdf(id, none, soon());
    ASSERT_FALSE(never);
    EXPECT_EQ(stableCode(never.error()), "conversion-too-large");
}

TEST_F(GoogleDrive, AnOfficeFileIsNotConverted)
{
    const EntryId id = make({{"path", "/letter.docx"}, {"text", "not really"}});
    auto entry = p->stat(id, soon());
    ASSERT_TRUE(entry);
    EXPECT_FALSE(entry->convertible);
    StringSink out;
    EXPECT_EQ(p->downloadPdf(id, out, soon()).error().code, Errc::Unsupported);
}

TEST_F(GoogleDrive, APictureHasAThumbnailAndATextHasNone)
{
    // A bitmap of one red pixel.
    const EntryId picture =
        make({{"path", "/p.bmp"},
              {"base64", "Qk06AAAAAAAAADYAAAAoAAAAAQAAAAEAAAABABgAAAAAAAQAAAATCwAAEwsAAAAAAAAAAAAAAAD/AA=="}});
    StringSink out;
    auto done = p->thumbnail(picture, 64, out, soon());
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_FALSE(out.bytes().empty());
    StringSink none;
    EXPECT_EQ(p->thumbnail(make({{"path", "/t.txt"}, {"text", "x"}}), 64, none, soon()).error().code,
              Errc::Unsupported);
}

TEST_F(GoogleDrive, ShortcutsOpenWhatTheyPointAt)
{
    const EntryId file = make({{"path", "/Deep/real.txt"}, {"text", "the real one"}});
    const EntryId folder{tell({{"do", "make-folder"}, {"path", "/Deep"}}).at("id").get<std::string>()};
    createShortcut("to the file", file);
    createShortcut("to the folder", folder);
    const EntryId gone = make({{"path", "/gone.txt"}, {"text", "x"}});
    createShortcut("to nothing", gone);
    tell({{"do", "delete"}, {"path", "/gone.txt"}});
    auto page = p->list({}, "", {}, soon());
    ASSERT_TRUE(page) << describe(page.error());
    std::map<std::string, Entry> by;
    for (const auto &entry : page->entries)
        by[entry.name] = entry;
    EXPECT_EQ(by.at("to the file").id, file);
    EXPECT_EQ(by.at("to the file").size, 12);
    EXPECT_EQ(read(by.at("to the file").id), "the real one");
    EXPECT_EQ(by.at("to the folder").kind, EntryKind::Folder);
    EXPECT_THAT(names(by.at("to the folder").id), ElementsAre("real.txt"));
    EXPECT_EQ(by.at("to nothing").kind, EntryKind::Link);
    EXPECT_FALSE(by.at("to nothing").downloadable);
    StringSink out;
    EXPECT_FALSE(p->download(by.at("to nothing").id, "", 0, out, soon()));
}

TEST_F(GoogleDrive, TwoOfOneNameAreBothThere)
{
    const EntryId first = create({{"name", "a.txt"}, {"mimeType", "text/plain"}});
    const EntryId second = create({{"name", "a.txt"}, {"mimeType", "text/plain"}});
    EXPECT_NE(first, second);
    EXPECT_THAT(names(), ElementsAre("a.txt", "a.txt"));
    EXPECT_EQ(upload("x", OnConflict::Fail, "a.txt").error().code, Errc::Conflict);
    auto replaced = upload("new", OnConflict::Replace, "a.txt");
    ASSERT_TRUE(replaced) << describe(replaced.error());
    EXPECT_TRUE(replaced->id == first || replaced->id == second);
    auto renamed = upload("x", OnConflict::Rename, "a.txt");
    ASSERT_TRUE(renamed);
    EXPECT_EQ(renamed->name, "a (1).txt");
    EXPECT_EQ(names().size(), 3U);
}

TEST_F(GoogleDrive, OneNameIsNotGivenToTwoUploadsAtOnce)
{
    constexpr int kMany = 4;
    std::vector<std::unique_ptr<Provider>> providers;
    const std::string base = sandbox().base("google-drive");
    for (int i = 0; i < kMany; ++i)
        providers.push_back(std::make_unique<google_drive::GoogleDriveProvider>(
            account->http(), google_drive::Hosts{base, base, base, base}));
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kMany; ++i)
            threads.emplace_back([&, i] {
                StringSource in("scan " + std::to_string(i));
                auto made = providers[static_cast<std::size_t>(i)]->upload({{}, "scan.pdf"}, in, {}, {}, soon());
                EXPECT_TRUE(made) << describe(made.error());
            });
    }
    const auto all = names();
    EXPECT_EQ(all.size(), static_cast<std::size_t>(kMany));
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), static_cast<std::size_t>(kMany));
}

TEST_F(GoogleDrive, ASlashInANameIsShownAndNotMade)
{
    const EntryId id = create({{"name", "Notice 3/2025.txt"}, {"mimeType", "text/plain"}});
    auto entry = p->stat(id, soon());
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->name, "Notice 3/2025.txt");
    EXPECT_EQ(stableCode(upload("x", OnConflict::Rename, "b/c.txt").error()), "name-invalid");
}

TEST_F(GoogleDrive, WhatIsInTheTrashIsNeitherListedNorFound)
{
    const EntryId id = make({{"path", "/plan.txt"}, {"text", "x"}});
    const EntryId folder{tell({{"do", "make-folder"}, {"path", "/Old"}}).at("id").get<std::string>()};
    for (const EntryId &one : {id, folder}) {
        HttpRequest request;
        request.method = "PATCH";
        request.url = sandbox().base("google-drive") + "/drive/v3/files/" + one.value;
        request.headers.set("Content-Type", "application/json");
        request.body = R"({"trashed":true})";
        ASSERT_EQ(account->http().send(request, nullptr, soon())->status, 200);
    }
    EXPECT_TRUE(names().empty());
    auto found = p->search("plan", {}, "", soon());
    ASSERT_TRUE(found) << describe(found.error());
    EXPECT_TRUE(found->entries.empty());
    EXPECT_EQ(p->stat(id, soon()).error().code, Errc::NotFound);
    EXPECT_EQ(p->list(folder, "", {}, soon()).error().code, Errc::NotFound);
    EXPECT_EQ(upload("x", OnConflict::Rename, "a.bin", folder).error().code, Errc::NotFound);
}

TEST_F(GoogleDrive, FoldersComeFirstAndNumbersCountAsNumbers)
{
    make({{"path", "/page 10.txt"}, {"text", "x"}});
    make({{"path", "/page 9.txt"}, {"text", "x"}});
    tell({{"do", "make-folder"}, {"path", "/zebra"}});
    EXPECT_THAT(names(), ElementsAre("zebra", "page 9.txt", "page 10.txt"));
    EXPECT_THAT(names({}, {SortKey::Name, true}), ElementsAre("zebra", "page 10.txt", "page 9.txt"));
}

TEST_F(GoogleDrive, SharedDrivesStandBesideTheRootAndTakeFiles)
{
    const std::string id = tell({{"do", "tune"}, {"sharedDrive", "Research"}, {"members", {{person, "fileOrganizer"}}}})
                               .at("id")
                               .get<std::string>();
    tell({{"do", "tune"}, {"sharedDrive", "Archive"}, {"members", {{person, "reader"}}}});
    auto places = p->places(soon());
    ASSERT_TRUE(places) << describe(places.error());
    std::map<std::string, EntryId> drives;
    for (const auto &place : *places)
        if (place.kind == Place::Kind::Drive)
            drives[place.name] = place.id;
    ASSERT_EQ(drives.size(), 2U);
    EXPECT_EQ(drives.at("Research").value, id);

    auto folder = p->createFolder(drives.at("Research"), "Papers", soon());
    ASSERT_TRUE(folder) << describe(folder.error());
    auto made = upload(longBytes(), OnConflict::Rename, "a.bin", folder->id);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_THAT(names(drives.at("Research")), ElementsAre("Papers"));
    EXPECT_THAT(names(folder->id), ElementsAre("a.bin"));
    EXPECT_TRUE(read(made->id) == longBytes());
    EXPECT_EQ(upload("x", OnConflict::Fail, "a.bin", folder->id).error().code, Errc::Conflict);
    auto found = p->search("a.bin", drives.at("Research"), "", soon());
    ASSERT_TRUE(found) << describe(found.error());
    EXPECT_EQ(found->entries.size(), 1U);
    // A member may not delete for good, but throw away.
    auto removed = p->remove(made->id, soon());
    ASSERT_TRUE(removed) << describe(removed.error());
    EXPECT_EQ(p->stat(made->id, soon()).error().code, Errc::NotFound);

    auto closed = upload("x", OnConflict::Rename, "a.bin", drives.at("Archive"));
    ASSERT_FALSE(closed);
    EXPECT_EQ(stableCode(closed.error()), "no-permission");
}

TEST_F(GoogleDrive, TheRecentFilesAreFilesOnly)
{
    tell({{"do", "make-folder"}, {"path", "/Folder"}});
    make({{"path", "/old.txt"}, {"text", "x"}, {"modified", "2024-01-01T00:00:00Z"}});
    make({{"path", "/new.txt"}, {"text", "x"}, {"modified", "2025-01-01T00:00:00Z"}});
    EXPECT_THAT(names({google_drive::kRecent}, {SortKey::Modified, true}), UnorderedElementsAre("new.txt", "old.txt"));
}

TEST_F(GoogleDrive, AnUnverifiedAddressIsToldApart)
{
    use("jonas.weber@example.org");
    auto who = p->account(soon());
    ASSERT_TRUE(who) << describe(who.error());
    EXPECT_EQ(who->email, "jonas.weber@example.org");
    EXPECT_FALSE(who->emailVerified);
}

TEST_F(GoogleDrive, ASessionThatKeepsLessThanWasSentGetsTheRestAgain)
{
    // Half of a step is nothing, so this chunk is lost as a whole.
    fault("PUT", "", {{"keepBytes", kStep / 2}}, 2);
    auto made = upload(longBytes());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_TRUE(read(made->id) == longBytes());
    EXPECT_EQ(names().size(), 1U);
}

TEST_F(GoogleDrive, AnExpiredSessionIsBegunAgain)
{
    const std::string bytes = longBytes();
    int told = 0;
    StringSource in(bytes);
    ASSERT_FALSE(p->upload(
        {{}, "a.bin"}, in, {},
        [&](const UploadState &now) -> Result<void> {
            state = now;
            return ++told == 3 ? Result<void>(Error{Errc::LocalIo, "off"}) : Result<void>();
        },
        soon()));
    tell({{"do", "clock"}, {"advanceSeconds", 8 * 86400}});
    auto made = upload(bytes, OnConflict::Rename, "a.bin", {}, state);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_TRUE(read(made->id) == bytes);
}

TEST_F(GoogleDrive, AResumedUploadSendsOnlyTheRest)
{
    const std::string bytes = longBytes();
    int told = 0;
    StringSource in(bytes);
    ASSERT_FALSE(p->upload(
        {{}, "a.bin"}, in, {},
        [&](const UploadState &now) -> Result<void> {
            state = now;
            return ++told == 4 ? Result<void>(Error{Errc::LocalIo, "off"}) : Result<void>();
        },
        soon()));
    tell({{"do", "clear-requests"}});
    ASSERT_TRUE(upload(bytes, OnConflict::Rename, "a.bin", {}, state));
    std::int64_t sent = 0;
    const json log = tell({{"do", "requests"}});
    for (const auto &request : log.at("requests"))
        sent += request.value("bytesIn", std::int64_t{0});
    EXPECT_LE(sent, kStep);
}

TEST_F(GoogleDrive, AResumedUploadWhoseFileWasThrownAwayMeanwhileMakesIt)
{
    const std::string bytes = longBytes();
    auto first = upload(bytes); // the state that is left is the last chunk's
    ASSERT_TRUE(first) << describe(first.error());
    ASSERT_TRUE(p->remove(first->id, soon()));
    ASSERT_TRUE(names().empty());
    auto made = upload(bytes, OnConflict::Rename, "a.bin", {}, state);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_NE(made->id, first->id);
    EXPECT_THAT(names(), ElementsAre("a.bin"));
    EXPECT_TRUE(read(made->id) == bytes);
}

TEST_F(GoogleDrive, AFileThatMayBeThereIsNotMadeTwiceWhileNobodyCanLook)
{
    fault("POST", "uploadType=multipart", {{"loseAnswer", true}});
    fault("GET", "^fields=id", {{"status", 503}}, 1, 0); // of single files
    auto unseen = upload("content");
    if (!unseen) {
        EXPECT_EQ(remedyFor(unseen.error().code), Remedy::RetryLater) << describe(unseen.error());
    }
    tell({{"do", "clear-faults"}});
    auto made = upload("content", OnConflict::Rename, "a.bin", {}, state);
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_THAT(names(), ElementsAre("a.bin"));
}

TEST_F(GoogleDrive, ADownloadThatItsOwnerForbidsIsKnownBefore)
{
    const EntryId id = make({{"path", "/view.pdf"}, {"text", "x"}});
    tell({{"do", "mark"}, {"path", "/view.pdf"}, {"noDownload", true}});
    auto entry = p->stat(id, soon());
    ASSERT_TRUE(entry);
    EXPECT_FALSE(entry->downloadable);
    StringSink out;
    EXPECT_EQ(stableCode(p->download(id, "", 0, out, soon()).error()), "file-blocked");
}

TEST_F(GoogleDrive, AnUploadIsCancelledWhileTheServiceIsSilent)
{
    fault("POST", "uploadType=multipart", {{"delayMs", 20000}});
    std::stop_source stop;
    Call call;
    call.stop = stop.get_token();
    std::jthread other([&] {
        const auto until = Call::Clock::now() + 10s;
        while (Call::Clock::now() < until) {
            const json log = tell({{"do", "requests"}, {"route", "/upload/"}});
            if (!log.at("requests").empty())
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

TEST_F(GoogleDrive, AGrantIsNotEndedForItWouldEndThoseAtOtherPrinters)
{
    OAuthSpec spec = findProvider("google-drive")->oauthFor(account->endpoints());
    const OAuthClient client = SandboxAccount::clientOf(sandbox().credentials("google-drive"));
    const TokenSet tokens = SandboxAccount::tokensOf(sandbox().person("google-drive", person));
    ASSERT_TRUE(p->list({}, "", {}, soon()));
    EXPECT_EQ(spec.revokeUrl, "");
    EXPECT_EQ(p->revoke(soon()).error().code, Errc::Unsupported);
    // What the service does of it: the address takes one token, and all of that person's end.
    spec.revokeUrl = sandbox().base("google-drive") + "/revoke";
    auto ended = revokeTokens(account->unsignedHttp(), spec, client, tokens, systemNow(), soon());
    EXPECT_TRUE(ended) << describe(ended.error());
    auto page = p->list({}, "", {}, soon());
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Errc::Unauthenticated);
}

TEST_F(GoogleDrive, TheRegistryKnowsHowToSignIn)
{
    const ProviderInfo *info = findProvider("google-drive");
    ASSERT_NE(info, nullptr);
    EXPECT_EQ(info->title, "Google Drive");
    for (const auto &[key, base] : info->endpoints)
        EXPECT_TRUE(base.starts_with("https://")) << key;
    const OAuthSpec &spec = info->oauth;
    EXPECT_TRUE(spec.pkce);
    EXPECT_TRUE(spec.secretNeeded);
    EXPECT_EQ(spec.extraAuthorize.at("access_type"), "offline");
    EXPECT_EQ(spec.extraAuthorize.at("prompt"), "consent");
    EXPECT_EQ(spec.scope, "https://www.googleapis.com/auth/drive openid email");
    EXPECT_EQ(info->makeHasher()->result().substr(0, 7), "sha256:");
}

} // namespace
} // namespace connector
