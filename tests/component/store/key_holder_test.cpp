// SPDX-License-Identifier: Apache-2.0
// Who holds the master key: what opens, what does not, and that nothing is lost or made anew.
#include "core/files.h"
#include "store/key_holder.h"
#include "store/person_table.h"
#include "store/schema.h"
#include "support/swtpm.h"
#include "tests/support/temp_folder.h"

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <map>
#include <optional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace connector::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using Kind = KeyHolder::Kind;

constexpr const char *kToken = "known-token-of-a-cloud";

// A device's state folder, whoever holds its key.
struct Station {
    TempFolder folder;

    std::filesystem::path state() const { return folder / "state"; }
    std::filesystem::path keyFile() const { return state() / kKeyFile; }
    std::filesystem::path sealedFile() const { return state() / kSealedKeyFile; }

    Database database() const
    {
        EXPECT_TRUE(makePrivateFolder(state()));
        return *Database::open(state() / "state.db", serviceSchema());
    }
    // One life of the service: its stable code, or "" and the token that it finds ("" where there is none).
    struct Life {
        std::string code;
        std::string token;
    };
    Life live(const KeyHolder &holder, bool store = false) const
    {
        Database db = database();
        auto key = openMasterKey(holder, state(), db);
        if (!key)
            return {stableCode(key.error()), ""};
        Vault vault(db, *std::move(key));
        if (store) {
            EXPECT_TRUE(vault.put("p1", "tokens", kToken));
        }
        const auto token = vault.get("p1", "tokens");
        return token ? Life{"", token->value_or("")} : Life{stableCode(token.error()), ""};
    }
    std::string move(const KeyHolder &holder, const std::function<void()> &step = {}) const
    {
        Database db = database();
        const auto moved = moveMasterKeyIntoTpm(holder, state(), db, step);
        return moved ? "" : stableCode(moved.error());
    }
    // What a thief of the disk takes along.
    void copyTo(const Station &other) const
    {
        std::filesystem::copy(state(), other.state(), std::filesystem::copy_options::recursive);
    }
    // All that is kept: the files but the database's, and its rows that are sealed.
    std::map<std::string, std::string> kept() const
    {
        std::map<std::string, std::string> out;
        for (const auto &file : std::filesystem::directory_iterator(state()))
            if (file.path().filename().string().rfind("state.db", 0) != 0)
                out[file.path().filename()] = *readFile(file.path());
        Database db = database();
        EXPECT_TRUE(db.run("SELECT owner, wrapped FROM vault_key", {},
                           [&](const Row &row) { out["key of " + row.text(0)] = row.text(1); }));
        EXPECT_TRUE(db.run("SELECT owner || name, sealed FROM vault_secret", {},
                           [&](const Row &row) { out["secret of " + row.text(0)] = row.text(1); }));
        return out;
    }
};

KeyHolder file()
{
    return {};
}

KeyHolder tpmAt(const Swtpm &tpm)
{
    return {Kind::Tpm, tpm.tcti()};
}

// $CREDENTIALS_DIRECTORY as systemd sets it for a unit, for as long as it lives.
class Credential {
public:
    explicit Credential(const std::string &key)
    {
        EXPECT_TRUE(writeFileDurably(m_folder / "master-key", key));
        ::setenv("CREDENTIALS_DIRECTORY", m_folder.path().c_str(), 1);
    }
    Credential(const Credential &) = delete;
    Credential &operator=(const Credential &) = delete;
    ~Credential() { ::unsetenv("CREDENTIALS_DIRECTORY"); }

private:
    TempFolder m_folder;
};

TEST(KeyHolder, ATpmHoldsTheKeyFromTheFirstStartOnAndNoFileHasIt)
{
    Station station;
    TempFolder machine;
    {
        const Swtpm tpm(machine / "tpm");
        EXPECT_EQ(station.live(tpmAt(tpm), true).token, kToken);
        EXPECT_FALSE(std::filesystem::exists(station.keyFile()));
        Database db = station.database();
        const auto key = openMasterKey(tpmAt(tpm), station.state(), db);
        ASSERT_TRUE(key);
        for (const auto &entry : std::filesystem::directory_iterator(station.state()))
            EXPECT_THAT(*readFile(entry.path()), Not(HasSubstr(std::string(key->view())))) << entry.path();
    }
    const Swtpm again(machine / "tpm");
    EXPECT_EQ(station.live(tpmAt(again)).token, kToken) << "after a restart of machine and service";
}

