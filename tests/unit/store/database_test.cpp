// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace connector {
namespace {

constexpr Migration kFirst[] = {{1, "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE);"}};
constexpr Migration kSecond[] = {{1, "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE);"},
                                 {2, "ALTER TABLE item ADD COLUMN size INTEGER NOT NULL DEFAULT 7;"}};

std::int64_t count(Database &db)
{
    std::int64_t n = -1;
    EXPECT_TRUE(db.run("SELECT count(*) FROM item", {}, [&](const Row &row) { n = row.integer(0); }));
    return n;
}

TEST(Database, KeepsTextWithNulAndEmojiAsItWas)
{
    test::TempFolder folder;
    auto db = Database::open(folder / "a.db", kFirst);
    ASSERT_TRUE(db);
    const std::string odd = std::string("a\0b", 3) + "🖨";
    ASSERT_TRUE(db->run("INSERT INTO item (name) VALUES (?)", {odd}));
    std::string back;
    ASSERT_TRUE(db->run("SELECT name FROM item", {}, [&](const Row &row) { back = row.text(0); }));
    EXPECT_EQ(back, odd);
}

TEST(Database, AFailedTransactionLeavesNothing)
{
    test::TempFolder folder;
    auto db = Database::open(folder / "a.db", kFirst);
    ASSERT_TRUE(db);
    auto r = db->transaction([&]() -> Result<void> {
        EXPECT_TRUE(db->run("INSERT INTO item (name) VALUES ('x')"));
        return Error{Errc::Busy, "no"};
    });
    EXPECT_FALSE(r);
    EXPECT_EQ(count(*db), 0);
}

TEST(Database, AViolatedUniquenessIsAConflict)
{
    test::TempFolder folder;
    auto db = Database::open(folder / "a.db", kFirst);
    ASSERT_TRUE(db);
    ASSERT_TRUE(db->run("INSERT INTO item (name) VALUES ('x')"));
    auto r = db->run("INSERT INTO item (name) VALUES ('x')");
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code, Errc::Conflict);
}

TEST(Database, MigratesAnOldFileAndRefusesANewerOne)
{
    test::TempFolder folder;
    {
        auto db = Database::open(folder / "a.db", kFirst);
        ASSERT_TRUE(db);
        ASSERT_TRUE(db->run("INSERT INTO item (name) VALUES ('old')"));
    }
    {
        auto db = Database::open(folder / "a.db", kSecond);
        ASSERT_TRUE(db);
        std::int64_t size = 0;
        ASSERT_TRUE(db->run("SELECT size FROM item", {}, [&](const Row &row) { size = row.integer(0); }));
        EXPECT_EQ(size, 7);
    }
    auto older = Database::open(folder / "a.db", kFirst);
    ASSERT_FALSE(older);
    EXPECT_EQ(stableCode(older.error()), "store-newer");
}

TEST(Database, AFileOfRubbishIsNamedAsDamaged)
{
    test::TempFolder folder;
    std::ofstream(folder / "a.db") << std::string(8192, 'x');
    auto db = Database::open(folder / "a.db", kFirst);
    ASSERT_FALSE(db);
    EXPECT_EQ(stableCode(db.error()), "store-damaged");
}

TEST(Database, IsReadableByItsOwnerAlone)
{
    test::TempFolder folder;
    auto db = Database::open(folder / "a.db", kFirst);
    ASSERT_TRUE(db);
    struct stat st {};
    ASSERT_EQ(::stat((folder / "a.db").c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 0777U, 0600U);
}

// A process that dies just before any commit leaves exactly what was committed before.
TEST(Database, ADeathAtAnyCommitKeepsWhatWasCommitted)
{
    for (int n = 1; n <= 5; ++n) {
        test::TempFolder folder;
        const pid_t pid = ::fork();
        if (pid == 0) {
            auto db = Database::open(folder / "a.db", kFirst); // the migration is a commit of its own, without the hook
            db->onCommit([&](int number, Database::CommitPhase phase) {
                if (number == n && phase == Database::CommitPhase::Before)
                    ::_exit(9);
            });
            for (int i = 0; i < 10; ++i)
                (void)db->transaction(
                    [&] { return db->run("INSERT INTO item (name) VALUES (?)", {std::to_string(i)}); });
            ::_exit(0);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(pid, &status, 0), pid);
        ASSERT_EQ(WEXITSTATUS(status), 9);
        auto db = Database::open(folder / "a.db", kFirst);
        ASSERT_TRUE(db);
        EXPECT_EQ(count(*db), n - 1);
    }
}

} // namespace
} // namespace connector
