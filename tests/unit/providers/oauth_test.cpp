// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "providers/oauth.h"
#include "providers/registry.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sodium.h>

#include <set>

namespace connector {
namespace {

const WallTime kNow = fromUnix(1'800'000'000);

class OneReply : public HttpClient {
public:
    HttpReply reply;
    HttpRequest request;
    Result<HttpReply> send(const HttpRequest &r, ByteSink *, const Call &) override
    {
        request = r;
        return reply;
    }
};

OAuthSpec spec()
{
    return findProvider("dropbox")->oauth;
}

class TokenEndpoint : public ::testing::Test {
protected:
    Result<TokenSet> redeem(int status, const std::string &body)
    {
        http.reply = {status, {}, body};
        return redeemCode(http, spec(), {"client", "secret"}, "the-code", "https://p.example/cb", "verifier", kNow, {});
    }
    Result<TokenSet> refresh(int status, const std::string &body)
    {
        http.reply = {status, {}, body};
        TokenSet old;
        old.refreshToken = "old-refresh";
        old.scope = "old-scope";
        return refreshTokens(http, spec(), {"client", "secret"}, old, kNow, {});
    }
    OneReply http;
};

const char *const kGood =
    R"({"access_token":"sl.A","token_type":"bearer","expires_in":14400,"refresh_token":"R","scope":"a b"})";

TEST_F(TokenEndpoint, MicrosoftsNumbersAreKeptForTheLog)
{
    auto dead = refresh(400, R"({"error":"invalid_grant","error_codes":[700082],"error_description":"AADSTS700082"})");
    ASSERT_FALSE(dead);
    EXPECT_EQ(dead.error().code, Errc::Unauthenticated);
    EXPECT_EQ(dead.error().nativeCode, "invalid_grant/700082");
    auto factor = refresh(400, R"({"error":"interaction_required","error_codes":[50076],"suberror":"basic_action"})");
    EXPECT_EQ(factor.error().code, Errc::Unauthenticated);
    auto secret = refresh(401, R"({"error":"invalid_client","error_codes":[7000215]})");
    EXPECT_EQ(secret.error().code, Errc::PermissionDenied);
    auto away = refresh(400, R"({"error":"invalid_request","error_codes":[90033]})");
    EXPECT_EQ(away.error().code, Errc::Unavailable);
    for (const char *odd :
         {R"({"error":"invalid_grant","error_codes":"x"})", R"({"error":"invalid_grant","error_codes":[]})",
          R"({"error":"invalid_grant","error_codes":[-5]})"})
        EXPECT_EQ(refresh(400, odd).error().nativeCode, "invalid_grant");
}

TEST_F(TokenEndpoint, AnIdTokenIsHandedOnAndNeverStored)
{
    auto set = redeem(200, R"({"access_token":"A","token_type":"bearer","refresh_token":"R","id_token":"a.b.c"})");
    ASSERT_TRUE(set) << describe(set.error());
    EXPECT_EQ(set->idToken, "a.b.c");
    EXPECT_EQ(set->toJson().find("a.b.c"), std::string::npos);
    auto odd = redeem(200, R"({"access_token":"A","token_type":"bearer","refresh_token":"R","id_token":"a b"})");
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->idToken, "");
}

TEST(OAuth, PkceIsRfc7636)
{
    const Pkce pkce = makePkce();
    EXPECT_EQ(pkce.verifier.size(), 43U);
    std::string digest(32, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char *>(digest.data()),
                       reinterpret_cast<const unsigned char *>(pkce.verifier.data()), pkce.verifier.size());
    EXPECT_EQ(pkce.challenge, toBase64Url(digest));
    std::set<std::string> verifiers;
    for (int i = 0; i < 100; ++i)
        verifiers.insert(makePkce().verifier);
    EXPECT_EQ(verifiers.size(), 100U);
}

TEST(OAuth, TheAuthorizationUrlAsksForARefreshTokenAndHidesNothing)
{
    Pkce pkce{"verifier", "challenge"};
    const std::string url = authorizeUrl(spec(), {"client", "hush"}, "http://127.0.0.1:1/cb?a=b", "st&te", pkce);
    EXPECT_EQ(url, "https://www.dropbox.com/oauth2/authorize?response_type=code&client_id=client"
                   "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb%3Fa%3Db&state=st%26te"
                   "&scope=account_info.read%20files.metadata.read%20files.content.read%20files.content.write"
                   "&code_challenge=challenge&code_challenge_method=S256&token_access_type=offline");
}

TEST_F(TokenEndpoint, ACodeIsRedeemed)
{
    auto set = redeem(200, kGood);
    ASSERT_TRUE(set) << describe(set.error());
    EXPECT_EQ(set->accessToken, "sl.A");
    EXPECT_EQ(set->refreshToken, "R");
    EXPECT_EQ(set->accessExpires, kNow + std::chrono::hours(4));
    EXPECT_EQ(http.request.url, "https://api.dropboxapi.com/oauth2/token");
    EXPECT_FALSE(http.request.signIt);
    EXPECT_FALSE(http.request.repeatable); // a code works once
    EXPECT_EQ(http.request.body, "grant_type=authorization_code&code=the-code&redirect_uri=https%3A%2F%2Fp.example%2Fcb"
                                 "&code_verifier=verifier&client_id=client");
}

TEST_F(TokenEndpoint, TheSecretIsSentWhereTheCloudNeedsIt)
{
    OAuthSpec secretive = spec();
    secretive.secretNeeded = true;
    http.reply = {200, {}, kGood};
    ASSERT_TRUE(redeemCode(http, secretive, {"client", "s&t"}, "c", "r", "v", kNow, {}));
    EXPECT_NE(http.request.body.find("&client_secret=s%26t"), std::string::npos);
}

TEST_F(TokenEndpoint, ARefreshKeepsWhatTheCloudDoesNotRepeat)
{
    auto set = refresh(200, R"({"access_token":"sl.B","token_type":"Bearer","expires_in":60})");
    ASSERT_TRUE(set);
    EXPECT_EQ(set->accessToken, "sl.B");
    EXPECT_EQ(set->refreshToken, "old-refresh");
    EXPECT_EQ(set->scope, "old-scope");
    EXPECT_EQ(http.request.body, "grant_type=refresh_token&refresh_token=old-refresh&client_id=client");
    auto rotated = refresh(200, kGood);
    ASSERT_TRUE(rotated);
    EXPECT_EQ(rotated->refreshToken, "R");
}

TEST_F(TokenEndpoint, ADeadGrantAsksToSignInAgain)
{
    auto set = refresh(400, R"({"error":"invalid_grant","error_description":"hush"})");
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, Errc::Unauthenticated);
    EXPECT_EQ(set.error().nativeCode, "invalid_grant");
    EXPECT_EQ(describe(set.error()).find("hush"), std::string::npos);
    EXPECT_EQ(refreshTokens(http, spec(), {}, {}, kNow, {}).error().code, Errc::Unauthenticated);
}

TEST_F(TokenEndpoint, RefusalsAreTellingApart)
{
    EXPECT_EQ(refresh(400, R"({"error":"invalid_client"})").error().code, Errc::PermissionDenied);
    EXPECT_EQ(refresh(401, R"({"error":"invalid_client"})").error().code, Errc::PermissionDenied);
    EXPECT_EQ(refresh(503, "busy").error().code, Errc::Unavailable);
    EXPECT_EQ(refresh(429, "").error().code, Errc::RateLimited);
    EXPECT_EQ(refresh(404, "<html>").error().code, Errc::BadReply);
    EXPECT_EQ(refresh(302, "").error().code, Errc::BadReply);
    // A word that is no word does not get into the log.
    auto odd = refresh(400, R"({"error":"access_token=hush"})");
    EXPECT_EQ(odd.error().nativeCode, "");
}

TEST_F(TokenEndpoint, OnlyAWholeReplyIsTaken)
{
    for (const char *body : {
             "", "null", "[]", "access_token=a&token_type=bearer",
             R"({"token_type":"bearer","expires_in":1,"refresh_token":"R"})",
             R"({"access_token":"","token_type":"bearer","refresh_token":"R"})",
             R"({"access_token":"a\r\nX: y","token_type":"bearer","refresh_token":"R"})",
             R"({"access_token":"a b","token_type":"bearer","refresh_token":"R"})",
             R"({"access_token":"ü","token_type":"bearer","refresh_token":"R"})",
             R"({"access_token":7,"token_type":"bearer","refresh_token":"R"})",
             R"({"access_token":"a","refresh_token":"R"})",
             R"({"access_token":"a","token_type":"mac","refresh_token":"R"})",
             R"({"access_token":"a","token_type":"bearer","refresh_token":"R","expires_in":0})",
             R"({"access_token":"a","token_type":"bearer","refresh_token":"R","expires_in":-1})",
             R"({"access_token":"a","token_type":"bearer","refresh_token":"R","expires_in":"soon"})",
             R"({"access_token":"a","token_type":"bearer","refresh_token":"R","expires_in":1e300})",
             R"({"access_token":"a","token_type":"bearer","expires_in":60})", // no refresh token
         }) {
        auto set = redeem(200, body);
        ASSERT_FALSE(set) << body;
        EXPECT_EQ(set.error().code, Errc::BadReply) << body;
    }
}

TEST(TokenSet, SurvivesBeingStored)
{
    TokenSet set{"access", "refresh", kNow, "a b"};
    auto back = TokenSet::fromJson(set.toJson());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->accessToken, "access");
    EXPECT_EQ(back->refreshToken, "refresh");
    EXPECT_EQ(back->accessExpires, kNow);
    EXPECT_EQ(back->scope, "a b");
    for (const char *text : {"", "{}", "[]", "7", R"({"access_token":"a\nb"})"})
        EXPECT_FALSE(TokenSet::fromJson(text)) << text;
}

