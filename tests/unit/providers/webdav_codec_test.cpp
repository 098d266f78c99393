// SPDX-License-Identifier: Apache-2.0
#include "providers/webdav/paths.h"
#include "providers/webdav/webdav_codec.h"

#include <gmock/gmock.h>

namespace connector::webdav {
namespace {

std::vector<Resource> seen;

Result<void> read(const std::string &xml, std::size_t piece = 7, const std::string &base = "/dav")
{
    seen.clear();
    MultistatusReader reader("cloud.example", base, [](Resource &&resource) -> Result<void> {
        seen.push_back(std::move(resource));
        return {};
    });
    for (std::size_t at = 0; at < xml.size(); at += piece)
        if (auto r = reader.write({xml.data() + at, std::min(piece, xml.size() - at)}); !r)
            return r;
    return reader.finish();
}

std::string around(const std::string &responses)
{
    return R"(<?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:o="http://owncloud.org/ns">)" + responses +
           "</D:multistatus>";
}

std::string response(const std::string &href)
{
    return "<D:response><D:href>" + href +
           "</D:href><D:propstat><D:prop><D:resourcetype/></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
           "</D:response>";
}

TEST(WebdavPaths, TwoSpellingsOfOnePathAreEqual)
{
    EXPECT_EQ(canonicalPath("/a%20b/%C3%BC/"), "/a%20b/%C3%BC/");
    EXPECT_EQ(canonicalPath("/a%20b/\xC3\xBC/"), "/a%20b/%C3%BC/");
    EXPECT_EQ(canonicalPath("//a//%62"), "/a/b");
    EXPECT_EQ(canonicalPath("/a%2Fb"), "/a%2Fb") << "an encoded slash is part of a name";
    EXPECT_EQ(canonicalPath("/"), "");
    for (const char *path : {"a", "", "/a/../b", "/a/%2e%2E/b", "/.", "/a%00b"})
        EXPECT_FALSE(canonicalPath(path)) << path;
}

TEST(WebdavPaths, NamesAreReadInTheirCharset)
{
    EXPECT_EQ(nameOf("/x/%C3%BCber.txt"), "über.txt");
    EXPECT_EQ(nameOf("/x/%FCber.txt"), "über.txt") << "Latin-1 of an old disk";
    EXPECT_EQ(nameOf("/x/folder/"), "folder");
    EXPECT_EQ(nameOf("/"), "");
    EXPECT_EQ(childOf("/x/", "a b/c"), "/x/a%20b%2Fc");
    EXPECT_EQ(parentOf("/x/folder/"), "/x/");
    EXPECT_EQ(parentOf("/x"), "/");
}

TEST(WebdavPaths, AnHrefElsewhereIsRefused)
{
    const auto below = [](const char *href) { return pathBelow(href, "cloud.example", "/dav"); };
    EXPECT_EQ(*below("/dav/a"), "/a");
    EXPECT_EQ(*below("/dav"), "/");
    EXPECT_EQ(*below("http://cloud.example:8080/dav/a"), "/a") << "a proxy has another scheme and port in front";
    for (const char *href : {"https://elsewhere.example/dav/a", "//elsewhere.example/dav/a", "/other/a", "/davx/a",
                             "/dav/../etc", "/dav/%2e%2e/etc", "a", "", "javascript:alert(1)"}) {
        ASSERT_FALSE(below(href)) << href;
        EXPECT_EQ(below(href).error().code, Errc::BadReply);
    }
}

TEST(WebdavCodec, SpaceWithoutEndIsRefused)
{
    const std::string resource = "<D:response><D:href>/dav/a</D:href></D:response>";
    EXPECT_TRUE(read(around(resource + std::string(1'000'000, ' ') + resource), 65536));
    EXPECT_FALSE(read(around(std::string(6'000'000, ' ')), 65536));
    EXPECT_FALSE(read(std::string(6'000'000, '\n'), 65536));
    EXPECT_FALSE(read(around("<D:response>" + std::string(6'000'000, ' ') + "</D:response>"), 65536));
}

TEST(WebdavCodec, AMultistatusIsReadInPiecesOfAnySize)
{
    const std::string xml = around(
        "<D:response><D:href>/dav/a%20b.pdf</D:href>"
        "<D:propstat><D:prop><D:resourcetype/><D:getcontentlength>1234</D:getcontentlength>"
        "<D:getlastmodified>Sun, 06 Nov 1994 08:49:37 GMT</D:getlastmodified><D:getetag>W/&quot;x1&quot;</D:getetag>"
        "<o:fileid>77</o:fileid><o:permissions>RGDNVW</o:permissions>"
        "<o:checksums><o:checksum>MD5:00 SHA1:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709</o:checksum></o:checksums>"
        "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
        "<D:propstat><D:prop><D:getcontenttype>lie</D:getcontenttype></D:prop>"
        "<D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>"
        "<D:response><D:href>/dav/sub/</D:href><D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype>"
        "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>");
    for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, xml.size()}) {
        ASSERT_TRUE(read(xml, piece));
        ASSERT_EQ(seen.size(), 2U);
        const Entry file = entryOf(seen[0]);
        EXPECT_EQ(file.id.value, "77:/a%20b.pdf");
        EXPECT_EQ(file.name, "a b.pdf");
        EXPECT_EQ(file.size, 1234);
        EXPECT_EQ(file.revision, "x1");
        EXPECT_EQ(toUnix(*file.modified), 784111777);
        EXPECT_EQ(file.contentHash, "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709");
        EXPECT_EQ(file.mimeType, "") << "what came with a 404 does not count";
        EXPECT_TRUE(file.writable);
        const Entry folder = entryOf(seen[1]);
        EXPECT_EQ(folder.kind, EntryKind::Folder);
        EXPECT_EQ(folder.id.value, "/sub/");
    }
}