TEST(KeyHolder, ACopiedDiskOpensNothingInAnotherMachineAndIsLeftAsItIs)
{
    Station station;
    Station stolen;
    TempFolder machine;
    const Swtpm tpm(machine / "tpm");
    const Swtpm other(machine / "other");
    ASSERT_EQ(station.live(tpmAt(tpm), true).token, kToken);
    station.copyTo(stolen);
    const auto before = stolen.kept();
    EXPECT_EQ(stolen.live(tpmAt(other)).code, "tpm-other");
    EXPECT_EQ(stolen.live({Kind::Tpm, "device:/nowhere"}).code, "tpm-missing");
    EXPECT_EQ(stolen.live(file()).code, "master-key-missing");
    EXPECT_EQ(stolen.live({Kind::Credential, ""}).code, "master-key-missing");
    EXPECT_EQ(stolen.move(tpmAt(other)), "tpm-other");
    EXPECT_EQ(stolen.kept(), before);
    ASSERT_TRUE(writeFileDurably(stolen.keyFile(), MasterKey::fresh().view()));
    EXPECT_EQ(stolen.live(file()).code, "master-key-other") << "a key of the thief's own";
    EXPECT_EQ(stolen.move(tpmAt(other)), "tpm-other");
    EXPECT_EQ(station.live(tpmAt(tpm)).token, kToken);
}

TEST(KeyHolder, AKeyInAFileMovesIntoTheTpm)
{
    Station station;
    TempFolder machine;
    const Swtpm tpm(machine / "tpm");
    ASSERT_EQ(station.live(file(), true).token, kToken);
    EXPECT_EQ(station.live(tpmAt(tpm)).code, "master-key-missing") << "it is not made anew beside the one in the file";
    EXPECT_FALSE(std::filesystem::exists(station.sealedFile()));
    EXPECT_EQ(station.move(tpmAt(tpm)), "");
    EXPECT_FALSE(std::filesystem::exists(station.keyFile()));
    EXPECT_EQ(station.live(tpmAt(tpm)).token, kToken);
    EXPECT_EQ(station.live(file()).code, "master-key-missing");
    EXPECT_EQ(station.move(tpmAt(tpm)), "") << "once more does no harm";
    EXPECT_EQ(station.live(tpmAt(tpm)).token, kToken);
}

TEST(KeyHolder, AMoveThatFailsLeavesTheFile)
{
    Station station;
    ASSERT_EQ(station.live(file(), true).token, kToken);
    const auto before = station.kept();
    EXPECT_EQ(station.move({Kind::Tpm, "device:/nowhere"}), "tpm-missing");
    EXPECT_EQ(station.kept(), before);
    EXPECT_EQ(station.live(file()).token, kToken);
    ASSERT_TRUE(writeFileDurably(station.keyFile(), "short"));
    EXPECT_EQ(station.move({Kind::Tpm, "device:/nowhere"}), "master-key-damaged");
    std::filesystem::remove(station.keyFile());
    EXPECT_EQ(station.move({Kind::Tpm, "device:/nowhere"}), "master-key-missing");
}

TEST(KeyHolder, AKillBetweenAnyTwoStepsOfTheMoveLosesNothing)
{
    TempFolder machine;
    const Swtpm tpm(machine / "tpm");
    int deaths = 0;
    int withBoth = 0;
    for (int dieAt = 1;; ++dieAt) {
        Station station;
        ASSERT_EQ(station.live(file(), true).token, kToken);
        const pid_t pid = ::fork();
        if (pid == 0) {
            int steps = 0;
            const std::string code = station.move(tpmAt(tpm), [&] {
                if (++steps == dieAt)
                    ::_exit(9);
            });
            ::_exit(code.empty() ? 0 : 1);
        }
        int status = 0;
        ::waitpid(pid, &status, 0);
        ASSERT_TRUE(WIFEXITED(status));
        ASSERT_NE(WEXITSTATUS(status), 1);
        const bool sealed = std::filesystem::exists(station.sealedFile());
        if (sealed && std::filesystem::exists(station.keyFile()))
            ++withBoth;
        EXPECT_EQ(station.live(sealed ? tpmAt(tpm) : file()).token, kToken) << "after a death at step " << dieAt;
        EXPECT_EQ(station.move(tpmAt(tpm)), "") << dieAt;
        EXPECT_EQ(station.live(tpmAt(tpm)).token, kToken) << dieAt;
        EXPECT_FALSE(std::filesystem::exists(station.keyFile())) << dieAt;
        if (WEXITSTATUS(status) == 0)
            break;
        ++deaths;
    }
    EXPECT_EQ(deaths, 4);
    EXPECT_EQ(withBoth, 3) << "the file goes last";
}