TEST(Registry, ListsDropboxAndFindsByIdOnly)
{
    ASSERT_FALSE(allProviders().empty());
    const ProviderInfo *info = findProvider("dropbox");
    ASSERT_NE(info, nullptr);
    EXPECT_EQ(info->title, "Dropbox");
    EXPECT_EQ(findProvider("Dropbox"), nullptr);
    EXPECT_EQ(findProvider(""), nullptr);
    for (const auto &[key, base] : info->endpoints)
        EXPECT_EQ(base.rfind("https://", 0), 0U) << key;
    ProviderEndpoints sandbox;
    for (const auto &[key, base] : info->endpoints)
        sandbox.base[key] = "http://127.0.0.1:1/dropbox";
    EXPECT_EQ(info->oauthFor(sandbox).tokenUrl, "http://127.0.0.1:1/dropbox/oauth2/token");
    EXPECT_EQ(info->oauthFor(sandbox).authorizeUrl, "http://127.0.0.1:1/dropbox/oauth2/authorize");
    EXPECT_FALSE(info->oauth.secretNeeded);
}

TEST(OAuth, AnOptionalSecretIsSentOnlyByClientsThatHaveOne)
{
    OneReply http;
    http.reply = {200, {}, kGood};
    OAuthSpec both = spec();
    both.secretNeeded = false;
    both.secretOptional = true;
    TokenSet old;
    old.refreshToken = "r";
    ASSERT_TRUE(refreshTokens(http, both, {"client", ""}, old, kNow, {}));
    EXPECT_EQ(http.request.body.find("client_secret"), std::string::npos) << "a public client must not send one";
    ASSERT_TRUE(refreshTokens(http, both, {"client", "s3cret"}, old, kNow, {}));
    EXPECT_NE(http.request.body.find("client_secret=s3cret"), std::string::npos);
}

