// SPDX-License-Identifier: Apache-2.0
#include "core/files.h"
#include "store/schema.h"
#include "store/vault.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

namespace connector {
namespace {

struct OpenedVault {
    Database db;
    Vault vault;
    OpenedVault(const test::TempFolder &folder, const std::string &key)
        : db(*Database::open(folder / "v.db", serviceSchema())), vault(db, *MasterKey::load(folder / key))
    {
    }
};

TEST(Vault, ReadsBackWhatItSealedAlsoAfterReopening)
{
    test::TempFolder folder;
    ASSERT_TRUE(OpenedVault(folder, "key").vault.put("p1", "tokens", "secret-one"));
    OpenedVault again(folder, "key");
    auto got = again.vault.get("p1", "tokens");
    ASSERT_TRUE(got);
    EXPECT_EQ(got->value_or(""), "secret-one");
    EXPECT_EQ(*again.vault.get("p1", "other"), std::nullopt);
    EXPECT_EQ(*again.vault.get("p2", "tokens"), std::nullopt);
}

TEST(Vault, NothingReadableIsInTheFile)
{
    test::TempFolder folder;
    {
        OpenedVault o(folder, "key");
        ASSERT_TRUE(o.vault.put("p1", "tokens", "needle-in-the-file"));
    }
    for (const auto &file : std::filesystem::directory_iterator(folder.path()))
        EXPECT_EQ(readFile(file.path())->find("needle-in-the-file"), std::string::npos);
}

TEST(Vault, AnotherMasterKeyOpensNothing)
{
    test::TempFolder folder;
    ASSERT_TRUE(OpenedVault(folder, "key").vault.put("p1", "tokens", "secret"));
    OpenedVault thief(folder, "other-key");
    auto got = thief.vault.get("p1", "tokens");
    ASSERT_FALSE(got);
    EXPECT_EQ(stableCode(got.error()), "secret-unreadable");
}

TEST(Vault, ASealedValueCannotBeMovedToAnotherName)
{
    test::TempFolder folder;
    OpenedVault o(folder, "key");
    ASSERT_TRUE(o.vault.put("p1", "a", "secret"));
    ASSERT_TRUE(o.db.run("UPDATE vault_secret SET name='b'"));
    EXPECT_FALSE(o.vault.get("p1", "b"));
}

TEST(Vault, ForgettingAnOwnerDropsKeyAndSecrets)
{
    test::TempFolder folder;
    OpenedVault o(folder, "key");
    ASSERT_TRUE(o.vault.put("p1", "a", "secret"));
    ASSERT_TRUE(o.vault.forget("p1"));
    EXPECT_EQ(*o.vault.get("p1", "a"), std::nullopt);
}

TEST(MasterKey, ADamagedKeyFileIsRefusedAndKept)
{
    test::TempFolder folder;
    ASSERT_TRUE(writeFileDurably(folder / "key", "short"));
    EXPECT_FALSE(MasterKey::load(folder / "key"));
    EXPECT_EQ(*readFile(folder / "key"), "short");
}

} // namespace
} // namespace connector
