// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "http/json_body.h"
#include "providers/google_drive/google_drive_codec.h"

#include <gmock/gmock.h>

#include <fstream>

namespace connector::google_drive {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Hosts kHosts{"https://openidconnect.googleapis.com", "https://www.googleapis.com", "https://docs.google.com",
                   "https://lh3.googleusercontent.com"};
const FileRef kFile{"1FiLe", {}};
const FileRef kByLink{"1FiLe", "0-key"};

HttpReply reply(int status, std::string body)
{
    return {status, {}, std::move(body)};
}

std::string refusal(int status, const std::string &reason)
{
    return nlohmann::json{{"error",
                           {{"code", status},
                            {"message", "hush: /private/path"},
                            {"errors", {{{"domain", "global"}, {"reason", reason}, {"message", "hush"}}}}}}}
        .dump();
}

std::string fileText(const std::string &name)
{
    std::ifstream in(CONNECTOR_TEST_DATA "/google-drive/" + name);
    EXPECT_TRUE(in.good()) << name;
    return {std::istreambuf_iterator<char>(in), {}};
}

// As it goes over the wire, but for what the HTTP client adds.
std::string wire(const HttpRequest &request)
{
    std::string text = request.method + " " + request.url + "\n";
    for (const auto &[name, value] : request.headers.fields)
        text += name + ": " + value + "\n";
    return text + "\n" + request.body + (request.body.empty() ? "" : "\n");
}

// One parameter of the query, decoded.
std::string parameter(const HttpRequest &request, const std::string &name)
{
    const std::string query = "&" + request.url.substr(request.url.find('?') + 1);
    const std::size_t at = query.find("&" + name + "=");
    if (at == std::string::npos)
        return "(none)";
    const std::size_t from = at + name.size() + 2;
    return percentDecode(query.substr(from, query.find('&', from) - from));
}

NewFile newFile()
{
    return {"1GeNeRaTeD", "Größe \"1\".pdf", {"0APaReNt", "0-key"}, false, fromUnix(1'778'486'400)};
}

TEST(GoogleDriveCodec, RequestsAreTheRecordedOnes)
{
    NewFile replaced = newFile();
    replaced.replaces = true;
    replaced.modified.reset();
    const std::vector<std::pair<const char *, HttpRequest>> all{
        {"userinfo", userinfoRequest(kHosts)},
        {"about", aboutRequest(kHosts)},
        {"list", filesRequest(kHosts, childrenQuery({"root", {}}, {}, {}), 200, {})},
        {"list_drive",
         filesRequest(kHosts, childrenQuery(kByLink, "0ADrIvE", {SortKey::Modified, true}), 200, "~!!~A/9")},
        {"drives", drivesRequest(kHosts, "t")},
        {"file", fileRequest(kHosts, kByLink)},
        {"made_file", madeFileRequest(kHosts, "1FiLe")},
        {"export_links", exportLinksRequest(kHosts, kFile)},
        {"thumbnail_link", thumbnailLinkRequest(kHosts, kByLink)},
        {"download", downloadRequest(kHosts, kFile, 0)},
        {"download_rest", downloadRequest(kHosts, kByLink, 1000)},
        {"export", exportRequest(kHosts, kFile)},
        {"create_folder", createFolderRequest(kHosts, kByLink, "Übung")},
        {"delete", deleteRequest(kHosts, kFile)},
        {"trash", trashRequest(kHosts, kFile)},
        {"rename", renameRequest(kHosts, "1FiLe", "a (1).pdf")},
        {"generate_id", generateIdRequest(kHosts)},
        {"session", sessionRequest(kHosts, newFile(), 2'000'000)},
        {"session_replace", sessionRequest(kHosts, replaced, 0)},
        {"chunk",
         chunkRequest("https://www.googleapis.com/upload/drive/v3/files?upload_id=s", 524'288, 262'144, 2'000'000)},
        {"status", statusRequest("https://www.googleapis.com/upload/drive/v3/files?upload_id=s", 2'000'000)},
    };
    for (const auto &[name, request] : all)
        EXPECT_EQ(wire(request), fileText(std::string(name) + "_request.txt")) << name;
}

TEST(GoogleDriveCodec, AnUploadInOneRequestIsTwoParts)
{
    const Multipart parts = uploadRequest(kHosts, newFile(), "b1");
    EXPECT_EQ(parts.request.method, "POST");
    EXPECT_EQ(parameter(parts.request, "uploadType"), "multipart");
    EXPECT_EQ(parameter(parts.request, "supportsAllDrives"), "true");
    EXPECT_EQ(parts.request.headers.get("Content-Type"), "multipart/related; boundary=b1");
    EXPECT_EQ(parts.before, "--b1\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
                            "{\"id\":\"1GeNeRaTeD\",\"modifiedTime\":\"2026-05-11T08:00:00Z\","
                            "\"name\":\"Größe \\\"1\\\".pdf\",\"parents\":[\"0APaReNt\"]}"
                            "\r\n--b1\r\nContent-Type: application/pdf\r\n\r\n");
    EXPECT_EQ(parts.after, "\r\n--b1--\r\n");
    EXPECT_FALSE(parts.request.repeatable);
}

TEST(GoogleDriveCodec, WhatMayBeRepeatedIsMarked)
{
    EXPECT_TRUE(filesRequest(kHosts, recentQuery(), 1, {}).repeatable);
    EXPECT_TRUE(downloadRequest(kHosts, kFile, 0).repeatable);
    EXPECT_TRUE(sessionRequest(kHosts, newFile(), 1).repeatable);
    EXPECT_TRUE(statusRequest("https://x", 1).repeatable);
    EXPECT_FALSE(chunkRequest("https://x", 0, 1, 1).repeatable) << "a part of it may have been kept";
    EXPECT_FALSE(createFolderRequest(kHosts, kFile, "n").repeatable);
    EXPECT_FALSE(deleteRequest(kHosts, kFile).repeatable);
}

TEST(GoogleDriveCodec, ASessionsAddressNeverGetsTheToken)
{
    EXPECT_FALSE(chunkRequest("https://x", 0, 1, 1).signIt);
    EXPECT_FALSE(statusRequest("https://x", 1).signIt);
    EXPECT_TRUE(sessionRequest(kHosts, newFile(), 1).signIt);
}

TEST(GoogleDriveCodec, TextInAQueryCannotBreakOutOfIt)
{
    const auto names = filesRequest(kHosts, namesQuery(kFile, {}, {"it's \\ me", "b"}), 10, {});
    EXPECT_EQ(parameter(names, "q"),
              "'1FiLe' in parents and trashed = false and (name = 'it\\'s \\\\ me' or name = 'b')");
    const auto search = filesRequest(kHosts, searchQuery("it's  plän", {}, false), 10, {});
    EXPECT_EQ(parameter(search, "q"), "((name contains 'it\\'s' and name contains 'plän') or fullText contains "
                                      "'it\\'s  plän') and trashed = false");
}

TEST(GoogleDriveCodec, ASearchLooksWhereItIsTold)
{
    const auto everywhere = filesRequest(kHosts, searchQuery("x", {}, false), 10, {});
    EXPECT_EQ(parameter(everywhere, "corpora"), "allDrives");
    EXPECT_EQ(parameter(everywhere, "includeItemsFromAllDrives"), "true");
    EXPECT_EQ(parameter(everywhere, "orderBy"), "(none)") << "Drive refuses to sort a search of contents";
    const auto drive = filesRequest(kHosts, searchQuery("x", "0ADrIvE", false), 10, {});
    EXPECT_EQ(parameter(drive, "corpora"), "drive");
    EXPECT_EQ(parameter(drive, "driveId"), "0ADrIvE");
    const auto shared = filesRequest(kHosts, searchQuery("x", {}, true), 10, {});
    EXPECT_EQ(parameter(shared, "corpora"), "(none)");
    EXPECT_THAT(parameter(shared, "q"), HasSubstr("sharedWithMe = true"));
}

TEST(GoogleDriveCodec, ASearchTextIsCutBetweenCharacters)
{
    const auto request = filesRequest(kHosts, searchQuery(std::string(299, 'x') + "ü", {}, false), 10, {});
    EXPECT_THAT(parameter(request, "q"), HasSubstr("fullText contains '" + std::string(299, 'x') + "'"));
}

TEST(GoogleDriveCodec, FoldersComeFirstWhateverTheOrder)
{
    const auto order = [](SortKey by, bool descending) {
        return parameter(filesRequest(kHosts, childrenQuery(kFile, {}, {by, descending}), 1, {}), "orderBy");
    };
    EXPECT_EQ(order(SortKey::Name, false), "folder,name_natural");
    EXPECT_EQ(order(SortKey::Name, true), "folder,name_natural desc");
    EXPECT_EQ(order(SortKey::Modified, true), "folder,modifiedTime desc");
    EXPECT_EQ(order(SortKey::Size, true), "folder,name_natural") << "there is no order by size";
    EXPECT_EQ(parameter(filesRequest(kHosts, recentQuery(), 1, {}), "orderBy"), "recency desc");
}

TEST(GoogleDriveCodec, IdsAreTakenApartAndNothingElseIsAnId)
{
    auto plain = refOf({"1AbC-_9"});
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->id, "1AbC-_9");
    auto keyed = refOf({"1AbC/0-key"});
    ASSERT_TRUE(keyed);
    EXPECT_EQ(keyed->resourceKey, "0-key");
    EXPECT_EQ(entryIdOf(*keyed).value, "1AbC/0-key");
    EXPECT_EQ(refOf({})->id, "root");
    for (const std::string &bad :
         {std::string("/x"), std::string("a/b/c"), std::string("../x"), std::string("a b"), std::string("a\r\nX: y"),
          std::string("'"), std::string("@recent"), std::string(201, 'x'), std::string("a\0b", 3)})
        EXPECT_EQ(refOf({bad}).error().code, Errc::InvalidArgument) << bad;
}

TEST(GoogleDriveCodec, AListIsDecoded)
{
    auto page = decodeFiles(reply(200, fileText("list_reply.txt")));
    ASSERT_TRUE(page) << describe(page.error());
    ASSERT_EQ(page->files.size(), 8U) << "the one whose id is none is left out";
    EXPECT_EQ(page->nextPageToken, "~!!~AI9FV7");

    const Entry &folder = page->files[0].entry;
    EXPECT_EQ(folder.kind, EntryKind::Folder);
    EXPECT_EQ(folder.name, "Invoices");
    EXPECT_FALSE(folder.writable);
    EXPECT_FALSE(folder.downloadable);
    EXPECT_EQ(folder.size, std::nullopt);
    EXPECT_EQ(page->files[0].parents, std::vector<std::string>{"0ARootAAAAAAAUk9PVA"});

    const File &file = page->files[1];
    EXPECT_EQ(file.entry.id.value, "1FiLeBBBBBBBBBBBBBBBBBBBBBBBBBBBB/0-AbC_1");
    EXPECT_EQ(file.entry.name, "plan/final.docx");
    EXPECT_EQ(file.entry.kind, EntryKind::File);
    EXPECT_EQ(file.entry.size, 7212);
    EXPECT_EQ(file.entry.modified, fromUnix(1'778'486'400));
    EXPECT_EQ(file.entry.revision, "0Bx7rev1");
    EXPECT_EQ(file.entry.contentHash, "sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
    EXPECT_EQ(file.md5, "md5:5eb63bbbe01eeed093cb22bb8f5acdc3");
    EXPECT_EQ(file.driveId, "0AShArEd");
    EXPECT_TRUE(file.locked);
    EXPECT_TRUE(file.entry.downloadable);
    EXPECT_FALSE(file.entry.convertible) << "Drive does not convert Office files";

    const Entry &document = page->files[2].entry;
    EXPECT_EQ(document.kind, EntryKind::Document);
    EXPECT_TRUE(document.convertible);
    EXPECT_FALSE(document.downloadable);
    EXPECT_EQ(document.size, std::nullopt) << "what it says there is meaningless";
    EXPECT_EQ(document.revision, "42");
    EXPECT_FALSE(page->files[3].entry.convertible) << "its owner does not allow copies";
    EXPECT_EQ(page->files[4].entry.kind, EntryKind::Document);
    EXPECT_FALSE(page->files[4].entry.convertible);

    const File &shortcut = page->files[5];
    EXPECT_EQ(shortcut.entry.kind, EntryKind::Link);
    ASSERT_TRUE(shortcut.target);
    EXPECT_EQ(shortcut.target->value, "1TaRgEEEEEEEEEEEEEEEEEEEEEEEEEEEE/0-key");
    const Entry shown = asTarget(shortcut);
    EXPECT_EQ(shown.kind, EntryKind::Folder);
    EXPECT_EQ(shown.name, "Team");
    EXPECT_EQ(shown.id, *shortcut.target);

    EXPECT_FALSE(page->files[6].entry.downloadable);
    const File &old = page->files[7];
    EXPECT_EQ(old.entry.name, "Untitled");
    EXPECT_EQ(old.entry.size, std::nullopt);
    EXPECT_EQ(old.entry.contentHash, "");
    EXPECT_EQ(old.entry.revision, "");
    EXPECT_EQ(old.md5, "md5:5eb63bbbe01eeed093cb22bb8f5acdc3");
}

TEST(GoogleDriveCodec, OnlyAVerifiedAddressIsCalledVerified)
{
    auto account = decodeUserinfo(reply(
        200,
        R"({"sub":"1122","name":"Mara Lind","email":"mara.lind@example.org","email_verified":true,"picture":"x"})"));
    ASSERT_TRUE(account);
    EXPECT_EQ(account->id, "1122");
    EXPECT_EQ(account->email, "mara.lind@example.org");
    EXPECT_TRUE(account->emailVerified);
    for (const char *body :
         {R"({"sub":"1","email":"a@b","email_verified":false})", R"({"sub":"1","email":"a@b","email_verified":"true"})",
          R"({"sub":"1","email":"a@b"})", R"({"sub":"1","email_verified":true})"}) {
        auto other = decodeUserinfo(reply(200, body));
        ASSERT_TRUE(other);
        EXPECT_FALSE(other->emailVerified) << body;
    }
    EXPECT_EQ(decodeUserinfo(reply(200, R"({"email":"a@b"})")).error().code, Errc::BadReply);
}

TEST(GoogleDriveCodec, SpaceComesAsTextAndItsEndMayBeUnknown)
{
    auto about = decodeAbout(
        reply(200, R"({"user":{"displayName":"Mara"},"storageQuota":{"limit":"16106127360","usage":"734003200"}})"));
    ASSERT_TRUE(about);
    EXPECT_EQ(about->used, 734003200);
    EXPECT_EQ(about->total, 16106127360);
    auto pooled = decodeAbout(reply(200, R"({"storageQuota":{"usage":"5"}})"));
    ASSERT_TRUE(pooled);
    EXPECT_EQ(pooled->total, std::nullopt);
    auto odd = decodeAbout(reply(200, R"({"storageQuota":{"usage":"-5","limit":"1e9"}})"));
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->used, std::nullopt);
    EXPECT_EQ(odd->total, std::nullopt);
}

struct ErrorRow {
    int status;
    std::string body;
    Errc code;
    std::string stable;
    std::string native;
};

TEST(GoogleDriveCodec, ErrorsAreTranslatedByTheirReason)
{
    const ErrorRow rows[] = {
        {401, refusal(401, "authError"), Errc::Unauthenticated, "access-revoked", "authError"},
        {401, R"({"error":"invalid_token"})", Errc::Unauthenticated, "access-revoked", "invalid_token"},
        {403, refusal(403, "insufficientPermissions"), Errc::PermissionDenied, "scope-missing",
         "insufficientPermissions"},
        {403, refusal(403, "appNotAuthorizedToFile"), Errc::PermissionDenied, "scope-missing",
         "appNotAuthorizedToFile"},
        {403, refusal(403, "insufficientFilePermissions"), Errc::PermissionDenied, "no-permission",
         "insufficientFilePermissions"},
        {403, refusal(403, "domainPolicy"), Errc::PermissionDenied, "no-permission", "domainPolicy"},
        {403, refusal(403, "ofTomorrow"), Errc::PermissionDenied, "no-permission", "ofTomorrow"},
        {403, refusal(403, "storageQuotaExceeded"), Errc::QuotaExceeded, "storage-full", "storageQuotaExceeded"},
        {403, refusal(403, "teamDriveFileLimitExceeded"), Errc::QuotaExceeded, "storage-full",
         "teamDriveFileLimitExceeded"},
        {403, refusal(403, "userRateLimitExceeded"), Errc::RateLimited, "rate-limited", "userRateLimitExceeded"},
        {403, refusal(403, "rateLimitExceeded"), Errc::RateLimited, "rate-limited", "rateLimitExceeded"},
        {403, refusal(403, "dailyLimitExceeded"), Errc::RateLimited, "rate-limited", "dailyLimitExceeded"},
        {403, refusal(403, "downloadQuotaExceeded"), Errc::RateLimited, "rate-limited", "downloadQuotaExceeded"},
        {429, refusal(429, "rateLimitExceeded"), Errc::RateLimited, "rate-limited", "rateLimitExceeded"},
        {403, refusal(403, "cannotDownloadAbusiveFile"), Errc::PermissionDenied, "file-blocked",
         "cannotDownloadAbusiveFile"},
        {403, refusal(403, "exportSizeLimitExceeded"), Errc::Unsupported, "conversion-too-large",
         "exportSizeLimitExceeded"},
        {403, refusal(403, "fileNotDownloadable"), Errc::Unsupported, "unsupported", "fileNotDownloadable"},
        {404, refusal(404, "notFound"), Errc::NotFound, "file-gone", "notFound"},
        {404, "Not Found", Errc::NotFound, "file-gone", ""},
        {409, refusal(409, "fileIdInUse"), Errc::Conflict, "name-taken", "fileIdInUse"},
        {413, "", Errc::Unsupported, "file-too-large", ""},
        {400, refusal(400, "badRequest"), Errc::InvalidArgument, "bad-request", "badRequest"},
        {400, R"({"error":{"errors":[{"reason":"invalid","location":"name"}]}})", Errc::InvalidArgument, "name-invalid",
         "invalid"},
        {500, refusal(500, "internalError"), Errc::Unavailable, "unavailable", "internalError"},
        {503, "<html>", Errc::Unavailable, "unavailable", ""},
        {302, "", Errc::BadReply, "bad-reply", ""},
        // The gateway's own form; and words that may not go into a log.
        {403, R"({"error":{"code":403,"status":"RESOURCE_EXHAUSTED","details":[{"reason":"RATE_LIMIT_EXCEEDED"}]}})",
         Errc::RateLimited, "rate-limited", "RATE_LIMIT_EXCEEDED"},
        {403, refusal(403, "hush /private"), Errc::PermissionDenied, "no-permission", ""},
    };
    for (const auto &row : rows) {
        const Error error = decodeError(reply(row.status, row.body));
        EXPECT_EQ(error.code, row.code) << row.status << " " << row.body << " " << describe(error);
        EXPECT_EQ(stableCode(error), row.stable) << row.body;
        EXPECT_EQ(error.nativeCode, row.native) << row.body;
        EXPECT_EQ(error.httpStatus, row.status);
        EXPECT_EQ(error.origin, "google-drive");
        EXPECT_THAT(describe(error), Not(HasSubstr("hush")));
        EXPECT_THAT(describe(error), Not(HasSubstr("private")));
    }
}

TEST(GoogleDriveCodec, ARateLimitAlwaysSaysHowLongToWait)
{
    EXPECT_EQ(decodeError(reply(403, refusal(403, "userRateLimitExceeded"))).retryAfter, std::chrono::seconds{60});
    EXPECT_EQ(decodeError(reply(403, refusal(403, "dailyLimitExceeded"))).retryAfter, std::chrono::hours{1});
    HttpReply told = reply(429, "");
    told.headers.set("Retry-After", "7");
    EXPECT_EQ(decodeError(told).retryAfter, std::chrono::seconds{7});
    EXPECT_TRUE(isRateLimit(reply(403, refusal(403, "userRateLimitExceeded"))));
    EXPECT_FALSE(isRateLimit(reply(403, refusal(403, "dailyLimitExceeded")))) << "waiting seconds would not help";
    EXPECT_FALSE(isRateLimit(reply(403, refusal(403, "storageQuotaExceeded"))));
    EXPECT_FALSE(isRateLimit(reply(403, "")));
}

TEST(GoogleDriveCodec, TheRangeOfA308IsWhatIsStored)
{
    HttpReply at = reply(308, "");
    EXPECT_EQ(storedBytes(at), 0) << "no range: nothing was kept";
    at.headers.set("Range", "bytes=0-524287");
    EXPECT_EQ(storedBytes(at), 524'288);
    for (const char *odd :
         {"bytes=5-9", "bytes=0-", "bytes=0--5", "0-5", "bytes=0-99999999999999999999", "bytes=0-5x"}) {
        at.headers.set("Range", odd);
        EXPECT_EQ(storedBytes(at), -1) << odd;
    }
}

TEST(GoogleDriveCodec, ASessionIsTakenOnlyFromTheCloudsOwnHosts)
{
    const auto session = [](const std::string &location) {
        HttpReply started = reply(200, "");
        started.headers.set("Location", location);
        return decodeSession(kHosts, started);
    };
    const std::string good = "https://www.googleapis.com/upload/drive/v3/files?uploadType=resumable&upload_id=x";
    ASSERT_TRUE(session(good));
    EXPECT_EQ(*session(good), good);
    EXPECT_TRUE(session("https://content.googleapis.com/upload?upload_id=x"));
    for (const char *bad :
         {"", "http://www.googleapis.com/upload?upload_id=x", "https://www.googleapis.com.evil.example/u",
          "https://evil.example/?www.googleapis.com", "https://www.googleapis.com:444/u", "file:///etc/passwd",
          "https://user@www.googleapis.com/u", "/upload/drive/v3/files", "https://googleapis.com.evil/"}) {
        EXPECT_EQ(session(bad).error().code, Errc::BadReply) << bad;
    }
}

TEST(GoogleDriveCodec, TheTokenGoesToGooglesOwnHostsOnly)
{
    for (const char *own : {"https://lh3.googleusercontent.com/d/x=s220", "https://lh5.googleusercontent.com/x",
                            "https://docs.google.com/feeds/download/x", "https://drive.google.com/thumbnail?id=x",
                            "https://www.googleapis.com/x"})
        EXPECT_EQ(trustOf(kHosts, own), Trust::Signed) << own;
    // Google's customers have names below this domain.
    EXPECT_EQ(trustOf(kHosts, "https://1.2.3.4.bc.googleusercontent.com/x"), Trust::Bare);
    EXPECT_EQ(trustOf(kHosts, "https://doc-0s-docstext.googleusercontent.com/export/x"), Trust::Bare);
    EXPECT_EQ(trustOf(kHosts, "https://lh3x.googleusercontent.com/x"), Trust::Bare);
    for (const char *foreign :
         {"http://lh3.googleusercontent.com/x", "https://evil.example/lh3.googleusercontent.com",
          "https://lh3.googleusercontent.com.evil.example/", "https://lh3.googleusercontent.com:8443/x",
          "https://docs.google.com.evil.example/", "https://accounts.google.com/signin", "http://127.0.0.1/x",
          "file:///etc/passwd", "", "https://docs.google.com@evil.example/"})
        EXPECT_EQ(trustOf(kHosts, foreign), Trust::None) << foreign;
    // An installation that speaks to something else does not give its tokens to Google.
    const Hosts other{"http://127.0.0.1:1/g", "http://127.0.0.1:1/g", "http://127.0.0.1:1/g", "http://127.0.0.1:1/g"};
    EXPECT_EQ(trustOf(other, "http://127.0.0.1:1/g/picture"), Trust::Signed);
    EXPECT_EQ(trustOf(other, "http://127.0.0.1:2/g/picture"), Trust::None);
    EXPECT_EQ(trustOf(other, "https://lh3.googleusercontent.com/x"), Trust::None);
}

TEST(GoogleDriveCodec, AThumbnailsSizeIsReplacedWhereItIsKnown)
{
    EXPECT_EQ(resized("https://lh3.googleusercontent.com/d/AbC=s220", 480),
              "https://lh3.googleusercontent.com/d/AbC=s480");
    EXPECT_EQ(resized("https://x/AbC=s220-c", 64), "https://x/AbC=s64-c");
    EXPECT_EQ(resized("https://x/AbC=s220", 100000), "https://x/AbC=s1600");
    EXPECT_EQ(resized("https://x/AbC?size=small", 64), "https://x/AbC?size=small");
    EXPECT_EQ(resized("https://x/AbC=s", 64), "https://x/AbC=s");
    EXPECT_EQ(resized("https://x/AbC", 64), "https://x/AbC");
}

TEST(GoogleDriveCodec, LinksAndIdsAreReadWhereTheyAre)
{
    auto link = decodeExportLink(reply(200, R"({"exportLinks":{"application/pdf":"https://docs.google.com/x"}})"));
    ASSERT_TRUE(link);
    EXPECT_EQ(*link, "https://docs.google.com/x");
    EXPECT_EQ(decodeExportLink(reply(200, "{}")).error().code, Errc::Unsupported);
    EXPECT_EQ(decodeThumbnailLink(reply(200, R"({"hasThumbnail":false})")).error().code, Errc::Unsupported);
    EXPECT_EQ(*decodeId(reply(200, R"({"ids":["1AbC"]})")), "1AbC");
    for (const char *odd : {R"({"ids":[]})", R"({"ids":[7]})", R"({"ids":["a/b"]})", R"({"ids":["../x"]})",
                            R"({"ids":[""]})", R"({"ids":"1"})"})
        EXPECT_EQ(decodeId(reply(200, odd)).error().code, Errc::BadReply) << odd;
    auto drives = decodeDrives(reply(200, R"({"drives":[{"id":"0A1","name":"Team"},{"id":"'","name":"x"},{"id":"0A2"}],
                                              "nextPageToken":"t"})"));
    ASSERT_TRUE(drives);
    ASSERT_EQ(drives->drives.size(), 1U);
    EXPECT_EQ(drives->drives[0].name, "Team");
    EXPECT_EQ(drives->drives[0].kind, Place::Kind::Drive);
    EXPECT_EQ(drives->nextPageToken, "t");
}

TEST(GoogleDriveCodec, HostileRepliesAreBadReplies)
{
    const std::string deep = R"({"files":)" + std::string(100000, '[') + std::string(100000, ']') + "}";
    for (const std::string &body :
         {std::string(), std::string("null"), std::string("[]"), std::string("\"x\""), std::string("{\"files\":{}}"),
          std::string("{}"), std::string("{\"files\":[{\"name\": \"half"), deep})
        EXPECT_EQ(decodeFiles(reply(200, body)).error().code, Errc::BadReply) << body.substr(0, 50);
    EXPECT_FALSE(decodeFile(reply(200, R"({"name":"x"})")));
    EXPECT_FALSE(decodeFile(reply(200, R"({"id":7,"name":"x"})")));
    auto odd = decodeFile(reply(200, "{\"id\":\"1\",\"name\":\"a\xFF\",\"size\":\"-5\",\"modifiedTime\":\"yesterday\","
                                     "\"parents\":[7,\"'\"],\"driveId\":\"../x\",\"contentRestrictions\":[7]}"));
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->entry.name, "a\xEF\xBF\xBD");
    EXPECT_EQ(odd->entry.size, std::nullopt);
    EXPECT_EQ(odd->entry.modified, std::nullopt);
    EXPECT_TRUE(odd->parents.empty());
    EXPECT_EQ(odd->driveId, "");
    EXPECT_FALSE(odd->locked);
    auto nowhere = decodeFile(reply(200, R"({"id":"1","name":"s","mimeType":"application/vnd.google-apps.shortcut",
                                             "shortcutDetails":{"targetId":"a b"}})"));
    ASSERT_TRUE(nowhere);
    EXPECT_EQ(nowhere->target, std::nullopt);
    EXPECT_EQ(asTarget(*nowhere).kind, EntryKind::Link);
}

TEST(GoogleDriveCodec, NamesAreCheckedBeforeTheyAreSent)
{
    for (const std::string &name : {std::string("a.txt"), std::string("Übung"), std::string(255, 'x'),
                                    std::string("a\\b: *?"), std::string("a ")})
        EXPECT_TRUE(checkName(name)) << name;
    for (const std::string &name :
         {std::string(), std::string("."), std::string(".."), std::string("a/b"), std::string("a\nb"),
          std::string(256, 'x'), std::string("a\0b", 3), std::string("\xFF"), std::string("a\x7F")})
        EXPECT_EQ(stableCode(checkName(name).error()), "name-invalid") << name;
}

TEST(GoogleDriveCodec, ANumberGoesBeforeTheExtension)
{
    EXPECT_EQ(numbered("a.pdf", 0), "a.pdf");
    EXPECT_EQ(numbered("a.pdf", 2), "a (2).pdf");
    EXPECT_EQ(numbered("a.tar.gz", 1), "a.tar (1).gz");
    EXPECT_EQ(numbered("plain", 1), "plain (1)");
    EXPECT_EQ(numbered(".hidden", 1), ".hidden (1)");
}

} // namespace
} // namespace connector::google_drive