TEST(WebdavCodec, WhatIsHostileIsRefused)
{
    EXPECT_TRUE(read(around(response("/dav/a"))));
    std::string deep;
    for (int i = 0; i < 1000; ++i)
        deep += "<D:x>";
    for (const std::string &xml :
         {std::string("<!DOCTYPE x [<!ENTITY a \"b\">]>") + around(response("/dav/a")),
          around(response("https://elsewhere.example/dav/a")), around(response("/etc/passwd")), around(deep),
          around(response("/dav/" + std::string(100'000, 'a'))), std::string("not XML"), std::string(),
          std::string("<html/>"), around(response("/dav/a")).substr(0, 150),
          "<a " + std::string(3'000'000, 'x') + "=\"\"/>"}) {
        const auto r = read(xml, 4096);
        ASSERT_FALSE(r) << xml.substr(0, 100);
        EXPECT_EQ(r.error().code, Errc::BadReply);
    }
}

TEST(WebdavCodec, TheServersAddressIsTakenAsPeoplePasteIt)
{
    EXPECT_EQ(*serverOf("https://Cloud.Example/"), "https://cloud.example");
    EXPECT_EQ(*serverOf("https://cloud.example:443/nc/index.php/apps/files"), "https://cloud.example/nc");
    EXPECT_EQ(*serverOf("https://cloud.example/remote.php/dav/files/mara/"), "https://cloud.example");
    EXPECT_EQ(*serverOf("http://127.0.0.1:8080/dav"), "http://127.0.0.1:8080/dav");
    for (const char *bad : {"", "cloud.example", "ftp://cloud.example"})
        EXPECT_FALSE(serverOf(bad)) << bad;
}

TEST(WebdavCodec, IdsAreOurOwnOrNotFound)
{
    for (const char *id : {"/a", "/a/", "77:/a%20b", ""}) {
        auto node = nodeOf({id});
        ASSERT_TRUE(node) << id;
        EXPECT_EQ(idOf(*node).value, id);
    }
    for (const char *id : {"a", "/a/../b", "x:/a", ":/a", "/a b", "77", "77/a"})
        EXPECT_EQ(nodeOf({id}).error().code, Errc::NotFound) << id;
}

TEST(WebdavCodec, NumberedNamesKeepTheirEnding)
{
    EXPECT_EQ(numbered("scan.pdf", 2), "scan (2).pdf");
    EXPECT_EQ(numbered(".hidden", 1), ".hidden (1)");
    const std::string longest = numbered(std::string(251, 'x') + ".pdf", 12);
    EXPECT_EQ(longest.size(), 255U);
    EXPECT_TRUE(longest.ends_with(" (12).pdf"));
}

TEST(WebdavCodec, RefusalsAreNamed)
{
    const auto stable = [](int status, const std::string &body = "") {
        return stableCode(decodeError(HttpReply{status, {}, body}));
    };
    EXPECT_EQ(stable(401), "access-revoked");
    EXPECT_EQ(stable(403), "no-permission");
    EXPECT_EQ(stable(403, "<s:message>Access denied by file access control</s:message>"), "file-blocked");
    EXPECT_EQ(stable(404), "file-gone");
    EXPECT_EQ(stable(409), "file-gone");
    EXPECT_EQ(stable(412), "name-taken");
    EXPECT_EQ(stable(413), "file-too-large");
    EXPECT_EQ(stable(423), "file-locked");
    EXPECT_EQ(stable(429), "rate-limited");
    EXPECT_EQ(stable(503), "unavailable");
    EXPECT_EQ(stable(507), "storage-full");
    EXPECT_EQ(stable(400, "<s:exception>OCA\\DAV\\Connector\\Sabre\\Exception\\InvalidPath</s:exception>"),
              "name-invalid");
    EXPECT_EQ(decodeError(HttpReply{423, {}, "<s:exception>a\\FileLocked</s:exception>"}).nativeCode, "FileLocked");
    EXPECT_EQ(decodeError(HttpReply{423, {}, "<s:exception>to\nken</s:exception>"}).nativeCode, "");
    HttpReply maintenance{503, {}, ""};
    maintenance.headers.set("X-Nextcloud-Maintenance-Mode", "1");
    maintenance.headers.set("Retry-After", "120");
    EXPECT_EQ(decodeError(maintenance).nativeCode, "maintenance");
    EXPECT_EQ(decodeError(maintenance).retryAfter, std::chrono::seconds(120));
}

TEST(WebdavCodec, ANextcloudIsKnownByItsAccount)
{
    const Site plain = *plainSite("https://cloud.example/nc");
    EXPECT_EQ(whoRequest(plain).url, "https://cloud.example/nc/ocs/v2.php/cloud/user?format=json");
    const HttpReply account{200, {}, R"({"ocs":{"data":{"id":"Aiko Tanaka","displayname":"Aiko","email":null,
        "quota":{"used":10,"total":100,"quota":-3}}}})"};
    auto who = decodeWho(plain, account);
    ASSERT_TRUE(who && *who);
    EXPECT_EQ((*who)->account.id, "Aiko Tanaka@cloud.example/nc");
    EXPECT_EQ((*who)->account.email, "");
    EXPECT_FALSE((*who)->account.emailVerified);
    EXPECT_EQ((*who)->account.totalBytes, 100);
    EXPECT_EQ(nextcloudSite(plain, (*who)->user).files, "https://cloud.example/nc/remote.php/dav/files/Aiko%20Tanaka");
    for (const HttpReply &none : {HttpReply{404, {}, ""}, HttpReply{200, {}, "<html/>"}, HttpReply{200, {}, "{}"},
                                  HttpReply{200, {}, R"({"ocs":{"data":{"id":".."}}})"}, HttpReply{501, {}, ""}}) {
        auto r = decodeWho(plain, none);
        ASSERT_TRUE(r) << none.status;
        EXPECT_FALSE(*r) << none.body;
    }
    EXPECT_EQ(decodeWho(plain, HttpReply{401, {}, ""}).error().code, Errc::Unauthenticated);
}

