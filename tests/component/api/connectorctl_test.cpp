// SPDX-License-Identifier: Apache-2.0
// connectorctl as an administrator uses it, over the service's socket.
#include "api/unix_carrier.h"
#include "core/files.h"
#include "tests/component/api/api_house.h"

#include <sys/wait.h>

namespace connector::test {
namespace {

class ConnectorctlTest : public ::testing::Test {
protected:
    ConnectorctlTest()
    {
        auto listening = UnixCarrier::listen(*house.api, house.folder / "api.sock");
        EXPECT_TRUE(listening);
        carrier = *std::move(listening);
    }

    struct Ran {
        int code = -1;
        std::string out; // and what it said on standard error
    };
    // `words` are plain; what is typed comes on standard input.
    Ran run(const std::string &words, const std::string &typed = "")
    {
        const std::filesystem::path input = house.folder / "typed";
        EXPECT_TRUE(writeFileDurably(input, typed));
        const std::string command = std::string(CONNECTORCTL) + " --socket " + (house.folder / "api.sock").string() +
                                    " " + words + " < " + input.string() + " 2>&1";
        Ran ran;
        FILE *pipe = ::popen(command.c_str(), "r");
        for (int c = 0; (c = std::fgetc(pipe)) != EOF;)
            ran.out += static_cast<char>(c);
        ran.code = WEXITSTATUS(::pclose(pipe));
        return ran;
    }