TEST(KeyHolder, AKillAtAnyMomentOfTheMoveLosesNothing)
{
    using Clock = std::chrono::steady_clock;
    constexpr int kKills = 12;
    TempFolder machine;
    Clock::duration whole = Clock::duration::max();
    int killed = 0;
    for (int n = 0; n <= kKills; ++n) {
        Station station;
        ASSERT_EQ(station.live(file(), true).token, kToken);
        // switched on anew each time, for without the kernel in between nobody tidies up behind a dead process
        std::optional<Swtpm> tpm(std::in_place, machine / "tpm");
        const auto began = Clock::now();
        const pid_t pid = ::fork();
        if (pid == 0)
            ::_exit(station.move(tpmAt(*tpm)).empty() ? 0 : 1);
        // the first lives, and tells how long it takes
        const auto until = n == 0 ? Clock::time_point::max() : began + whole * n / kKills;
        int status = 0;
        while (::waitpid(pid, &status, WNOHANG) == 0) {
            if (Clock::now() >= until) {
                ::kill(pid, SIGKILL);
                ::waitpid(pid, &status, 0);
                break;
            }
            std::this_thread::yield();
        }
        if (!WIFSIGNALED(status))
            whole = std::min(whole, Clock::now() - began);
        killed += WIFSIGNALED(status) ? 1 : 0;
        ASSERT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        tpm.reset();
        const Swtpm again(machine / "tpm");
        const bool sealed = std::filesystem::exists(station.sealedFile());
        EXPECT_EQ(station.live(sealed ? tpmAt(again) : file()).token, kToken) << n;
        EXPECT_EQ(station.move(tpmAt(again)), "") << n;
        EXPECT_EQ(station.live(tpmAt(again)).token, kToken) << n;
        EXPECT_FALSE(std::filesystem::exists(station.keyFile())) << n;
    }
    EXPECT_GT(killed, 0);
}

TEST(KeyHolder, AHalfWrittenSealedKeyCountsForNothing)
{
    Station station;
    TempFolder machine;
    const Swtpm tpm(machine / "tpm");
    ASSERT_EQ(station.live(file(), true).token, kToken);
    ASSERT_TRUE(writeFileDurably(station.state() / (std::string(kSealedKeyFile) + ".new"), "cloud-connector TPM"));
    EXPECT_EQ(station.live(file()).token, kToken);
    EXPECT_EQ(station.move(tpmAt(tpm)), "");
    EXPECT_EQ(station.live(tpmAt(tpm)).token, kToken);
}

TEST(KeyHolder, AfterTheBoardWasChangedACopyOfTheKeyMovesIntoTheNewTpm)
{
    Station station;
    TempFolder machine;
    const Swtpm tpm(machine / "tpm");
    const Swtpm other(machine / "other");
    ASSERT_EQ(station.live(file(), true).token, kToken);
    const std::string copy = *readFile(station.keyFile());
    ASSERT_EQ(station.move(tpmAt(tpm)), "");
    EXPECT_EQ(station.live(tpmAt(other)).code, "tpm-other");
    ASSERT_TRUE(writeFileDurably(station.keyFile(), copy));
    EXPECT_EQ(station.move(tpmAt(other)), "");
    EXPECT_EQ(station.live(tpmAt(other)).token, kToken);
    EXPECT_FALSE(std::filesystem::exists(station.keyFile()));
}

TEST(KeyHolder, ACopiedDiskWithoutItsCredentialOpensNothing)
{
    Station station;
    Station stolen;
    const std::string key(MasterKey::fresh().view());
    {
        const Credential given(key);
        ASSERT_EQ(station.live({Kind::Credential, ""}, true).token, kToken);
        EXPECT_EQ(station.live(file()).token, kToken) << "a credential goes before the file";
        EXPECT_FALSE(std::filesystem::exists(station.keyFile()));
    }
    station.copyTo(stolen);
    const auto before = stolen.kept();
    for (const KeyHolder &holder : {file(), KeyHolder{Kind::Credential, ""}})
        EXPECT_EQ(stolen.live(holder).code, "master-key-missing");
    {
        const Credential another(std::string(MasterKey::fresh().view()));
        for (const KeyHolder &holder : {file(), KeyHolder{Kind::Credential, ""}})
            EXPECT_EQ(stolen.live(holder).code, "master-key-other");
    }
    {
        const Credential cut(key.substr(1));
        EXPECT_EQ(stolen.live({Kind::Credential, ""}).code, "master-key-damaged");
    }
    EXPECT_EQ(stolen.kept(), before);
    const Credential back(key);
    EXPECT_EQ(station.live({Kind::Credential, ""}).token, kToken);
}

