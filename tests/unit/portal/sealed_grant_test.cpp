// SPDX-License-Identifier: Apache-2.0
#include "core/random.h"
#include "profiles/sealed_grant.h"

#include <gtest/gtest.h>
#include <sodium.h>

namespace connector {
namespace {

Grant sample()
{
    Grant grant{"dropbox", "client-1", {"access-secret", "refresh-secret", fromUnix(1'800'000'000), "files"}, {}};
    grant.account.id = "dbid:1";
    grant.account.name = "Mara Lind";
    grant.account.email = "mara.lind@example.org";
    grant.account.emailVerified = true;
    return grant;
}

std::string sealText(const std::string &plain, const KeyPair &pair)
{
    std::string box(plain.size() + crypto_box_SEALBYTES, '\0');
    crypto_box_seal(reinterpret_cast<unsigned char *>(box.data()),
                    reinterpret_cast<const unsigned char *>(plain.data()), plain.size(),
                    reinterpret_cast<const unsigned char *>(pair.publicKey.data()));
    return box;
}

TEST(SealedGrant, OpensForItsDeviceWithAllThatWasPutIn)
{
    const KeyPair pair = makeKeyPair();
    const auto box = sealGrant(sample(), pair.publicKey);
    ASSERT_TRUE(box);
    EXPECT_EQ(box->find("secret"), std::string::npos);
    EXPECT_EQ(box->find("mara"), std::string::npos);
    const auto grant = openSealed(*box, pair, "dropbox");
    ASSERT_TRUE(grant) << describe(grant.error());
    EXPECT_EQ(grant->clientId, "client-1");
    EXPECT_EQ(grant->tokens.accessToken, "access-secret");
    EXPECT_EQ(grant->tokens.refreshToken, "refresh-secret");
    EXPECT_EQ(grant->account.email, "mara.lind@example.org");
    EXPECT_TRUE(grant->account.emailVerified);
}

TEST(SealedGrant, StaysClosedForAnotherDeviceOrAnotherProvider)
{
    const KeyPair pair = makeKeyPair();
    const auto box = sealGrant(sample(), pair.publicKey);
    ASSERT_TRUE(box);
    const auto other = openSealed(*box, makeKeyPair(), "dropbox");
    ASSERT_FALSE(other);
    EXPECT_EQ(stableCode(other.error()), "portal-bad-reply");
    const auto mixed = openSealed(*box, pair, "box");
    ASSERT_FALSE(mixed);
    EXPECT_EQ(stableCode(mixed.error()), "portal-bad-reply");
}

TEST(SealedGrant, AnyChangedByteIsNoticed)
{
    const KeyPair pair = makeKeyPair();
    const auto box = sealGrant(sample(), pair.publicKey);
    ASSERT_TRUE(box);
    for (std::size_t at = 0; at < box->size(); at += 7) {
        std::string changed = *box;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_FALSE(openSealed(changed, pair, "dropbox")) << at;
    }
    for (std::size_t size = 0; size < box->size(); size += 11)
        EXPECT_FALSE(openSealed(box->substr(0, size), pair, "dropbox")) << size;
}

TEST(SealedGrant, RubbishInAGenuineBoxIsRefused)
{
    const KeyPair pair = makeKeyPair();
    for (
        const std::string &plain :
        {std::string("x"), std::string("[]"), std::string("{}"), std::string(R"({"format":2})"),
         std::string(R"({"format":"1"})"),
         std::string(R"({"format":1,"provider":"dropbox","clientId":"c","tokens":"{}","account":{}})"),
         std::string(
             R"({"format":1,"provider":"dropbox","clientId":"c","tokens":7,"account":{"id":"","name":"","email":"","emailVerified":true}})"),
         std::string(
             R"({"format":1,"provider":"dropbox","clientId":"c","tokens":"[1]","account":{"id":"","name":"","email":"","emailVerified":true}})"),
         std::string(200, '[')}) {
        const auto grant = openSealed(sealText(plain, pair), pair, "dropbox");
        ASSERT_FALSE(grant) << plain;
        EXPECT_EQ(stableCode(grant.error()), "portal-bad-reply");
    }
    EXPECT_FALSE(openSealed(std::string(kLargestSealedGrant + 1, 'x'), pair, "dropbox"));
    EXPECT_FALSE(openSealed(randomBytes(500), KeyPair{"short", "short"}, "dropbox"));
}

} // namespace
} // namespace connector
