// SPDX-License-Identifier: Apache-2.0
#include "http/json_body.h"
#include "providers/dropbox/content_hash.h"
#include "providers/dropbox/dropbox_codec.h"

#include <gtest/gtest.h>

#include <fstream>

namespace connector::dropbox {
namespace {

const Hosts kHosts{"https://api.dropboxapi.com", "https://content.dropboxapi.com"};

HttpReply reply(int status, std::string body)
{
    return {status, {}, std::move(body)};
}

std::string fileText(const std::string &name)
{
    std::ifstream in(CONNECTOR_TEST_DATA "/dropbox/" + name);
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

UploadTarget target(OnConflict policy)
{
    return {{}, "n", policy, fromUnix(1'778'486'400)};
}

struct Recorded {
    const char *name;
    HttpRequest request;
};

TEST(DropboxCodec, RequestsAreTheRecordedOnes)
{
    HttpRequest rooted = listRequest(kHosts, {"id:abc"}, 500);
    setPathRoot(rooted, {"4711"});
    const std::vector<Recorded> all{
        {"account", accountRequest(kHosts)},
        {"quota", quotaRequest(kHosts)},
        {"list_root", listRequest(kHosts, {}, 500)},
        {"list_team", rooted},
        {"list_more", listMoreRequest(kHosts, "AAHx9")},
        {"metadata", metadataRequest(kHosts, "id:abc")},
        {"search", searchRequest(kHosts, "plän", {"id:abc"})},
        {"search_more", searchMoreRequest(kHosts, "c")},
        {"create_folder", createFolderRequest(kHosts, "/a/ü")},
        {"delete", deleteRequest(kHosts, {"id:abc"})},
        {"revoke", revokeRequest(kHosts)},
        {"download", downloadRequest(kHosts, {"id:abc"}, "", 0)},
        {"download_rest", downloadRequest(kHosts, {"id:abc"}, "5f00c0ffee12", 1000)},
        {"preview", previewRequest(kHosts, {"id:abc"})},
        {"thumbnail", thumbnailRequest(kHosts, {"id:abc"}, 200)},
        {"upload", uploadRequest(kHosts, "/Größe \xF0\x9F\x98\x80.pdf", target(OnConflict::Rename))},
        {"upload_fail", uploadRequest(kHosts, "/n", target(OnConflict::Fail))},
        {"upload_replace", uploadRequest(kHosts, "/n", target(OnConflict::Replace))},
        {"session_start", sessionStartRequest(kHosts)},
        {"session_append", sessionAppendRequest(kHosts, {"pid:1", 4194304})},
        {"session_finish", sessionFinishRequest(kHosts, {"pid:1", 8388608}, "/n", target(OnConflict::Rename))},
    };
    for (const auto &[name, request] : all)
        EXPECT_EQ(wire(request), fileText(std::string(name) + "_request.txt")) << name;
}

TEST(DropboxCodec, WhatMayBeRepeatedIsMarked)
{
    EXPECT_TRUE(listRequest(kHosts, {}, 1).repeatable);
    EXPECT_TRUE(downloadRequest(kHosts, {"id:a"}, "", 0).repeatable);
    EXPECT_TRUE(sessionAppendRequest(kHosts, {"s", 0}).repeatable);
    EXPECT_TRUE(sessionFinishRequest(kHosts, {"s", 0}, "/n", target(OnConflict::Fail)).repeatable);
    EXPECT_FALSE(uploadRequest(kHosts, "/n", target(OnConflict::Fail)).repeatable);
    EXPECT_FALSE(createFolderRequest(kHosts, "/n").repeatable);
    EXPECT_FALSE(deleteRequest(kHosts, {"id:a"}).repeatable);
}

TEST(DropboxCodec, ASearchTextIsCutBetweenCharacters)
{
    std::string text(999, 'x');
    const auto body = nlohmann::json::parse(searchRequest(kHosts, text + "ü" + text, {}).body);
    EXPECT_EQ(body.at("query").get<std::string>(), text);
    EXPECT_FALSE(body.at("options").contains("path"));
}

TEST(DropboxCodec, AThumbnailIsAtLeastAsLargeAsAskedWhereThereIsOne)
{
    const auto size = [](int pixels) {
        const auto arg = thumbnailRequest(kHosts, {"id:a"}, pixels).headers;
        return textOf(*parseJson(arg.get("Dropbox-API-Arg")), "size");
    };
    EXPECT_EQ(size(0), "w32h32");
    EXPECT_EQ(size(64), "w64h64");
    EXPECT_EQ(size(65), "w128h128");
    EXPECT_EQ(size(100000), "w2048h1536");
}

TEST(DropboxCodec, AFolderThatIsSharedForReadingTakesNothing)
{
    const auto writable = [](const char *sharing) {
        const auto entry = decodeMetadata(reply(
            200, std::string(R"({".tag":"folder","id":"id:f","name":"Team","path_lower":"/team")") + sharing + "}"));
        return entry && entry->writable;
    };
    EXPECT_TRUE(writable(""));
    EXPECT_TRUE(writable(R"(,"sharing_info":{"read_only":false})"));
    EXPECT_FALSE(writable(R"(,"sharing_info":{"read_only":true})"));
}

TEST(DropboxCodec, AListIsDecoded)
{
    auto page = decodeList(reply(200, fileText("list_reply.txt")));
    ASSERT_TRUE(page) << describe(page.error());
    ASSERT_EQ(page->entries.size(), 5U); // the deleted one and the one of tomorrow are left out
    EXPECT_EQ(page->nextPageToken, "AAHx9");
    EXPECT_FALSE(page->sorted);
    const Entry &folder = page->entries[0];
    EXPECT_EQ(folder.kind, EntryKind::Folder);
    EXPECT_EQ(folder.name, "Invoices");
    EXPECT_EQ(folder.size, std::nullopt);
    EXPECT_EQ(folder.modified, std::nullopt);
    const Entry &file = page->entries[1];
    EXPECT_EQ(file.kind, EntryKind::File);
    EXPECT_EQ(file.id.value, "id:exAmPlE00000AAAAAAAAAw");
    EXPECT_EQ(file.size, 7212);
    EXPECT_EQ(file.revision, "5f00c0ffee12");
    EXPECT_EQ(formatRfc3339(*file.modified), "2026-05-11T08:00:00Z");
    EXPECT_EQ(file.contentHash, "dropbox:bc62d4b80d9e36da29c16c5d4d9f11731f36052c72401a76c23c0fb5a9b74423");
    EXPECT_EQ(page->entries[2].kind, EntryKind::Document);
    EXPECT_FALSE(page->entries[2].downloadable);
    EXPECT_EQ(page->entries[3].kind, EntryKind::Link);
    EXPECT_EQ(page->entries[4].size, std::nullopt); // 2^64 bytes
}

TEST(DropboxCodec, ASearchIsDecoded)
{
    auto page = decodeSearch(reply(200, fileText("search_reply.txt")));
    ASSERT_TRUE(page) << describe(page.error());
    ASSERT_EQ(page->entries.size(), 1U);
    EXPECT_EQ(page->entries[0].path, "/Projects/plan.docx");
    EXPECT_EQ(page->nextPageToken, "");
}

TEST(DropboxCodec, AnAccountIsDecoded)
{
    auto own = decodeAccount(reply(200, fileText("account_reply.txt")));
    ASSERT_TRUE(own) << describe(own.error());
    EXPECT_EQ(own->account.name, "Mara Lind");
    EXPECT_EQ(own->account.email, "mara.lind@example.org");
    EXPECT_TRUE(own->account.emailVerified);
    EXPECT_EQ(own->root.namespaceId, "");
    auto team = decodeAccount(reply(
        200,
        R"({"account_id":"dbid:1","email":"a@b","root_info":{".tag":"team","root_namespace_id":"7","home_namespace_id":"8"}})"));
    ASSERT_TRUE(team);
    EXPECT_FALSE(team->account.emailVerified); // absent is not verified
    EXPECT_EQ(team->root.namespaceId, "7");
    EXPECT_FALSE(decodeAccount(reply(200, R"({"email":"a@b"})")));
}

TEST(DropboxCodec, AQuotaIsThePersonsOrTheTeams)
{
    auto own = decodeQuota(reply(200, R"({"used":7,"allocation":{".tag":"individual","allocated":100}})"));
    ASSERT_TRUE(own);
    EXPECT_EQ(own->used, 7);
    EXPECT_EQ(own->total, 100);
    auto team = decodeQuota(reply(
        200,
        R"({"used":7,"allocation":{".tag":"team","used":50,"allocated":100,"user_within_team_space_allocated":0}})"));
    EXPECT_EQ(team->used, 50);
    EXPECT_EQ(team->total, 100);
    auto capped = decodeQuota(reply(
        200,
        R"({"used":7,"allocation":{".tag":"team","used":50,"allocated":100,"user_within_team_space_allocated":20}})"));
    EXPECT_EQ(capped->used, 7);
    EXPECT_EQ(capped->total, 20);
}

struct ErrorRow {
    int status;
    const char *body;
    Errc code;
    const char *stable;
    const char *native;
};

TEST(DropboxCodec, ErrorsMeanWhatTheTagsSay)
{
    const ErrorRow rows[] = {
        {400, R"(Error in call to API function "files/list_folder": request body: path: hush)", Errc::InvalidArgument,
         "bad-request", ""},
        {401, R"({"error_summary":"expired_access_token/..","error":{".tag":"expired_access_token"}})",
         Errc::Unauthenticated, "access-revoked", "expired_access_token"},
        {401, R"({"error":{".tag":"missing_scope","required_scope":"files.content.read"}})", Errc::PermissionDenied,
         "scope-missing", "missing_scope"},
        {401, "", Errc::Unauthenticated, "access-revoked", ""},
        {403, R"({"error":{".tag":"invalid_account_type"}})", Errc::PermissionDenied, "no-permission",
         "invalid_account_type"},
        {409, R"({"error":{".tag":"path","path":{".tag":"not_found"}}})", Errc::NotFound, "file-gone",
         "path/not_found"},
        {409, R"({"error":{".tag":"path_lookup","path_lookup":{".tag":"not_found"}}})", Errc::NotFound, "file-gone",
         "path_lookup/not_found"},
        {409, R"({"error":{".tag":"path","path":"not_folder"}})", Errc::InvalidArgument, "bad-request",
         "path/not_folder"},
        {409,
         R"({"error":{".tag":"path","reason":{".tag":"conflict","conflict":{".tag":"file"}},"upload_session_id":"x"}})",
         Errc::Conflict, "name-taken", "path/conflict/file"},
        {409, R"({"error":{".tag":"path","path":{".tag":"conflict","conflict":{".tag":"something_new"}}}})",
         Errc::Conflict, "name-taken", "path/conflict/something_new"},
        {409, R"({"error":{".tag":"path","reason":{".tag":"insufficient_space"}}})", Errc::QuotaExceeded,
         "storage-full", "path/insufficient_space"},
        {409, R"({"error":{".tag":"path","reason":{".tag":"no_write_permission"}}})", Errc::PermissionDenied,
         "no-permission", "path/no_write_permission"},
        {409, R"({"error":{".tag":"path","reason":{".tag":"disallowed_name"}}})", Errc::InvalidArgument, "name-invalid",
         "path/disallowed_name"},
        {409, R"({"error":{".tag":"payload_too_large"}})", Errc::Unsupported, "file-too-large", "payload_too_large"},
        {409, R"({"error":{".tag":"path","path":{".tag":"locked"}}})", Errc::Busy, "file-locked", "path/locked"},
        {409, R"({"error":{".tag":"path","path":{".tag":"restricted_content"}}})", Errc::PermissionDenied,
         "file-blocked", "path/restricted_content"},
        {409, R"({"error":{".tag":"reset"}})", Errc::Conflict, "list-restart", "reset"},
        {409, R"({"error":{".tag":"too_many_write_operations"}})", Errc::RateLimited, "rate-limited",
         "too_many_write_operations"},
        {409, R"({"error":{".tag":"in_progress"}})", Errc::Busy, "busy", "in_progress"},
        {409, R"({"error":{".tag":"unsupported_extension"}})", Errc::Unsupported, "unsupported",
         "unsupported_extension"},
        {409, R"({"error":{".tag":"lookup_failed","lookup_failed":{".tag":"not_found"}}})", Errc::NotFound, "file-gone",
         "lookup_failed/not_found"},
        // Only a summary, with its dots.
        {409, R"({"error_summary":"path/not_found/..."})", Errc::NotFound, "file-gone", "path/not_found"},
        {409, R"({"error_summary":"path/not_found/"})", Errc::NotFound, "file-gone", "path/not_found"},
        // Tags of tomorrow, and no tags at all.
        {409, R"({"error":{".tag":"other"}})", Errc::BadReply, "bad-reply", "other"},
        {409, R"({"error":{".tag":"Hush /private/path"}})", Errc::BadReply, "bad-reply", ""},
        {409, "<html>", Errc::BadReply, "bad-reply", ""},
        {422, R"({"error":{".tag":"invalid_root"}})", Errc::Conflict, "name-taken", "invalid_root"},
        {429, R"({"error":{"reason":{".tag":"too_many_requests"},"retry_after":300}})", Errc::RateLimited,
         "rate-limited", "too_many_requests"},
        {429, "slow down", Errc::RateLimited, "rate-limited", ""},
        {500, "", Errc::Unavailable, "unavailable", ""},
        {503, "<html>", Errc::Unavailable, "unavailable", ""},
        {404, "", Errc::BadReply, "bad-reply", ""},
        {302, "", Errc::BadReply, "bad-reply", ""},
    };
    for (const auto &row : rows) {
        const Error error = decodeError(reply(row.status, row.body));
        EXPECT_EQ(error.code, row.code) << row.status << " " << row.body << " " << describe(error);
        EXPECT_EQ(stableCode(error), row.stable) << row.body;
        EXPECT_EQ(error.nativeCode, row.native) << row.body;
        EXPECT_EQ(error.httpStatus, row.status);
        EXPECT_EQ(error.origin, "dropbox");
        EXPECT_EQ(describe(error).find("hush"), std::string::npos);
        EXPECT_EQ(describe(error).find("private"), std::string::npos);
    }
}

TEST(DropboxCodec, HowLongToWaitIsTakenFromHeaderOrBody)
{
    EXPECT_EQ(decodeError(reply(429, R"({"error":{"retry_after":300}})")).retryAfter, std::chrono::seconds{300});
    HttpReply header = reply(429, "");
    header.headers.set("Retry-After", "1.5");
    EXPECT_EQ(decodeError(header).retryAfter, std::chrono::seconds{2});
    EXPECT_EQ(decodeError(reply(429, R"({"error":{"retry_after":-5}})")).retryAfter, std::chrono::seconds{0});
    EXPECT_LE(decodeError(reply(429, R"({"error":{"retry_after":9223372036854775807}})")).retryAfter,
              std::chrono::hours{24 * 7});
}

TEST(DropboxCodec, TheRightOffsetIsFoundInBothShapes)
{
    EXPECT_EQ(correctOffset(reply(409, R"({"error":{".tag":"incorrect_offset","correct_offset":86016}})")), 86016);
    EXPECT_EQ(
        correctOffset(reply(
            409,
            R"({"error":{".tag":"lookup_failed","lookup_failed":{".tag":"incorrect_offset","correct_offset":1252}}})")),
        1252);
    EXPECT_EQ(correctOffset(reply(409, R"({"error":{".tag":"not_found"}})")), std::nullopt);
    EXPECT_EQ(correctOffset(reply(200, R"({"error":{".tag":"incorrect_offset","correct_offset":1}})")), std::nullopt);
}

TEST(DropboxCodec, HostileRepliesAreBadReplies)
{
    const std::string deep = R"({"entries":)" + std::string(100000, '[') + std::string(100000, ']') + "}";
    for (const std::string &body :
         {std::string(), std::string("null"), std::string("[]"), std::string("\"x\""), std::string("{\"entries\":{}}"),
          std::string("{\"entries\":[],\"has_more\":true}"), std::string("{\"entries\":[{\"name\": \"half"), deep}) {
        auto page = decodeList(reply(200, body));
        ASSERT_FALSE(page) << body.substr(0, 50);
        EXPECT_EQ(page.error().code, Errc::BadReply);
    }
    EXPECT_FALSE(decodeMetadata(reply(200, R"({".tag":"file"})")));
    EXPECT_FALSE(decodeMetadata(reply(200, R"({".tag":"file","name":7,"id":"id:1"})")));
    EXPECT_EQ(decodeMetadata(reply(200, R"({".tag":"deleted","name":"x"})")).error().code, Errc::NotFound);
    EXPECT_FALSE(decodeSession(reply(200, R"({"session_id":""})")));
    auto odd = decodeList(reply(200, "{\"entries\":[{\".tag\":\"file\",\"name\":\"a\xFF\",\"id\":\"id:1\",\"size\":-5,"
                                     "\"client_modified\":\"yesterday\",\"server_modified\":7}]}"));
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->entries.at(0).name, "a\xEF\xBF\xBD");
    EXPECT_EQ(odd->entries.at(0).size, std::nullopt);
    EXPECT_EQ(odd->entries.at(0).modified, std::nullopt);
}

TEST(DropboxCodec, NamesAreCheckedBeforeTheyAreSent)
{
    for (const std::string &name :
         {std::string("a.txt"), std::string("Übung"), std::string(255, 'x'), std::string("a.")})
        EXPECT_TRUE(checkName(name)) << name;
    std::string wide;
    for (int i = 0; i < 255; ++i)
        wide += "ü";
    EXPECT_TRUE(checkName(wide));
    for (const std::string &name :
         {std::string(), std::string("."), std::string(".."), std::string("a/b"), std::string("a\\b"),
          std::string("a "), std::string("a\x7F"), std::string("a\nb"), std::string(256, 'x'), std::string("a\0b", 3),
          std::string("\xFF"), std::string("Desktop.ini"), std::string(".DS_Store"), wide + "ü"})
        EXPECT_FALSE(checkName(name)) << name;
}

std::string hashOf(const std::string &bytes, std::size_t step)
{
    ContentHash hash;
    for (std::size_t at = 0; at < bytes.size(); at += step)
        hash.update(std::span(bytes).subspan(at, std::min(step, bytes.size() - at)));
    return hash.result();
}

TEST(DropboxContentHash, IsTheOneThatDropboxMakes)
{
    std::string counting(10'485'760, '\0');
    for (std::size_t i = 0; i < counting.size(); ++i)
        counting[i] = static_cast<char>(i % 251);
    const std::pair<std::string, const char *> known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"hello world", "bc62d4b80d9e36da29c16c5d4d9f11731f36052c72401a76c23c0fb5a9b74423"},
        {std::string(4'194'304, '\0'), "c7e946d101855255d919ef0c70718633adf77d3dfb3adeeecf5d0cb4e951be58"},
        {std::string(4'194'305, '\0'), "14a4d47f23a30177885d9820122f17d2d3a55fe63f7f5c27b95f689e0b2accd6"},
        {counting, "9b168152f37a1b2c33d9b26ca4a679d5f99f84f8c070fd3a4491d52cbfe96af4"},
    };
    for (const auto &[bytes, hash] : known)
        for (const std::size_t step : {std::size_t{65'537}, std::size_t{4'194'304}, std::size_t{20'000'000}})
            EXPECT_EQ(hashOf(bytes, step), "dropbox:" + std::string(hash)) << bytes.size() << " by " << step;
}

TEST(DropboxContentHash, CanBeGivenUpInTheMiddle)
{
    const std::string bytes(3'500'000, 'x');
    for (int i = 0; i < 20; ++i) {
        ContentHash hash;
        hash.update(bytes);
    }
}

} // namespace
} // namespace connector::dropbox
