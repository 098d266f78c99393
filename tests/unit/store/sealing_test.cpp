// SPDX-License-Identifier: Apache-2.0
#include "core/files.h"
#include "store/audit_table.h"
#include "store/job_table.h"
#include "store/person_table.h"
#include "store/profile_table.h"
#include "store/schema.h"
#include "store/shortcut_table.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace connector {
namespace {

using namespace std::string_literals;

const std::string kDetail = R"({"name":"Termination.pdf","folderName":"/Works council"})";

// What a thief of the database searches for; the files are read as they lie there while the service runs.
std::string foundIn(const test::TempFolder &folder)
{
    std::string found;
    for (const auto &file : std::filesystem::directory_iterator(folder.path())) {
        const std::string bytes = *readFile(file.path(), std::size_t{1} << 26);
        for (const char *text : {"Termination", "Works council", "Mara", "mara", "account-1", "Letters", "letters",
                                 "file:77", "photo paper", "Chief's note"})
            if (bytes.find(text) != std::string::npos)
                found += std::string(text) + ",";
    }
    return found;
}

struct Opened {
    Database db;
    Vault vault;
    explicit Opened(const test::TempFolder &folder, const std::string &key = "key")
        : db(*Database::open(folder / "s.db", serviceSchema())), vault(db, *MasterKey::load(folder / key))
    {
    }
    std::int64_t number(const std::string &sql)
    {
        std::int64_t n = -1;
        EXPECT_TRUE(db.run(sql, {}, [&](const Row &row) { n = row.integer(0); }));
        return n;
    }
};

JobRow job(const std::string &id)
{
    JobRow row;
    row.id = id;
    row.owner = "guest";
    row.kind = "print";
    row.state = "pending";
    row.detail = kDetail;
    return row;
}

ProfileRow profile(const std::string &id, const std::string &name)
{
    ProfileRow row;
    row.id = id;
    row.owner = "guest";
    row.provider = "box";
    row.name = name;
    row.state = "ready";
    return row;
}

TEST(Sealing, NoNameOfAJobIsInTheDatabasesFiles)
{
    test::TempFolder folder;
    Opened o(folder);
    JobTable jobs(o.db, o.vault);
    ASSERT_TRUE(jobs.insert(job("j1")));
    EXPECT_EQ(foundIn(folder), "");
    ASSERT_TRUE(jobs.update(job("j1")));
    EXPECT_EQ(foundIn(folder), "");
    EXPECT_EQ(jobs.all()->front().detail, kDetail);
}

TEST(Sealing, WhatIsMovedToAnotherRowOrComesFromAnotherDeviceDoesNotOpen)
{
    test::TempFolder folder;
    Opened o(folder);
    JobTable jobs(o.db, o.vault);
    ASSERT_TRUE(jobs.insert(job("j1")));
    EXPECT_EQ(JobTable(o.db, Opened(folder, "other-key").vault).all()->front().detail, "");
    ASSERT_TRUE(o.db.run("UPDATE job SET id='j2'"));
    EXPECT_EQ(jobs.all()->front().detail, "");
    ASSERT_TRUE(o.db.run("UPDATE job SET detail=?", {kDetail}));
    EXPECT_EQ(jobs.all()->front().detail, "") << "plain text is not taken for sealed";

    ProfileTable profiles(o.db, o.vault);
    ASSERT_TRUE(profiles.insert(profile("p1", "Mara")));
    ASSERT_TRUE(profiles.insert(profile("p2", "Jon")));
    ASSERT_TRUE(o.db.run("UPDATE profile SET name=(SELECT name FROM profile WHERE id='p1') WHERE id='p2'"));
    const auto moved = profiles.find("p2");
    ASSERT_FALSE(moved);
    EXPECT_EQ(stableCode(moved.error()), "secret-unreadable");
}

TEST(Sealing, SealedNamesAreTakenForTheSameAndSortedAsNamesAre)
{
    test::TempFolder folder;
    Opened o(folder);
    ProfileTable profiles(o.db, o.vault);
    for (const char *name : {"zoe", "Émile", "Anna", "bert"})
        ASSERT_TRUE(profiles.insert(profile(name, name)));
    const auto again = profiles.insert(profile("another", "ANNA"));
    ASSERT_FALSE(again);
    EXPECT_EQ(stableCode(again.error()), "name-taken");
    ProfileRow others = profile("another", "Anna");
    others.owner = "person:1";
    EXPECT_TRUE(profiles.insert(others)) << "each owner has names of their own";
    std::string names;
    const auto sorted = profiles.list("guest");
    ASSERT_TRUE(sorted);
    for (const ProfileRow &row : *sorted)
        names += row.name + " ";
    EXPECT_EQ(names, "Anna bert zoe Émile ");
    EXPECT_EQ(o.number("SELECT count(DISTINCT name_key) FROM profile"), 5) << "not even that two have one name";

    PersonTable people(o.db, o.vault);
    PersonRow mara;
    mara.id = "m";
    mara.name = "Mara Lind";
    mara.nameKey = nameKey(mara.name);
    ASSERT_TRUE(people.put(mara));
    EXPECT_EQ((*people.findOwnName("mara lind"))->name, "Mara Lind");
    mara.id = "n";
    EXPECT_EQ(people.put(mara).error().code, Errc::Conflict);
}

// A database as it was before names were sealed: long in use, with its text in free places, too.
void writeOld(const test::TempFolder &folder)
{
    auto db = Database::open(folder / "s.db", serviceSchema().first(5));
    ASSERT_TRUE(db);
    ASSERT_TRUE(db->transaction([&]() -> Result<void> {
        Result<void> r;
        for (int i = 0; r && i < 300; ++i)
            r = db->run("INSERT INTO job (id, owner, kind, state, detail, created_at) "
                        "VALUES (?,'guest','print','completed',?,0)",
                        {"j" + std::to_string(i), kDetail});
        for (const char *sql :
             {"INSERT INTO profile (id, owner, provider, name, name_key, state, account_id, account_email, created_at) "
              "VALUES ('p1', 'guest', 'box', 'Mara', 'mara', 'ready', 'account-1', 'Mara@example.org', 1)",
              "INSERT INTO profile (id, owner, provider, name, name_key, state, created_at) "
              "VALUES ('p2', 'guest', 'box', 'Jon', 'jon', 'pending', 1)",
              "INSERT INTO shortcut VALUES ('s1', 'guest', 'p1', 'print', 'Letters', 'letters', 'file:77', "
              "'Termination.pdf', '{\"media\":\"photo paper\"}', 0, '', 1, NULL)",
              "INSERT INTO person (id, name, name_key, source, created_at) "
              "VALUES ('m', 'Mara Lind', 'mara lind', 'own', 1)",
              "INSERT INTO audit (at, what, who, who_name, face, subject, outcome, detail) "
              "VALUES (1, 'session.began', 'person:m', 'Mara Lind', 'panel', 'm', 'ok', '{\"x\":\"Chief''s note\"}')"})
            if (r)
                r = db->run(sql);
        return r;
    }));
    ASSERT_TRUE(db->run("DELETE FROM job WHERE number % 3 = 0"));
}

void expectSealed(const test::TempFolder &folder)
{
    Opened o(folder);
    ASSERT_TRUE(sealOldRows(o.db, o.vault));
    EXPECT_EQ(foundIn(folder), "");
    EXPECT_EQ(o.number("SELECT count(*) FROM unsealed"), 0);
    const auto rows = JobTable(o.db, o.vault).all();
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->size(), 200U);
    for (const JobRow &row : *rows)
        EXPECT_EQ(row.detail, kDetail);