TEST(OAuth, AGrantEndsByItsRefreshToken)
{
    OneReply http;
    OAuthSpec ends = spec();
    ends.secretNeeded = true;
    TokenSet tokens;
    tokens.accessToken = "a";
    tokens.refreshToken = "r";
    EXPECT_EQ(revokeTokens(http, ends, {"client", "s"}, tokens, kNow, {}).error().code, Errc::Unsupported);
    ends.revokeUrl = "https://cloud.example/revoke";
    http.reply = {200, {}, ""};
    ASSERT_TRUE(revokeTokens(http, ends, {"client", "s"}, tokens, kNow, {}));
    EXPECT_EQ(http.request.url, "https://cloud.example/revoke");
    EXPECT_EQ(http.request.body, "token=r&client_id=client&client_secret=s");
    http.reply = {400, {}, R"({"error":"invalid_token"})"};
    EXPECT_TRUE(revokeTokens(http, ends, {"client", "s"}, tokens, kNow, {})) << "it has ended already";
    http.reply = {503, {}, ""};
    EXPECT_EQ(revokeTokens(http, ends, {"client", "s"}, tokens, kNow, {}).error().code, Errc::Unavailable);
    http.reply = {400, {}, R"({"error":"invalid_client"})"};
    EXPECT_EQ(revokeTokens(http, ends, {"client", "s"}, tokens, kNow, {}).error().code, Errc::PermissionDenied);
}

TEST(OAuth, APasswordIsPresentedAsBasicAndKeepsItsServer)
{
    TokenSet set;
    set.scheme = TokenSet::Scheme::Basic;
    set.user = "Aladdin";
    set.accessToken = "open sesame";
    set.server = "https://cloud.example";
    EXPECT_EQ(set.authorization(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="); // RFC 7617's example
    auto back = TokenSet::fromJson(set.toJson());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->authorization(), set.authorization());
    EXPECT_EQ(back->server, "https://cloud.example");
    set.user = "Ala:ddin"; // would be read as the user Ala
    EXPECT_FALSE(TokenSet::fromJson(set.toJson()));
    set.user = "Aladdin";
    set.accessToken = "line\nbreak";
    EXPECT_FALSE(TokenSet::fromJson(set.toJson()));
    TokenSet bearer;
    bearer.accessToken = "a";
    EXPECT_EQ(bearer.authorization(), "Bearer a");
    EXPECT_EQ(TokenSet::fromJson(bearer.toJson())->scheme, TokenSet::Scheme::Bearer);
}

} // namespace
} // namespace connector