TEST(WebdavCodec, RequestsSayWhatTheServerHasToHold)
{
    const Site site = nextcloudSite(*plainSite("https://cloud.example"), "mara");
    const auto put = putRequest(site, "/a.pdf", {false, fromUnix(1000), std::string(40, 'a')});
    EXPECT_EQ(put.headers.get("If-None-Match"), "*");
    EXPECT_EQ(put.headers.get("X-OC-MTime"), "1000");
    EXPECT_EQ(put.headers.get("OC-Checksum"), "SHA1:" + std::string(40, 'a'));
    EXPECT_FALSE(putRequest(site, "/a.pdf", {true, {}, ""}).headers.has("If-None-Match"));
    const auto chunk = chunkRequest(site, "s-1", 7, 100, "/a.pdf");
    EXPECT_EQ(chunk.url, "https://cloud.example/remote.php/dav/uploads/mara/s-1/00007");
    EXPECT_EQ(chunk.headers.get("Destination"), "https://cloud.example/remote.php/dav/files/mara/a.pdf");
    const auto move = assembleRequest(site, "s-1", 100, "/a.pdf", {});
    EXPECT_EQ(move.method, "MOVE");
    EXPECT_EQ(move.headers.get("Overwrite"), "F");
    EXPECT_EQ(downloadRequest(site, "/a", "e1", 5).headers.get("Range"), "bytes=5-");
    EXPECT_EQ(downloadRequest(site, "/a", "e1", 5).headers.get("If-Match"), "\"e1\"");
    EXPECT_THAT(searchRequest(site, "/", "50% <&", 10, 0).body, testing::HasSubstr("%50\\% &lt;&amp;%"));
}

} // namespace
} // namespace connector::webdav