    ProfileTable profiles(o.db, o.vault);
    const ProfileRow mara = **profiles.find("p1");
    EXPECT_EQ(mara.name + *mara.accountId + *mara.accountEmail, "Maraaccount-1Mara@example.org");
    EXPECT_EQ((*profiles.find("p2"))->accountEmail, std::nullopt);
    EXPECT_FALSE(profiles.insert(profile("p3", "mara"))) << "the name is still taken";
    const ShortcutRow letters = ShortcutTable(o.db, o.vault).list("guest")->at(0);
    EXPECT_EQ(letters.name + letters.target + letters.targetName + letters.wish,
              "Lettersfile:77Termination.pdf{\"media\":\"photo paper\"}");
    EXPECT_EQ((*PersonTable(o.db, o.vault).findOwnName("mara lind"))->name, "Mara Lind");
    const AuditRow began = AuditTable(o.db, o.vault).newest(INT64_MAX, 1, "")->at(0);
    EXPECT_EQ(began.whoName + began.detail, "Mara Lind{\"x\":\"Chief's note\"}");
}

TEST(Sealing, RowsOfAnOlderVersionAreSealedOnceAndLeaveNoTrace)
{
    test::TempFolder folder;
    writeOld(folder);
    EXPECT_NE(foundIn(folder), "");
    expectSealed(folder);
    Opened again(folder);
    EXPECT_TRUE(sealOldRows(again.db, again.vault)) << "and a second start has nothing to do";
}

