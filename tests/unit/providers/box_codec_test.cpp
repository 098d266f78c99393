// SPDX-License-Identifier: Apache-2.0
#include "providers/box/box_upload_codec.h"

#include <gtest/gtest.h>

namespace connector::box {
namespace {

const Hosts kHosts{"https://api.box.com", "https://upload.box.com", "https://dl.boxcloud.com"};

HttpReply reply(int status, std::string body, HttpHeaders headers = {})
{
    return {status, std::move(headers), std::move(body)};
}

std::string line(const HttpRequest &request)
{
    return request.method + " " + request.url;
}

constexpr const char *kFile = R"({"type":"file","id":"601001","etag":"3","name":"plan.docx","size":17,
  "sha1":"2AAE6C35C94FCFB415DBE95F408B9CE91EE846ED",
  "file_version":{"type":"file_version","id":"701001","sha1":"2aae6c35c94fcfb415dbe95f408b9ce91ee846ed"},
  "content_modified_at":"2026-05-11T10:00:00-07:00","modified_at":"2026-05-12T10:00:00-07:00"})";

TEST(BoxCodec, RequestsGoWhereTheSheetSays)
{
    PageToken marker;
    marker.byMarker = true;
    marker.marker = "bW Fy";
    const std::string fields =
        "fields=type,id,etag,name,size,sha1,file_version,modified_at,content_modified_at,item_status,permissions";
    EXPECT_EQ(line(listRequest(kHosts, "0", {}, 200)),
              "GET https://api.box.com/2.0/folders/0/items?" + fields + "&limit=200&offset=0&sort=name&direction=ASC");
    EXPECT_EQ(line(listRequest(kHosts, "7", {false, "", 1200, {SortKey::Size, true}}, 1000)),
              "GET https://api.box.com/2.0/folders/7/items?" + fields +
                  "&limit=1000&offset=1200&sort=size&direction=DESC");
    EXPECT_EQ(line(listRequest(kHosts, "7", marker, 10)),
              "GET https://api.box.com/2.0/folders/7/items?" + fields + "&limit=10&usemarker=true&marker=bW%20Fy");
    EXPECT_EQ(line(searchRequest(kHosts, "plän", "7", 200, 200)),
              "GET https://api.box.com/2.0/search?query=pl%C3%A4n&content_types=name&ancestor_folder_ids=7&" + fields +
                  ",path_collection&limit=200&offset=200");
    EXPECT_EQ(line(contentRequest(kHosts, "601001", "701001")),
              "GET https://api.box.com/2.0/files/601001/content?version=701001");
    EXPECT_EQ(line(removeRequest(kHosts, {ItemKind::Folder, "5"})), "DELETE https://api.box.com/2.0/folders/5");
    const Destination fresh{"0", "a \"b\".txt", ""};
    const Destination version{"0", "a.txt", "601001"};
    EXPECT_EQ(line(preflightRequest(kHosts, fresh, 5)), "OPTIONS https://api.box.com/2.0/files/content");
    EXPECT_EQ(preflightRequest(kHosts, fresh, 5).body, R"({"name":"a \"b\".txt","parent":{"id":"0"},"size":5})");
    EXPECT_EQ(line(uploadRequest(kHosts, fresh, "b", "")), "POST https://upload.box.com/api/2.0/files/content");
    EXPECT_EQ(line(uploadRequest(kHosts, version, "b", "")),
              "POST https://upload.box.com/api/2.0/files/601001/content");
    EXPECT_EQ(line(sessionRequest(kHosts, version, 9)),
              "POST https://upload.box.com/api/2.0/files/601001/upload_sessions");
    EXPECT_EQ(sessionRequest(kHosts, fresh, 9).body, R"({"file_name":"a \"b\".txt","file_size":9,"folder_id":"0"})");
}