    ApiHouse house;
    std::unique_ptr<UnixCarrier> carrier;
};

TEST_F(ConnectorctlTest, MakesTheFirstAdministratorAndKeepsPeople)
{
    const Ran first = run("people add Chief --administrator", "long enough\n");
    ASSERT_EQ(first.code, 0) << first.out;
    InProcessFace face(*house.api);
    EXPECT_TRUE(
        face.call("session.signIn", {{"method", "password"}, {"name", "chief"}, {"secret", "long enough"}}).ok());
    EXPECT_EQ(run("people add Mara --pin --card", "271828\n04A22F1B\n").code, 0);
    EXPECT_TRUE(face.call("session.signIn", {{"method", "card"}, {"secret", "04a22f1b"}}).ok());
    const Ran taken = run("people add Jon --pin", "271828\n");
    EXPECT_EQ(taken.code, 1);
    EXPECT_NE(taken.out.find("[pin-taken]"), std::string::npos) << taken.out;
    EXPECT_EQ(run("people set-pin mara", "161803\n").code, 0);
    EXPECT_TRUE(face.call("session.signIn", {{"method", "pin"}, {"secret", "161803"}}).ok());
    EXPECT_EQ(run("people set-password nobody", "long enough\n").code, 1);
    const Ran list = run("people list");
    EXPECT_NE(list.out.find("administrator  own  password"), std::string::npos) << list.out;
    EXPECT_NE(list.out.find("PIN card"), std::string::npos) << list.out;
    EXPECT_EQ(run("people remove Mara").code, 0);
    EXPECT_EQ(run("people remove Chief").code, 1) << "the last administrator";
    EXPECT_EQ(run("people list").out.find("Mara"), std::string::npos);
}

TEST_F(ConnectorctlTest, SetsTheAllowedDomainsAndShowsTheAuditLog)
{
    EXPECT_EQ(run("domains get").out, "");
    EXPECT_EQ(run("domains set 'example.org, Example.COM'").out, "example.org\nexample.com\n");
    EXPECT_EQ(run("domains set 'a/b'").code, 1);
    EXPECT_EQ(run("domains get").out, "example.org\nexample.com\n");
    EXPECT_EQ(run("domains set ''").out, "");
    const Ran audit = run("audit --what settings.changed");
    EXPECT_NE(audit.out.find("settings.changed  ok"), std::string::npos) << audit.out;
    EXPECT_NE(audit.out.find("settings.changed  setting-invalid"), std::string::npos) << audit.out;
    EXPECT_NE(audit.out.find("(connectorctl)"), std::string::npos) << audit.out;
    EXPECT_EQ(audit.out.find("example"), std::string::npos) << "which settings, not what they were set to";
    const json all = json::parse(run("--json audit --limit 2").out);
    EXPECT_EQ(all["entries"].size(), 2U);
}

TEST_F(ConnectorctlTest, ListsTheProfilesOfAllAndWhoseTheyAre)
{
    const std::string mara = house.person({.name = "Mara Lind", .pin = "271828"});
    house.linkedProfile("Hers", "", "person:" + mara);
    house.linkedProfile("Anybody's");
    const std::string all = run("profiles list").out;
    EXPECT_NE(all.find("dropbox  ready  Mara Lind  Hers\n"), std::string::npos) << all;
    EXPECT_NE(all.find("dropbox  ready  Guest  Anybody's\n"), std::string::npos) << all;
    const std::string guests = run("profiles").out;
    EXPECT_EQ(guests.find("Hers"), std::string::npos) << "without a word for it a guest asks";
    EXPECT_NE(guests.find("Anybody's"), std::string::npos) << guests;
}

TEST_F(ConnectorctlTest, DeletesAnybodysProfileAlsoOneWithAPinAndItIsWrittenDown)
{
    const std::string mara = house.person({.name = "Mara Lind", .pin = "271828"});
    const std::string hers = house.linkedProfile("Hers", "1234", "person:" + mara);
    const std::string anybodys = house.linkedProfile("Anybody's", "1234");
    EXPECT_EQ(run("profiles delete " + hers).code, 0);
    EXPECT_EQ(run("profiles list").out.find("Hers"), std::string::npos);
    const Ran gone = run("profiles delete " + hers);
    EXPECT_EQ(gone.code, 1);
    EXPECT_NE(gone.out.find("[profile-gone]"), std::string::npos) << gone.out;
    InProcessFace guest(*house.api);
    EXPECT_EQ(guest.call("profiles.remove", {{"id", anybodys}}).code(), "not-allowed");
    EXPECT_NE(run("profiles list").out.find(anybodys), std::string::npos);
    const json audit = json::parse(run("audit --json --what profile.deleted").out);
    ASSERT_EQ(audit["entries"].size(), 1U);
    EXPECT_EQ(audit["entries"][0]["who"], "machine");
    EXPECT_EQ(audit["entries"][0]["subject"], hers);
    EXPECT_EQ(audit["entries"][0]["facts"]["owner"], "person:" + mara);
    const auto revoked = [] {
        const json log = sandbox().control({{"do", "requests"}, {"route", "token/revoke"}});
        return dumpLine(log).find("\"status\":200") != std::string::npos;
    };
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!revoked() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_TRUE(revoked()) << "its access at the cloud goes with it";
}

TEST_F(ConnectorctlTest, DeletesAProfileThatTheDiskDamagedWithAllThatBelongsToIt)
{
    const std::string mara = house.person({.name = "Mara Lind", .pin = "271828"});
    const std::string damaged = house.linkedProfile("Damaged", "1234");
    const std::string hers = house.linkedProfile("Hers", "", "person:" + mara);
    InProcessFace guest(*house.api);
    ASSERT_TRUE(guest.call("profiles.open", {{"id", damaged}, {"pin", "1234"}}).ok());
    const auto scan = guest.call("jobs.scan", {{"profile", damaged},
                                               {"folder", ""},
                                               {"folderName", ""},
                                               {"name", "Scan"},
                                               {"settings", {{"source", "flatbed"}, {"pages", "many"}}}});
    ASSERT_TRUE(scan.ok()) << scan.error;
    house.actor.ask([&] {
        Shortcut shortcut;
        shortcut.owner = "guest";
        shortcut.profile = damaged;
        shortcut.kind = "scan";
        shortcut.name = "Damaged's";
        EXPECT_TRUE(house.shortcuts->add(shortcut));
        EXPECT_TRUE(house.db.run("UPDATE profile SET name=zeroblob(60), account_email=zeroblob(60)"));
    });
    EXPECT_EQ(run("profiles list").out.find(damaged), std::string::npos);
    const Ran deleted = run("profiles delete " + damaged);
    EXPECT_EQ(deleted.code, 0) << deleted.out;
    EXPECT_NE(run("profiles delete " + damaged).out.find("[profile-gone]"), std::string::npos);
    EXPECT_TRUE(guest.call("shortcuts.list").result["shortcuts"].empty());
    const auto left = [&](const std::string &profile) {
        return house.actor.ask([&] {
            int rows = 0;
            for (const char *table : {"SELECT 1 FROM profile WHERE id=?", "SELECT 1 FROM vault_key WHERE owner=?"})
                EXPECT_TRUE(house.db.run(table, {profile}, [&](const Row &) { ++rows; }));
            return rows;
        });
    };
    EXPECT_EQ(left(damaged), 0);
    const auto until = [](const std::function<bool()> &holds) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!holds() && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return holds();
    };
    EXPECT_TRUE(until([&] {
        return guest.call("jobs.get", {{"id", scan.result["job"]["id"]}}).result["job"]["state"] == "canceled";
    }));
    EXPECT_TRUE(until([] {
        const json log = sandbox().control({{"do", "requests"}, {"route", "token/revoke"}});
        return dumpLine(log).find("\"status\":200") != std::string::npos;
    })) << "its access at the cloud goes with it";