TEST(Sealing, ADeathInTheMiddleIsMadeGoodAtTheNextStart)
{
    for (const auto deathPhase : {Database::CommitPhase::Before, Database::CommitPhase::After}) {
        test::TempFolder folder;
        writeOld(folder);
        const pid_t child = ::fork();
        if (child == 0) {
            Opened o(folder);
            o.db.onCommit([&](int, Database::CommitPhase phase) {
                if (phase == deathPhase)
                    ::_exit(7);
            });
            (void)sealOldRows(o.db, o.vault);
            ::_exit(0);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_EQ(WEXITSTATUS(status), 7);
        EXPECT_NE(foundIn(folder), "") << "there is something to make good";
        expectSealed(folder);
    }
}

TEST(Sealing, ADamagedProfileOrShortcutHidesNoOther)
{
    test::TempFolder folder;
    Opened o(folder);
    ProfileTable profiles(o.db, o.vault);
    ShortcutTable shortcuts(o.db, o.vault);
    for (const char *id : {"p1", "p2", "p3"}) {
        ASSERT_TRUE(profiles.insert(profile(id, id)));
        ShortcutRow shortcut;
        shortcut.id = "s-"s + id;
        shortcut.owner = "guest";
        shortcut.profile = "p1";
        shortcut.kind = "print";
        shortcut.name = id;
        ASSERT_TRUE(shortcuts.insert(shortcut));
    }
    ASSERT_TRUE(o.db.run("UPDATE profile SET name=zeroblob(60) WHERE id='p2'"));
    ASSERT_TRUE(o.db.run("UPDATE shortcut SET target=zeroblob(60) WHERE id='s-p2'"));
    const auto ids = [](const auto &rows) {
        std::string all;
        if (rows)
            for (const auto &row : *rows)
                all += row.id + " ";
        return all;
    };
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(ids(profiles.list("guest")), "p1 p3 ");
    EXPECT_NE(::testing::internal::GetCapturedStderr().find("connectorctl profiles delete p2\""), std::string::npos);
    EXPECT_EQ(ids(profiles.list("guest", Damaged::Kept)), "p2 p1 p3 ") << "by name; its own is none";
    EXPECT_EQ(ids(profiles.all()), "p1 p3 ");
    EXPECT_EQ(ids(shortcuts.list("guest")), "s-p1 s-p3 ");
    EXPECT_EQ(ids(shortcuts.ofProfile("p1")), "s-p1 s-p3 ");
    EXPECT_EQ(stableCode(profiles.find("p2").error()), "secret-unreadable");
    EXPECT_EQ((**profiles.find("p2", Damaged::Kept)).owner, "guest");
}

TEST(Sealing, ADamagedEntryDoesNotHideTheAuditLog)
{
    test::TempFolder folder;
    Opened o(folder);
    AuditTable audit(o.db, o.vault);
    for (const char *what : {"job.begun", "job.ended"}) {
        AuditRow row;
        row.what = what;
        row.whoName = "Mara Lind";
        ASSERT_TRUE(audit.add(row));
    }
    ASSERT_TRUE(o.db.run("UPDATE audit SET who_name=zeroblob(60), detail='{}' WHERE what='job.begun'"));
    const auto rows = audit.newest(INT64_MAX, 10, "");
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->at(0).whoName, "Mara Lind");
    EXPECT_EQ(rows->at(1).whoName + rows->at(1).detail, R"({"damaged":true})");
}

} // namespace
} // namespace connector