TEST(BoxCodec, TheAttributesStandBeforeTheFile)
{
    const auto form = around({"0", "ü.txt", ""}, fromUnix(1'778'486'400), "BOUND");
    EXPECT_EQ(form.head,
              "--BOUND\r\nContent-Disposition: form-data; name=\"attributes\"\r\n\r\n"
              "{\"content_modified_at\":\"2026-05-11T08:00:00Z\",\"name\":\"ü.txt\",\"parent\":{\"id\":\"0\"}}"
              "\r\n--BOUND\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n"
              "Content-Type: application/octet-stream\r\n\r\n");
    EXPECT_EQ(form.tail, "\r\n--BOUND--\r\n");
}

TEST(BoxCodec, APartSaysWhereItBelongsAndItsDigest)
{
    const Session session{"https://u/s", "https://u/s/parts", "https://u/s/commit", "https://u/s", 8};
    const auto part = partRequest(session, 8, 4, 12, std::string(20, '\0'));
    EXPECT_EQ(part.headers.get("Content-Range"), "bytes 8-11/12");
    EXPECT_EQ(part.headers.get("Digest"), "sha=AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    EXPECT_TRUE(part.repeatable);
    const auto commit = commitRequest(session, {{"P1", 0, 8, "aa"}}, std::nullopt, std::string(20, '\0'));
    EXPECT_EQ(commit.body, R"({"parts":[{"offset":0,"part_id":"P1","sha1":"aa","size":8}]})");
    EXPECT_FALSE(commit.repeatable);
    for (const auto &request : {part, commit, abortRequest(session), listPartsRequest(session, 0)})
        EXPECT_TRUE(request.secretUrl && request.signIt);
}

TEST(BoxCodec, AFileIsReadWhole)
{
    auto entry = decodeItem(reply(200, kFile));
    ASSERT_TRUE(entry);
    EXPECT_EQ(entry->id.value, "file:601001");
    EXPECT_EQ(entry->name, "plan.docx");
    EXPECT_EQ(entry->kind, EntryKind::File);
    EXPECT_EQ(entry->size, 17);
    EXPECT_EQ(entry->revision, "701001");
    EXPECT_EQ(entry->contentHash, "sha1:2aae6c35c94fcfb415dbe95f408b9ce91ee846ed");
    EXPECT_EQ(entry->modified, fromUnix(1'778'518'800));
    EXPECT_TRUE(entry->downloadable && entry->convertible);
}

TEST(BoxCodec, FoldersLinksAndTrashAreToldApart)
{
    auto items = decodeItems(reply(200, R"({"total_count":4,"offset":0,"limit":100,"order":{"by":"type"},"entries":[
      {"type":"folder","id":"5","name":"In","permissions":{"can_upload":false}},
      {"type":"web_link","id":"8","name":"Intranet","url":"https://example.org/"},
      {"type":"file","id":"9","name":"old","item_status":"trashed"},{"type":"robot","id":"10","name":"x"},
      {"type":"file","id":"../11","name":"x"}]})"));
    ASSERT_TRUE(items);
    ASSERT_EQ(items->entries.size(), 2U);
    EXPECT_EQ(items->entries[0].kind, EntryKind::Folder);
    EXPECT_FALSE(items->entries[0].writable);
    EXPECT_EQ(items->entries[1].kind, EntryKind::Link);
    EXPECT_FALSE(items->entries[1].downloadable);
    EXPECT_EQ(items->total, 4);
}

TEST(BoxCodec, LargeNumbersMayHaveAnExponent)
{
    auto account = decodeAccount(
        reply(200, R"({"id":"27","name":"Mara","login":"m@example.org","status":"active","space_amount":1.2318e+31,
                 "space_used":7.34003200e+8})"));
    ASSERT_TRUE(account);
    EXPECT_EQ(account->usedBytes, 734'003'200);
    EXPECT_GT(*account->totalBytes, std::int64_t{1} << 60U);
    EXPECT_TRUE(account->emailVerified);
    account = decodeAccount(reply(200, R"({"id":"27","login":"m@example.org","status":"inactive"})"));
    ASSERT_TRUE(account);
    EXPECT_FALSE(account->emailVerified);
}

TEST(BoxCodec, SearchResultsOutsideTheFolderAreLeftOut)
{
    const std::string body = R"({"total_count":2,"limit":30,"offset":0,"entries":[
      {"type":"file","id":"1","name":"a","path_collection":{"entries":[{"id":"0","name":"All Files"},
        {"id":"7","name":"Projects"}]}},
      {"type":"file","id":"2","name":"b","path_collection":{"entries":[{"id":"0","name":"All Files"}]}}]})";
    auto all = decodeItems(reply(200, body));
    ASSERT_TRUE(all);
    ASSERT_EQ(all->entries.size(), 2U);
    EXPECT_EQ(all->entries[0].path, "/Projects/a");
    EXPECT_EQ(all->entries[1].path, "/b");
    EXPECT_EQ(decodeItems(reply(200, body), "7")->entries.size(), 1U);
}

TEST(BoxCodec, PageTokensComeBackAsTheyWere)
{
    const PageToken sized{false, "", 1200, {SortKey::Size, true}};
    auto token = PageToken::parse(sized.text());
    ASSERT_TRUE(token);
    EXPECT_EQ(token->offset, 1200);
    EXPECT_EQ(token->sort.by, SortKey::Size);
    EXPECT_TRUE(token->sort.descending);
    PageToken marker;
    marker.byMarker = true;
    marker.marker = "a:b";
    token = PageToken::parse(marker.text());
    ASSERT_TRUE(token);
    EXPECT_EQ(token->marker, "a:b");
    for (const char *bad : {"", "m:", "o:name:+:0", "o:name:+:-5", "o:name:+:5x", "o:date:+:5", "5"})
        EXPECT_FALSE(PageToken::parse(bad)) << bad;
}

TEST(BoxCodec, IdsNameTheirKindAndNothingElse)
{
    EXPECT_EQ(itemOf({""})->number, "0");
    EXPECT_EQ(itemOf({"file:12"})->kind, ItemKind::File);
    EXPECT_EQ(entryIdOf({ItemKind::Folder, "0"}).value, "");
    EXPECT_EQ(entryIdOf({ItemKind::WebLink, "3"}).value, "web_link:3");
    for (const char *bad : {"12", "file:", "file:1/2", "file:-1", "user:1", "file:1?x=1"})
        EXPECT_FALSE(itemOf({bad})) << bad;
}

TEST(BoxCodec, OnlyBoxOwnHostsAreTrusted)
{
    for (const char *good :
         {"https://api.box.com/x", "https://dl3.boxcloud.com/d/1", "https://upload-las.app.box.com/a"})
        EXPECT_TRUE(trusted(kHosts, good)) << good;
    for (const char *bad : {"http://dl.boxcloud.com/d", "https://dl.boxcloud.com:8443/d", "https://evilboxcloud.com/d",
                            "https://boxcloud.com.evil.example/", "https://api.box.com@evil.example/", "ftp://box.com/",
                            "http://127.0.0.1/", ""})
        EXPECT_FALSE(trusted(kHosts, bad)) << bad;
    const Hosts sandbox{"http://127.0.0.1:8000/box", "http://127.0.0.1:8000/box", "http://127.0.0.1:8000/box"};
    EXPECT_TRUE(trusted(sandbox, "http://127.0.0.2:8000/d/1"));
    EXPECT_FALSE(trusted(sandbox, "http://127.0.0.2:8001/d/1"));
    EXPECT_FALSE(trusted(sandbox, "https://api.box.com/"));
    const Hosts proxied{"https://box.example.org", "https://box.example.org", "https://bytes.example.org"};
    EXPECT_TRUE(trusted(proxied, "https://bytes.example.org/d"));
    EXPECT_FALSE(trusted(proxied, "https://api.box.com/"));
}

TEST(BoxCodec, EachRefusalHasItsMeaning)
{
    struct Row {
        int status;
        const char *code;
        Errc meaning;
        const char *stable;
    };
    const Row rows[] = {
        {401, "unauthorized", Errc::Unauthenticated, "access-revoked"},
        {404, "not_found", Errc::NotFound, "file-gone"},
        {404, "trashed", Errc::NotFound, "file-gone"},
        {403, "access_denied_insufficient_permissions", Errc::PermissionDenied, "no-permission"},
        {403, "insufficient_scope", Errc::PermissionDenied, "scope-missing"},
        {403, "access_denied_item_locked", Errc::Busy, "file-locked"},
        {403, "storage_limit_exceeded", Errc::QuotaExceeded, "storage-full"},
        {403, "file_size_limit_exceeded", Errc::Unsupported, "file-too-large"},
        {413, "request_entity_too_large", Errc::Unsupported, "file-too-large"},
        {403, "forbidden_by_policy", Errc::PermissionDenied, "file-blocked"},
        {403, "user_email_confirmation_required", Errc::PermissionDenied, "email-unverified"},
        {409, "item_name_in_use", Errc::Conflict, "name-taken"},
        {409, "name_temporarily_reserved", Errc::Busy, "busy"},
        {409, "operation_blocked_temporary", Errc::Busy, "busy"},
        {412, "precondition_failed", Errc::Conflict, "file-changed"},
        {400, "item_name_invalid", Errc::InvalidArgument, "name-invalid"},
        {400, "item_name_too_long", Errc::InvalidArgument, "name-invalid"},
        {429, "rate_limit_exceeded", Errc::RateLimited, "rate-limited"},
        {503, "unavailable", Errc::Unavailable, "unavailable"},
        {403, "of_tomorrow", Errc::PermissionDenied, "no-permission"},
    };
    for (const Row &row : rows) {
        const Error error = decodeError(reply(row.status, std::string(R"({"type":"error","code":")") + row.code +
                                                              R"(","message":"'secret.pdf' is there"})"));
        EXPECT_EQ(error.code, row.meaning) << row.code;
        EXPECT_EQ(stableCode(error), row.stable) << row.code;
        EXPECT_EQ(error.nativeCode, row.code);
        EXPECT_EQ(describe(error).find("secret"), std::string::npos);
    }
    EXPECT_EQ(decodeError(reply(401, "")).code, Errc::Unauthenticated);
    EXPECT_EQ(decodeError(reply(418, "<html>")).code, Errc::BadReply);
    HttpHeaders narrow;
    narrow.set("WWW-Authenticate", R"(Bearer error="insufficient_scope")");
    EXPECT_EQ(decodeError(reply(403, "", narrow)).stable, "scope-missing");
    HttpHeaders wait;
    wait.set("Retry-After", "17");
    EXPECT_EQ(decodeError(reply(429, "", wait)).retryAfter, std::chrono::seconds{17});
}

TEST(BoxCodec, RequestIdsAreForTheLogAndFitInALine)
{
    HttpHeaders headers;
    headers.set("box-request-id", "0abc12");
    EXPECT_EQ(requestIdsOf(reply(404, R"({"request_id":"a7c31kq9z0"})", headers)), "0abc12 a7c31kq9z0");
    EXPECT_EQ(requestIdsOf(reply(404, R"({"request_id":"a\nforged line"})")), "");
}

TEST(BoxCodec, ConflictsComeAsObjectAndAsArray)
{
    const std::string file = R"({"type":"file","id":"601001","name":"plan.docx","sha1":"AB"})";
    for (const std::string &conflicts : {file, "[" + file + "]"}) {
        const auto holder =
            nameHolderOf(reply(409, R"({"code":"item_name_in_use","context_info":{"conflicts":)" + conflicts + "}}"));
        ASSERT_TRUE(holder && holder->item);
        EXPECT_EQ(holder->item->kind, ItemKind::File);
        EXPECT_EQ(holder->item->number, "601001");
        EXPECT_EQ(holder->hash, "sha1:ab");
    }
    EXPECT_TRUE(nameHolderOf(reply(409, R"({"code":"item_name_in_use"})")));
    EXPECT_FALSE(nameHolderOf(reply(409, R"({"code":"operation_blocked_temporary"})")));
}

TEST(BoxCodec, ASessionHasToFitTheFileAndLeadToBox)
{
    const auto session = [](const std::string &host, int partSize, int parts) {
        const std::string url = "\"" + host + "/s\"";
        return reply(201, R"({"id":"5C","part_size":)" + std::to_string(partSize) + R"(,"total_parts":)" +
                              std::to_string(parts) + R"(,"session_endpoints":{"upload_part":)" + url +
                              R"(,"commit":)" + url + R"(,"abort":)" + url + R"(,"list_parts":)" + url + "}}");
    };
    const std::string good = "https://upload.box.com";
    auto opened = decodeSession(session(good, 8, 3), kHosts, 20);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->partSize, 8);
    EXPECT_FALSE(decodeSession(session(good, 8, 2), kHosts, 20));
    EXPECT_FALSE(decodeSession(session(good, 0, 3), kHosts, 20));
    EXPECT_FALSE(decodeSession(session(good, 1, 20'000'000), kHosts, 20'000'000));
    EXPECT_FALSE(decodeSession(session("https://evil.example", 8, 3), kHosts, 20));
    const auto stored = sessionOf(toJson(*opened), kHosts);
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->commit, opened->commit);
}

