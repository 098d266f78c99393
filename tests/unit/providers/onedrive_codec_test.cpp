// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "providers/onedrive/onedrive_codec.h"
#include "providers/onedrive/quick_xor_hash.h"
#include "providers/registry.h"

#include <gtest/gtest.h>

#include <fstream>

namespace connector::onedrive {
namespace {

const Hosts kHosts{"https://graph.microsoft.com"};
const Hosts kSandbox{"http://127.0.0.1:8080/onedrive"};
const ItemRef kRoot{};
const ItemRef kItem{"b!Zm9v", "01ABC!7"};
const char *const kUploadUrl = "https://contoso-my.sharepoint.com/_api/v2.0/drives/b!Zm9v/uploadSession?tempauth=s";

HttpReply reply(int status, std::string body)
{
    return {status, {}, std::move(body)};
}

std::string fileText(const std::string &name)
{
    std::ifstream in(CONNECTOR_TEST_DATA "/onedrive/" + name);
    EXPECT_TRUE(in.good()) << name;
    return {std::istreambuf_iterator<char>(in), {}};
}

// As it goes over the wire, but for what the HTTP client adds.
std::string wire(const HttpRequest &request)
{
    std::string text = request.method + " " + request.url + (request.signIt ? "" : " (unsigned)") + "\n";
    for (const auto &[name, value] : request.headers.fields)
        text += name + ": " + value + "\n";
    return text + (request.body.empty() ? "" : "\n" + request.body + "\n");
}

UploadTarget target(OnConflict policy, const std::string &name = "n.pdf")
{
    return {{}, name, policy, fromUnix(1'778'486'400)};
}

TEST(OneDriveCodec, RequestsAreTheRecordedOnes)
{
    const std::vector<HttpRequest> all{
        accountRequest(kHosts),
        driveRequest(kHosts),
        listRequest(kHosts, kRoot, 500, "name asc"),
        listRequest(kHosts, kItem, 500, ""),
        listRequest(kHosts, {"b!Zm9v", ""}, 10, "size desc"),
        sharedRequest(kHosts),
        recentRequest(kHosts),
        searchRequest(kHosts, kRoot, "it's {100%} ü", 100),
        searchRequest(kHosts, kItem, "plan", 100),
        searchAllRequest(kHosts, "plan", 100),
        itemRequest(kHosts, kItem),
        childRequest(kHosts, kRoot, "Größe #1?.pdf"),
        childRequest(kHosts, kItem, "a.pdf"),
        sitesRequest(kHosts),
        librariesRequest(kHosts, {"contoso.sharepoint.com,1f,2f", "Team"}),
        createFolderRequest(kHosts, kItem, "New"),
        deleteRequest(kHosts, kItem),
        setModifiedRequest(kHosts, kItem, fromUnix(1'778'486'400)),
        contentRequest(kHosts, kItem),
        pdfRequest(kHosts, kItem),
        thumbnailsRequest(kHosts, kItem),
        uploadRequest(kHosts, kRoot, target(OnConflict::Rename, "Größe \xF0\x9F\x98\x80.pdf")),
        uploadRequest(kHosts, kItem, target(OnConflict::Fail)),
        uploadRequest(kHosts, kItem, target(OnConflict::Replace)),
        sessionRequest(kHosts, kItem, target(OnConflict::Rename), fromUnix(1'778'486'400), 31457280),
        sessionRequest(kHosts, kRoot, target(OnConflict::Fail), {}, {}),
        bytesRequest(kUploadUrl, 0),
        bytesRequest(kUploadUrl, 1000),
        fragmentRequest(kUploadUrl, 10485760, 10485760, 31457280),
        statusRequest(kUploadUrl),
        cancelRequest(kUploadUrl),
    };
    std::string text;
    for (const auto &request : all)
        text += wire(request) + "\n";
    EXPECT_EQ(text, fileText("requests.txt"));
}

TEST(OneDriveCodec, WhatMayBeRepeatedIsMarked)
{
    EXPECT_TRUE(listRequest(kHosts, kRoot, 1, "").repeatable);
    EXPECT_TRUE(contentRequest(kHosts, kItem).repeatable);
    EXPECT_TRUE(fragmentRequest(kUploadUrl, 0, 1, 1).repeatable);
    EXPECT_TRUE(sessionRequest(kHosts, kItem, target(OnConflict::Fail), {}, {}).repeatable);
    EXPECT_FALSE(uploadRequest(kHosts, kItem, target(OnConflict::Fail)).repeatable);
    EXPECT_FALSE(createFolderRequest(kHosts, kItem, "n").repeatable);
    EXPECT_FALSE(deleteRequest(kHosts, kItem).repeatable);
}

TEST(OneDriveCodec, WhatIsPreAuthenticatedIsNeverSigned)
{
    for (const auto &request : {bytesRequest(kUploadUrl, 0), fragmentRequest(kUploadUrl, 0, 1, 1),
                                statusRequest(kUploadUrl), cancelRequest(kUploadUrl)}) {
        EXPECT_FALSE(request.signIt);
        EXPECT_FALSE(request.followRedirects);
    }
    EXPECT_FALSE(contentRequest(kHosts, kItem).followRedirects); // the adapter looks where it leads
}

TEST(OneDriveCodec, TheHashIsTheDocumentedOne)
{
    std::string all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
    std::string large(327'680, '\0');
    for (std::size_t i = 0; i < large.size(); ++i)
        large[i] = static_cast<char>(i % 251);
    const std::pair<std::string, const char *> vectors[] = {
        {"", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {"a", "YQAAAAAAAAAAAAAAAQAAAAAAAAA="},
        {"hello world", "aCgDG9jwBhDc4Q1yawMZAAAAAAA="},
        {all, "QkGEfSisZcA7k+FCh71r2dbCayY="},
        {std::string(1000, 'Z'), "NrOZzWxmM5vZzGY2W5rNNraxjW0="},
        {large, "dVxjLVlWbbPTEZb19aiSkx+BLpI="},
    };
    for (const auto &[bytes, base64] : vectors) {
        EXPECT_EQ(toBase64(QuickXorHash::of(bytes)), base64) << bytes.size();
        QuickXorHash pieces; // fed in odd pieces it is the same
        for (std::size_t at = 0, n = 1; at < bytes.size(); at += n, n = n % 397 + 1)
            pieces.update(std::span(bytes).subspan(at, std::min(n, bytes.size() - at)));
        EXPECT_EQ(pieces.result(), "quickxor:" + toHex(*fromBase64(base64))) << bytes.size();
    }
}

TEST(OneDriveCodec, AListIsDecoded)
{
    auto page = decodeItems(kHosts, reply(200, fileText("list_reply.txt")), "b!Zm9v");
    ASSERT_TRUE(page) << describe(page.error());
    ASSERT_EQ(page->items.size(), 7U); // without the deleted one, the one of tomorrow and the trap
    EXPECT_EQ(page->next,
              "https://graph.microsoft.com/v1.0/drives/b!Zm9v/root/children?$top=2&$skiptoken=cGFnZTIvZXhhbXBsZQ");
    const Item &folder = page->items[0];
    EXPECT_EQ(folder.entry.kind, EntryKind::Folder);
    EXPECT_EQ(folder.entry.id.value, "b!Zm9v/01ABCDEFINVOICES0000000000000002");
    EXPECT_EQ(folder.parent, "01ROOT");
    EXPECT_EQ(folder.kind, DriveKind::Business);
    EXPECT_EQ(folder.entry.size, std::nullopt);
    EXPECT_FALSE(folder.entry.downloadable);
    const Entry &file = page->items[1].entry;
    EXPECT_EQ(file.kind, EntryKind::File);
    EXPECT_EQ(file.size, 7212);
    EXPECT_EQ(file.revision, "\"c:{BBBB},2\"");
    EXPECT_EQ(formatRfc3339(*file.modified), "2026-05-11T07:59:58Z");
    EXPECT_EQ(file.contentHash, "quickxor:6828031bd8f00610dce10d726b031900000000" + std::string("00"));
    EXPECT_EQ(file.path, "/My plans/plan.docx");
    EXPECT_TRUE(file.convertible);
    const Entry &notebook = page->items[2].entry;
    EXPECT_EQ(notebook.kind, EntryKind::Document);
    EXPECT_FALSE(notebook.downloadable);
    EXPECT_EQ(page->items[5].entry.downloadable, false); // infected
    EXPECT_TRUE(page->items[5].infected);
    EXPECT_FALSE(page->items[5].entry.convertible);
    EXPECT_EQ(page->items[6].entry.size, std::nullopt); // 2^64 bytes
    EXPECT_EQ(page->items[6].entry.contentHash, "");
    EXPECT_EQ(page->items[6].entry.id.value, "b!Zm9v/01HUGE"); // the drive that was listed
}

TEST(OneDriveCodec, ARemoteItemIsListedAsWhatItPointsAt)
{
    auto page = decodeItems(kHosts, reply(200, fileText("list_reply.txt")), "b!Zm9v");
    ASSERT_TRUE(page);
    const Item &folder = page->items[3];
    EXPECT_TRUE(folder.remote);
    EXPECT_EQ(folder.entry.kind, EntryKind::Folder);
    EXPECT_EQ(folder.entry.name, "Team papers"); // as it is called here
    EXPECT_EQ(folder.entry.id.value, "0a2b3c4d5e6f7081/7081!104");
    EXPECT_EQ(folder.kind, DriveKind::Personal);
    const Item &file = page->items[4];
    EXPECT_EQ(file.entry.kind, EntryKind::File);
    EXPECT_EQ(file.entry.id.value, "1a2b3c4d5e6f7081/7081!105");
    EXPECT_EQ(file.entry.size, 12);
}

TEST(OneDriveCodec, ADriveIdHasOneSpelling)
{
    EXPECT_EQ(driveKey("A2B3C4D5E6F7081"), "0a2b3c4d5e6f7081");
    EXPECT_EQ(driveKey("0A2B3C4D5E6F7081"), "0a2b3c4d5e6f7081");
    EXPECT_EQ(driveKey("b!Zm9vLWRyaXZl"), "b!Zm9vLWRyaXZl"); // not a number: its case matters
}

TEST(OneDriveCodec, AnIdNeverLeavesItsPlaceInThePath)
{
    EXPECT_EQ(refOf({})->item, "");
    EXPECT_EQ(*refOf({"b!x/01A!2"}), (ItemRef{"b!x", "01A!2"}));
    EXPECT_EQ(*refOf({"b!x/"}), (ItemRef{"b!x", ""}));
    for (const char *bad : {"x", "/", "/y", "../y", "x/..", "x/.", "x/a/b", "x/a b", "x/a\\b", "x/\xC3\xBC", "@shared"})
        EXPECT_FALSE(refOf({bad})) << bad;
    EXPECT_EQ(itemRequest(kHosts, {"a?b", "c#d%"}).url, "https://graph.microsoft.com/v1.0/drives/a%3Fb/items/c%23d%25");
}

TEST(OneDriveCodec, ThePageAfterIsOnlyGraphs)
{
    EXPECT_TRUE(isPageUrl(kHosts, "https://graph.microsoft.com/v1.0/me/drive/root/children?$skiptoken=a"));
    for (const char *bad : {"http://graph.microsoft.com/v1.0/x", "https://graph.microsoft.com.example.org/v1.0/x",
                            "https://graph.microsoft.com:8443/v1.0/x", "https://evil@graph.microsoft.com/v1.0/x",
                            "https://graph.microsoft.com/beta/x", "https://graph.microsoft.com/v1.0/../beta/x",
                            "/v1.0/x", "", "rubbish"}) {
        EXPECT_FALSE(isPageUrl(kHosts, bad)) << bad;
    }
    EXPECT_TRUE(isPageUrl(kSandbox, "http://127.0.0.1:8080/onedrive/v1.0/x"));
    EXPECT_FALSE(isPageUrl(kSandbox, "http://127.0.0.2:8080/onedrive/v1.0/x"));
    auto lured = decodeItems(kHosts, reply(200, R"({"value":[],"@odata.nextLink":"https://example.org/v1.0/x"})"), "d");
    ASSERT_FALSE(lured);
    EXPECT_EQ(lured.error().code, Errc::BadReply);
}

TEST(OneDriveCodec, BytesComeFromMicrosoftsStoresOverTlsOnly)
{
    for (const char *good :
         {"https://contoso-my.sharepoint.com/_layouts/15/download.aspx?tempauth=x",
          "https://my.microsoftpersonalcontent.com/personal/1/x", "https://public.dm.files.1drv.com/y4m"})
        EXPECT_TRUE(isBytesUrl(kHosts, good)) << good;
    for (const char *bad : {"http://contoso-my.sharepoint.com/x", "https://sharepoint.com.example.org/x",
                            "https://evilsharepoint.com/x", "https://127.0.0.1/x", "http://localhost/x",
                            "https://example.org/?.sharepoint.com", "file:///etc/passwd", "ftp://x.1drv.com/", ""})
        EXPECT_FALSE(isBytesUrl(kHosts, bad)) << bad;
    EXPECT_TRUE(isBytesUrl(kSandbox, "http://127.0.0.2:8080/bytes"));
    EXPECT_FALSE(isBytesUrl(kSandbox, "http://192.0.2.1/bytes"));
}

TEST(OneDriveCodec, AnAccountIsDecodedAndItsAddressIsNeverTakenAsVerified)
{
    auto work = decodeAccount(reply(
        200,
        R"({"id":"7a1e","displayName":"Mara Lind","mail":"mara.lind@example.org","userPrincipalName":"mara@x.onmicrosoft.com"})"));
    ASSERT_TRUE(work) << describe(work.error());
    EXPECT_EQ(work->id, "7a1e");
    EXPECT_EQ(work->name, "Mara Lind");
    EXPECT_EQ(work->email, "mara.lind@example.org");
    EXPECT_FALSE(work->emailVerified);
    auto home = decodeAccount(reply(200, R"({"id":"1a2b","mail":null,"userPrincipalName":"mara@outlook.example"})"));
    ASSERT_TRUE(home);
    EXPECT_EQ(home->email, "mara@outlook.example");
    auto guest =
        decodeAccount(reply(200, R"({"id":"1","mail":null,"userPrincipalName":"m_x.org#EXT#@y.onmicrosoft.com"})"));
    ASSERT_TRUE(guest);
    EXPECT_EQ(guest->email, "");
    EXPECT_FALSE(decodeAccount(reply(200, R"({"mail":"a@b"})")));
}

TEST(OneDriveCodec, AnAddressIsVerifiedWhenTheSignInSaysThatItsDomainIsTheTenants)
{
    const auto verified = [](const std::string &claims, const std::string &email = "mara.lind@example.org") {
        Account account;
        account.email = email;
        addFromIdToken("e30." + toBase64Url(claims) + ".c2ln", account);
        return account.emailVerified;
    };
    for (const char *good :
         {R"({"email":"mara.lind@example.org","xms_edov":true})", R"({"email":"Mara.Lind@example.org","xms_edov":1})",
          R"({"email":"mara.lind@example.org","xms_edov":"1"})",
          R"({"email":"mara.lind@example.org","xms_edov":"True"})"})
        EXPECT_TRUE(verified(good)) << good;
    for (const char *bad :
         {R"({"email":"mara.lind@example.org"})", R"({"email":"mara.lind@example.org","xms_edov":false})",
          R"({"email":"mara.lind@example.org","xms_edov":"0"})", R"({"xms_edov":true})",
          R"({"email":"","xms_edov":true})", R"({"email":"other@example.org","xms_edov":true})", "[]", "rubbish", ""})
        EXPECT_FALSE(verified(bad)) << bad;
    EXPECT_FALSE(verified(R"({"email":"","xms_edov":true})", ""));
    Account account;
    for (const char *bad : {"", ".", "..", "a.b", "a.!.c", "a..c"})
        addFromIdToken(bad, account);
    EXPECT_FALSE(account.emailVerified);
}

TEST(OneDriveCodec, AQuotaOfZeroIsNotKnown)
{
    auto told = decodeDrive(
        reply(200, R"({"id":"b!Z","driveType":"business","quota":{"total":100,"used":7,"state":"normal"}})"));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->kind, DriveKind::Business);
    EXPECT_EQ(told->used, 7);
    EXPECT_EQ(told->total, 100);
    for (const char *body : {R"({"id":"A","driveType":"personal","quota":{"total":0,"used":0,"remaining":0}})",
                             R"({"id":"A","driveType":"personal"})"}) {
        auto silent = decodeDrive(reply(200, body));
        ASSERT_TRUE(silent);
        EXPECT_EQ(silent->kind, DriveKind::Personal);
        EXPECT_EQ(silent->used, std::nullopt);
        EXPECT_EQ(silent->total, std::nullopt);
    }
    EXPECT_EQ(decodeDrive(reply(200, R"({"id":"b!Z","driveType":"documentLibrary"})"))->kind, DriveKind::Library);
    EXPECT_FALSE(decodeDrive(reply(200, R"({"driveType":"personal"})")));
}

TEST(OneDriveCodec, ASessionSaysWhatItWaitsFor)
{
    auto session = decodeSession(
        kHosts, reply(200, std::string(R"({"nextExpectedRanges":["0-"],"uploadUrl":")") + kUploadUrl + "\"}"));
    ASSERT_TRUE(session) << describe(session.error());
    EXPECT_EQ(session->url, kUploadUrl);
    EXPECT_EQ(session->ranges.next->first, 0);
    auto lured =
        decodeSession(kHosts, reply(200, R"({"uploadUrl":"https://example.org/x","nextExpectedRanges":["0-"]})"));
    ASSERT_FALSE(lured);
    EXPECT_EQ(lured.error().code, Errc::BadReply);
    EXPECT_EQ(describe(lured.error()).find("example"), std::string::npos); // it is a secret

    auto several = decodeRanges(reply(202, R"({"nextExpectedRanges":["77829-99375","12345-55232"]})"));
    ASSERT_TRUE(several);
    EXPECT_EQ(several->next->first, 12345);
    EXPECT_EQ(several->next->last, 55232);
    EXPECT_FALSE(decodeRanges(reply(202, R"({"nextExpectedRanges":[]})"))->next);
    for (const char *bad : {R"({})", R"({"nextExpectedRanges":[5]})", R"({"nextExpectedRanges":["-5"]})",
                            R"({"nextExpectedRanges":["9-5"]})", R"({"nextExpectedRanges":["x-"]})",
                            R"({"nextExpectedRanges":["99999999999999999999-"]})"})
        EXPECT_FALSE(decodeRanges(reply(202, bad))) << bad;
}

TEST(OneDriveCodec, TheSmallestThumbnailThatIsLargeEnoughIsTaken)
{
    const std::string body = R"({"value":[{"id":"0","small":{"height":64,"width":96,"url":"https://a.1drv.com/s"},)"
                             R"("medium":{"height":117,"width":176,"url":"https://a.1drv.com/m"},)"
                             R"("large":{"height":533,"width":800,"url":"https://a.1drv.com/l"}}]})";
    EXPECT_EQ(*decodeThumbnail(kHosts, reply(200, body), 96), "https://a.1drv.com/s");
    EXPECT_EQ(*decodeThumbnail(kHosts, reply(200, body), 97), "https://a.1drv.com/m");
    EXPECT_EQ(*decodeThumbnail(kHosts, reply(200, body), 5000), "https://a.1drv.com/l");
    EXPECT_EQ(decodeThumbnail(kHosts, reply(200, R"({"value":[]})"), 96).error().code, Errc::Unsupported);
    auto lured = decodeThumbnail(kHosts, reply(200, R"({"value":[{"small":{"url":"https://example.org/"}}]})"), 96);
    EXPECT_EQ(lured.error().code, Errc::BadReply);
}

struct ErrorRow {
    int status;
    const char *body;
    Errc code;
    const char *stable;
};

TEST(OneDriveCodec, ErrorsMeanWhatTheirInnermostCodeSays)
{
    const ErrorRow rows[] = {
        {404, R"({"error":{"code":"itemNotFound"}})", Errc::NotFound, "file-gone"},
        {404, "", Errc::NotFound, "file-gone"},
        {404, R"({"error":{"code":"ResourceNotFound"}})", Errc::NotFound, "file-gone"},
        {403, R"({"error":{"code":"accessDenied"}})", Errc::PermissionDenied, "no-permission"},
        {403, R"({"error":{"code":"Authorization_RequestDenied"}})", Errc::PermissionDenied, "scope-missing"},
        {403, R"({"error":{"code":"notAllowed"}})", Errc::PermissionDenied, "file-blocked"},
        {401, R"({"error":{"code":"InvalidAuthenticationToken"}})", Errc::Unauthenticated, "access-revoked"},
        {507, R"({"error":{"code":"quotaLimitReached"}})", Errc::QuotaExceeded, "storage-full"},
        {507, "", Errc::QuotaExceeded, "storage-full"},
        {403, R"({"error":{"code":"insufficientQuota"}})", Errc::QuotaExceeded, "storage-full"},
        {429, R"({"error":{"code":"activityLimitReached"}})", Errc::RateLimited, "rate-limited"},
        {429, R"({"error":{"code":"accessDenied"}})", Errc::RateLimited, "rate-limited"},
        {509, "", Errc::RateLimited, "rate-limited"},
        {503, R"({"error":{"code":"serviceNotAvailable"}})", Errc::Unavailable, "unavailable"},
        {500, R"({"error":{"code":"generalException"}})", Errc::Unavailable, "unavailable"},
        {504, "<html>", Errc::Unavailable, "unavailable"},
        {409, R"({"error":{"code":"nameAlreadyExists"}})", Errc::Conflict, "name-taken"},
        {409, R"({"error":{"code":"resourceModified","innererror":{"code":"entityTagDoesNotMatch"}}})", Errc::Conflict,
         "file-changed"},
        {412, "", Errc::Conflict, "file-changed"},
        {410, R"({"error":{"code":"resyncRequired"}})", Errc::Conflict, "list-restart"},
        // Locks come with the code of a missing permission.
        {423, R"({"error":{"code":"accessDenied"}})", Errc::Busy, "file-locked"},
        {403, R"({"error":{"code":"notAllowed","innerError":{"code":"resourceLocked"}}})", Errc::Busy, "file-locked"},
        {409, R"({"error":{"code":"accessDenied","innererror":{"code":"LockMismatch"}}})", Errc::Busy, "file-locked"},
        {403, R"({"error":{"code":"malwareDetected","innerError":{"code":"virusSuspicious"}}})", Errc::PermissionDenied,
         "file-blocked"},
        {400, R"({"error":{"code":"invalidRequest"}})", Errc::InvalidArgument, "bad-request"},
        {400, R"({"error":{"code":"invalidRequest","innerError":{"code":"invalidPath"}}})", Errc::InvalidArgument,
         "name-invalid"},
        {400, R"({"error":{"code":"InvalidRequest","innererror":{"innererror":{"code":"PathIsTooLong"}}}})",
         Errc::InvalidArgument, "name-invalid"},
        {413, "", Errc::Unsupported, "file-too-large"},
        {400, R"({"error":{"code":"invalidRequest","innerError":{"code":"maxFileSizeExceeded"}}})", Errc::Unsupported,
         "file-too-large"},
        {406, R"({"error":{"code":"notSupported","message":"csv","innererror":{"code":"InputFormatNotSupported"}}})",
         Errc::Unsupported, "unsupported"},
        {500, R"({"error":{"code":"generalException","innerError":{"code":"OfficeConversion_ConverterInternal"}}})",
         Errc::Unsupported, "unsupported"},
        {302, "", Errc::BadReply, "bad-reply"},
    };
    for (const auto &row : rows) {
        const Error error = decodeError(reply(row.status, row.body));
        EXPECT_EQ(error.code, row.code) << row.status << " " << row.body;
        EXPECT_EQ(stableCode(error), row.stable) << row.status << " " << row.body;
        EXPECT_EQ(error.httpStatus, row.status);
    }
}

TEST(OneDriveCodec, AnErrorKeepsItsCodesAndNothingElse)
{
    const Error error = decodeError(reply(
        400,
        R"({"error":{"code":"invalidRequest","message":"secret name.docx","innerError":{"code":"a b","innererror":{"code":"pathTooDeep"}}}})"));
    EXPECT_EQ(error.nativeCode, "invalidRequest/pathTooDeep");
    EXPECT_EQ(describe(error).find("secret"), std::string::npos);
    EXPECT_TRUE(saysCode(error, "pathtoodeep"));
    EXPECT_FALSE(saysCode(error, "path"));
}

TEST(OneDriveCodec, AWaitIsTakenFromTheHeader)
{
    HttpReply slow = reply(429, "");
    slow.headers.set("Retry-After", "2.5");
    EXPECT_EQ(decodeError(slow).retryAfter, std::chrono::seconds(3));
    slow.headers.set("Retry-After", "soon");
    EXPECT_EQ(decodeError(slow).retryAfter, std::chrono::seconds(0));
}

TEST(OneDriveCodec, NamesThatOneDriveWillNotTakeAreRefused)
{
    for (const char *bad :
         {"",   " a",  "a ",        "a.",          ".",   "..",   "a/b",         "a\\b",  "a:b",     "a|b",  "a?",
          "a*", "<a>", "say \"a\"", "~$plan.docx", "CON", "lpt9", "desktop.ini", ".lock", "a_vti_b", "a\nb", "\xFF"})
        EXPECT_FALSE(checkName(bad)) << bad;
    for (const char *good :
         {"a", ".hidden", "100% & more #1 + 2.txt", "console", "com10", "it's.txt", "\xF0\x9F\x98\x80"})
        EXPECT_TRUE(checkName(good)) << good;
    EXPECT_TRUE(checkName(std::string(255, 'x')));
    EXPECT_FALSE(checkName(std::string(256, 'x')));
}

TEST(OneDriveCodec, ServersSortByWhatTheirKindOfDriveCan)
{
    EXPECT_EQ(orderBy({SortKey::Size, true}, DriveKind::Personal), "size desc");
    EXPECT_EQ(orderBy({SortKey::Modified, false}, DriveKind::Personal), "lastModifiedDateTime asc");
    EXPECT_EQ(orderBy({SortKey::Name, true}, DriveKind::Business), "name desc");
    EXPECT_EQ(orderBy({SortKey::Size, true}, DriveKind::Business), "");
    EXPECT_EQ(orderBy({SortKey::Modified, true}, DriveKind::Unknown), "");
}

TEST(OneDriveCodec, CsvIsNotConvertedWhateverTheDocumentationSays)
{
    EXPECT_TRUE(becomesPdf("Plan.DOCX"));
    EXPECT_FALSE(becomesPdf("table.csv"));
    EXPECT_FALSE(becomesPdf("docx"));
    EXPECT_TRUE(isOfficeName("a.xlsx"));
    EXPECT_FALSE(isOfficeName("a.pdf"));
}

TEST(OneDriveSignIn, EverybodyMaySignInUnlessATenantIsNamed)
{
    const ProviderInfo &info = *findProvider("onedrive");
    EXPECT_EQ(info.oauth.authorizeUrl, "https://login.microsoftonline.com/common/oauth2/v2.0/authorize");
    EXPECT_EQ(info.oauth.tokenUrl, "https://login.microsoftonline.com/common/oauth2/v2.0/token");
    const auto token = [&](const char *login) {
        ProviderEndpoints endpoints;
        endpoints.base["login"] = login;
        return info.oauthFor(endpoints).tokenUrl;
    };
    EXPECT_EQ(token("https://login.microsoftonline.us"), "https://login.microsoftonline.us/common/oauth2/v2.0/token");
    EXPECT_EQ(token("https://login.microsoftonline.com/organizations"),
              "https://login.microsoftonline.com/organizations/oauth2/v2.0/token");
    EXPECT_EQ(token("https://login.microsoftonline.com/contoso.example"),
              "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token");
    EXPECT_EQ(token("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad"),
              "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/oauth2/v2.0/token");
    EXPECT_EQ(token("http://127.0.0.1:8080/onedrive"), "http://127.0.0.1:8080/onedrive/common/oauth2/v2.0/token");
}

TEST(OneDriveSignIn, ASecretIsSentByThoseWhoHaveOne)
{
    const OAuthSpec &spec = findProvider("onedrive")->oauth;
    EXPECT_TRUE(spec.pkce);
    EXPECT_TRUE(spec.rotatesRefreshTokens);
    EXPECT_TRUE(spec.usesSecretOf({"id", "secret"}));
    EXPECT_FALSE(spec.usesSecretOf({"id", ""}));
    EXPECT_NE(spec.scope.find("offline_access"), std::string::npos);
}

} // namespace
} // namespace connector::onedrive