TEST(KeyHolder, AKeyIsNeverMadeAnewForADatabaseThatNeedsOne)
{
    Station station;
    ASSERT_EQ(station.live(file(), true).token, kToken);
    const std::string key = *readFile(station.keyFile());
    std::filesystem::remove(station.keyFile());
    const auto before = station.kept();
    EXPECT_EQ(station.live(file()).code, "master-key-missing");
    EXPECT_EQ(station.kept(), before);
    ASSERT_TRUE(writeFileDurably(station.keyFile(), std::string(32, '\0')));
    EXPECT_EQ(station.live(file()).code, "master-key-damaged") << "what a disk gives for a block that it lost";
    ASSERT_TRUE(writeFileDurably(station.keyFile(), key));
    EXPECT_EQ(station.live(file()).token, kToken);
}

// As versions wrote it that did not note whose the database is.
TEST(KeyHolder, ADatabaseFromBeforeKeepsItsKey)
{
    Station station;
    ASSERT_EQ(station.live(file(), true).token, kToken);
    ASSERT_TRUE(station.database().run("DELETE FROM vault_key WHERE owner=''"));
    const std::string key = *readFile(station.keyFile());
    ASSERT_TRUE(writeFileDurably(station.keyFile(), MasterKey::fresh().view()));
    EXPECT_EQ(station.live(file()).code, "master-key-other");
    std::filesystem::remove(station.keyFile());
    EXPECT_EQ(station.live(file()).code, "master-key-missing");
    ASSERT_TRUE(writeFileDurably(station.keyFile(), key));
    EXPECT_EQ(station.live(file()).token, kToken);
    EXPECT_TRUE(station.kept().contains("key of "));
}

TEST(KeyHolder, APinThatOnlyTheKeyFindsIsReasonEnough)
{
    Station station;
    {
        Database db = station.database();
        PersonRow mara;
        mara.id = "mara";
        mara.name = "Mara Lind";
        mara.nameKey = "mara lind";
        mara.pinKey = "a keyed hash";
        ASSERT_TRUE(PersonTable(db, Vault(db, MasterKey::fresh())).put(mara));
    }
    EXPECT_EQ(station.live(file()).code, "master-key-missing");
    EXPECT_FALSE(std::filesystem::exists(station.keyFile()));
}

TEST(KeyHolder, AStolenDatabaseOpensNothing)
{
    Station station;
    Station thief;
    ASSERT_EQ(station.live(file(), true).token, kToken);
    std::filesystem::create_directories(thief.state());
    for (const char *name : {"state.db", "state.db-wal"})
        if (std::filesystem::exists(station.state() / name))
            std::filesystem::copy(station.state() / name, thief.state() / name);
    for (const auto &entry : std::filesystem::directory_iterator(thief.state()))
        EXPECT_THAT(*readFile(entry.path()), Not(HasSubstr(kToken))) << entry.path();

    EXPECT_EQ(thief.live(file()).code, "master-key-missing");
    ASSERT_TRUE(writeFileDurably(thief.keyFile(), MasterKey::fresh().view()));
    EXPECT_EQ(thief.live(file()).code, "master-key-other");
    // and past the service's door, through all of the Vault
    Database db = thief.database();
    const auto bound = Vault::bind(db, *MasterKey::read(thief.keyFile()));
    ASSERT_FALSE(bound);
    EXPECT_EQ(stableCode(bound.error()), "master-key-other");
    Vault vault(db, *MasterKey::read(thief.keyFile()));
    const auto token = vault.get("p1", "tokens");
    ASSERT_FALSE(token);
    EXPECT_EQ(stableCode(token.error()), "secret-unreadable");
    const auto put = vault.put("p1", "tokens", "a token of the thief's");
    ASSERT_FALSE(put);
    EXPECT_EQ(stableCode(put.error()), "secret-unreadable");
    Database own = station.database();
    EXPECT_NE(vault.keyedHash("pin", "271828"),
              Vault(own, *MasterKey::read(station.keyFile())).keyedHash("pin", "271828"));
}

} // namespace
} // namespace connector::test