TEST(BoxCodec, APartComesWithAndWithoutItsWrapper)
{
    const std::string part = R"({"part_id":"9A","offset":8,"size":4,"sha1":"AB"})";
    for (const std::string &body : {part, R"({"part":)" + part + "}"}) {
        auto decoded = decodePart(reply(200, body));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->offset, 8);
        EXPECT_EQ(decoded->sha1, "ab");
    }
    EXPECT_FALSE(decodePart(reply(200, R"({"part_id":"9A","offset":-8,"size":4})")));
}

TEST(BoxCodec, RepresentationsNameTheirStateAndPlace)
{
    const auto body = [](const char *state, const char *paged) {
        return std::string(R"({"representations":{"entries":[{"representation":"jpg","properties":{"paged":")") +
               paged + R"("},"info":{"url":"https://api.box.com/i"},"status":{"state":")" + state +
               R"("},"content":{"url_template":"https://dl.boxcloud.com/c/{+asset_path}"}}]}})";
    };
    auto made = decodeRepresentations(reply(200, body("success", "false")));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->state, Representation::State::Success);
    EXPECT_EQ(made->contentUrl, "https://dl.boxcloud.com/c/");
    EXPECT_EQ(decodeRepresentations(reply(200, body("viewable", "true")))->contentUrl,
              "https://dl.boxcloud.com/c/1.jpg");
    EXPECT_EQ(decodeRepresentations(reply(200, body("none", "")))->state, Representation::State::None);
    EXPECT_EQ(decodeRepresentations(reply(200, body("dancing", ""))).error().code, Errc::BadReply);
    EXPECT_EQ(decodeRepresentations(reply(200, R"({"representations":{"entries":[]}})")).error().code,
              Errc::Unsupported);
    EXPECT_EQ(thumbnailHint(64), "[jpg?dimensions=94x94]");
    EXPECT_EQ(thumbnailHint(5000), "[jpg?dimensions=1024x1024]");
}