    EXPECT_EQ(left(hers), 2);
    EXPECT_EQ(run("people remove \"Mara Lind\"").code, 0);
    EXPECT_EQ(left(hers), 0) << "so does a person's damaged one";
}

TEST_F(ConnectorctlTest, CallsAsAGuestAndWhereAskedToAsAnAdministrator)
{
    EXPECT_NE(run("call audit.list").out.find("[not-allowed]"), std::string::npos);
    EXPECT_TRUE(json::parse(run("call --as-administrator audit.list").out).contains("entries"));
    const Ran set = run(R"(call settings.set '{"auditDays":30}' --as-administrator)");
    EXPECT_EQ(json::parse(set.out, nullptr, false).value("auditDays", 0), 30) << set.out;
}

TEST_F(ConnectorctlTest, AnAdministratorBecomesAPersonAgainButNotTheLast)
{
    ASSERT_EQ(run("people add Chief --administrator", "long enough\n").code, 0);
    ASSERT_EQ(run("people add Deputy --password", "long enough\n").code, 0);
    const Ran last = run("people make-person Chief");
    EXPECT_EQ(last.code, 1);
    EXPECT_NE(last.out.find("[last-administrator]"), std::string::npos) << last.out;
    EXPECT_EQ(run("people make-administrator Deputy").code, 0);
    EXPECT_EQ(run("people make-person Chief").code, 0);
    const json people = json::parse(run("people list --json").out)["people"];
    ASSERT_EQ(people.size(), 2U);
    for (const json &person : people)
        EXPECT_EQ(person["role"], person["name"] == "Deputy" ? "administrator" : "person");
}

TEST_F(ConnectorctlTest, TheFlagForJsonStandsBeforeOrBehindTheListItIsFor)
{
    for (const char *list : {"people list", "profiles list", "audit", "settings get"})
        for (const std::string &words : {"--json " + std::string(list), std::string(list) + " --json"})
            EXPECT_TRUE(json::parse(run(words).out, nullptr, false).is_object()) << words;
}

TEST_F(ConnectorctlTest, SettingsAreShownAndSetOneByOne)
{
    EXPECT_EQ(run("settings get guestProfileDays").out, "90\n");
    EXPECT_EQ(run("settings set guestProfileDays 30").out, "30\n");
    EXPECT_EQ(run("settings set language fr").out, "fr\n");
    EXPECT_EQ(run(R"(settings set signInMethods '["pin","card"]')").out, "[\"pin\",\"card\"]\n");
    EXPECT_NE(run("settings get").out.find("guestProfileDays  30\n"), std::string::npos);
    const Ran refused = run("settings set guestProfileDays 0");
    EXPECT_EQ(refused.code, 1);
    EXPECT_NE(refused.out.find("1 to 3650 [setting-invalid]"), std::string::npos) << refused.out;
    EXPECT_EQ(run("settings set guestProfileDay 30").code, 2) << "no such setting";
    EXPECT_EQ(run(R"(settings set mail '{"password":"x"}')").code, 2) << "a secret on the command line";
}

TEST_F(ConnectorctlTest, ASecretOnTheCommandLineIsRefused)
{
    EXPECT_NE(run("people add Mara --pin 271828", "").code, 0);
    EXPECT_EQ(run("people add Mara --pin", "").code, 2) << "and none is made up";
}

} // namespace
} // namespace connector::test