TEST(BoxCodec, TheNextNameKeepsTheEndingAndTheLength)
{
    EXPECT_EQ(nameFor("a.pdf", 0), "a.pdf");
    EXPECT_EQ(nameFor("a.pdf", 2), "a (2).pdf");
    EXPECT_EQ(nameFor(".hidden", 1), ".hidden (1)");
    EXPECT_EQ(nameFor("a.pdf", 11), "a (22).pdf");
    for (int attempt = 0; attempt < 24; ++attempt) {
        EXPECT_TRUE(checkName(nameFor(std::string(251, 'x') + ".pdf", attempt))) << attempt;
        EXPECT_NE(nameFor("a", attempt), nameFor("a", attempt + 1));
    }
    std::string wide;
    for (int i = 0; i < 255; ++i)
        wide += "ü";
    EXPECT_TRUE(checkName(nameFor(wide, 3)));
}

TEST(BoxCodec, NamesThatBoxRefusesAreRefused)
{
    for (const char *good : {"a", " leading", "a.b", "<>:|?*\".txt", "...", "\xF0\x9F\x98\x80"})
        EXPECT_TRUE(checkName(good)) << good;
    for (const std::string &bad :
         {std::string(), std::string("."), std::string(".."), std::string("a/b"), std::string("a\\b"),
          std::string("a "), std::string("a\nb"), std::string("\xFF"), std::string(256, 'x')})
        EXPECT_FALSE(checkName(bad)) << bad;
}

} // namespace
} // namespace connector::box
