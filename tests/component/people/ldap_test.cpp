// SPDX-License-Identifier: Apache-2.0
// The directory over LDAP against OpenLDAP's own server.
#include "people/ldap_directory.h"
#include "people/people.h"
#include "store/schema.h"
#include "support/ready_program.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <ldap.h>

namespace connector::test {
namespace {

class LdapTest : public ::testing::Test {
protected:
    LdapTest() : server({"tests/support/open-ldap"})
    {
        options.url = text("url");
        options.startTls = true;
        options.caFile = text("ca");
        options.base = text("base");
        options.searchUser = "uid=search,ou=people," + text("base");
        options.searchPassword = "search secret";
        options.administrators = "cn=administrators," + text("base");
    }
    std::string text(const char *key) const { return server.ready().at(key).get<std::string>(); }
    Result<DirectoryPerson> check(const std::string &name, const std::string &password)
    {
        return makeLdapDirectory(options)->check(name, password, {});
    }
    std::string refusal(const std::string &name, const std::string &password)
    {
        auto known = check(name, password);
        return known ? "" : stableCode(known.error());
    }
    void rename(const std::string &from, const std::string &to)
    {
        LDAP *ld = nullptr;
        ASSERT_EQ(ldap_initialize(&ld, text("url").c_str()), LDAP_SUCCESS);
        const int version = LDAP_VERSION3;
        ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
        std::string password = text("password");
        berval secret{password.size(), password.data()};
        ASSERT_EQ(ldap_sasl_bind_s(ld, text("manager").c_str(), LDAP_SASL_SIMPLE, &secret, nullptr, nullptr, nullptr),
                  LDAP_SUCCESS);
        ASSERT_EQ(ldap_rename_s(ld, ("uid=" + from + ",ou=people," + text("base")).c_str(), ("uid=" + to).c_str(),
                                nullptr, 1, nullptr, nullptr),
                  LDAP_SUCCESS);
        ldap_unbind_ext_s(ld, nullptr, nullptr);
    }

    ReadyProgram server;
    LdapOptions options;
};

TEST_F(LdapTest, APersonIsKnownByNameAndPasswordAndAGroupAdministers)
{
    auto mara = check("mara", "correct horse");
    ASSERT_TRUE(mara) << describe(mara.error());
    EXPECT_EQ(mara->name, "Mara Lind");
    EXPECT_EQ(mara->id.size(), 36U) << "entryUUID";
    EXPECT_FALSE(mara->administrator);
    auto jon = check("JON", "battery staple");
    ASSERT_TRUE(jon) << describe(jon.error());
    EXPECT_TRUE(jon->administrator);
}

TEST_F(LdapTest, AGroupInAGroupAdministersTooAndOneInItselfEnds)
{
    auto nora = check("nora", "nested secret");
    ASSERT_TRUE(nora) << describe(nora.error());
    EXPECT_TRUE(nora->administrator);
    auto mara = check("mara", "correct horse");
    ASSERT_TRUE(mara) << describe(mara.error());
    EXPECT_FALSE(mara->administrator);
}

TEST_F(LdapTest, WrongNamesAndPasswordsAreTheSame)
{
    for (const auto &[name, password] : std::vector<std::pair<std::string, std::string>>{
             {"mara", "wrong"}, {"nobody", "correct horse"}, {"mara", ""}, {"", "x"}, {"twice", "twice secret"}}) {
        const auto known = check(name, password);
        ASSERT_FALSE(known) << name;
        EXPECT_EQ(describe(known.error()), "Unauthenticated [sign-in-failed] directory: name or password do not fit")
            << name;
    }
}

TEST_F(LdapTest, ANameIsNoPartOfTheFilter)
{
    EXPECT_EQ(escapeForFilter(std::string("a*(b)\\\0c", 8)), "a\\2a\\28b\\29\\5c\\00c");
    for (const char *name : {"*", "mar*", "mara)(uid=*", "*)(objectClass=*", "mara))(|(uid=*"})
        EXPECT_EQ(refusal(name, "correct horse"), "sign-in-failed") << name;
    EXPECT_EQ(refusal("star*(x)", "odd secret"), "") << "whoever is called so is found";
}

TEST_F(LdapTest, OnlyACertificateThatIsTrustedGetsThePassword)
{
    options.caFile.clear();
    EXPECT_EQ(refusal("mara", "correct horse"), "directory-unreachable") << "StartTLS, not trusted";
    options.url = text("tlsUrl");
    options.startTls = false;
    EXPECT_EQ(refusal("mara", "correct horse"), "directory-unreachable") << "ldaps, not trusted";
    options.caFile = text("ca");
    EXPECT_EQ(refusal("mara", "correct horse"), "") << "ldaps";
}

TEST_F(LdapTest, ADirectoryThatDoesNotAnswerIsNamedInTime)
{
    options.timeout = std::chrono::seconds(1);
    options.searchPassword = "wrong";
    EXPECT_EQ(refusal("mara", "correct horse"), "directory-unreachable") << "the search user's password";
    options.searchPassword = "search secret";
    ::kill(server.ready().at("pid").get<pid_t>(), SIGSTOP);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(refusal("mara", "correct horse"), "directory-unreachable") << "it is silent";
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
    ::kill(server.ready().at("pid").get<pid_t>(), SIGCONT);
    options.url = "ldap://127.0.0.1:1";
    EXPECT_EQ(refusal("mara", "correct horse"), "directory-unreachable") << "nobody is there";
}

// People with a directory behind them.
class DirectoryPeopleTest : public LdapTest {
protected:
    DirectoryPeopleTest()
        : db(*Database::open(folder / "state.db", serviceSchema())), vault(db, *MasterKey::load(folder / "key")),
          settings(*SettingsStore::load(db)), directory(makeLdapDirectory(options))
    {
        actor.ask([&] {
            people =
                std::make_unique<People>(People::Needs{actor, workers, db, vault, settings, directory.get(), systemNow,
                                                       BootClock::system(), std::chrono::milliseconds(50)});
        });
    }
    ~DirectoryPeopleTest() override
    {
        workers.stop();
        actor.ask([&] { people.reset(); });
    }
    Result<SignedIn> signIn(const std::string &name, const std::string &password)
    {
        std::promise<Result<SignedIn>> promise;
        actor.ask([&] {
            people->signIn({"password", "", name, password}, {},
                           [&](Result<SignedIn> known) { promise.set_value(std::move(known)); });
        });
        return promise.get_future().get();
    }
    TempFolder folder;
    TaskQueue actor;
    WorkerPool workers{2};
    Database db;
    Vault vault;
    SettingsStore settings;
    std::unique_ptr<Directory> directory;
    std::unique_ptr<People> people;
};

TEST_F(DirectoryPeopleTest, WhoeverIsRenamedInTheDirectoryStaysTheSameOwner)
{
    auto before = signIn("mara", "correct horse");
    ASSERT_TRUE(before) << describe(before.error());
    EXPECT_TRUE(before->person.directory);
    rename("mara", "mara.berg");
    EXPECT_EQ(stableCode(signIn("mara", "correct horse").error()), "sign-in-failed");
    auto after = signIn("mara.berg", "correct horse");
    ASSERT_TRUE(after) << describe(after.error());
    EXPECT_EQ(ownerOf(after->person), ownerOf(before->person));
    EXPECT_TRUE(signIn("jon", "battery staple")->administrator);
    EXPECT_EQ(actor.ask([&] { return people->list()->size(); }), 2U);
}

TEST_F(DirectoryPeopleTest, AnAccountOfTheDevicesOwnWorksWithoutTheDirectoryAndGoesBeforeIt)
{
    std::promise<Result<Person>> made;
    actor.ask([&] {
        PersonChange person;
        person.name = "mara";
        person.password = "own password";
        people->add(person, [&](Result<Person> p) { made.set_value(std::move(p)); });
    });
    ASSERT_TRUE(made.get_future().get());
    EXPECT_EQ(stableCode(signIn("mara", "correct horse").error()), "sign-in-failed");
    ::kill(server.ready().at("pid").get<pid_t>(), SIGKILL);
    auto own = signIn("mara", "own password");
    ASSERT_TRUE(own) << describe(own.error());
    EXPECT_FALSE(own->person.directory);
    EXPECT_EQ(stableCode(signIn("jon", "battery staple").error()), "directory-unreachable");
    // Whose names are the device's own is not told by the directory's silence.
    for (const char *password : {"wrong", ""})
        EXPECT_EQ(describe(signIn("mara", password).error()), describe(signIn("nobody", password).error())) << password;
}

// Remembers what it was asked, and takes its time.
class SlowDirectory : public Directory {
public:
    Result<DirectoryPerson> check(const std::string &name, const std::string &password, const Call &call) override
    {
        asked.emplace_back(name, password);
        (void)waitFor(std::chrono::milliseconds(300), call);
        return Error{Errc::Unauthenticated, "no", "directory", {}, 0, {}, "sign-in-failed"};
    }
    std::vector<std::pair<std::string, std::string>> asked;
};

TEST(OwnNamesTest, AreNotToldByTheTimeOfASlowDirectoryNorGoTheirPasswordsThere)
{
    TempFolder folder;
    TaskQueue actor;
    auto db = Database::open(folder / "state.db", serviceSchema());
    ASSERT_TRUE(db);
    Vault vault(*db, *MasterKey::load(folder / "key"));
    auto settings = SettingsStore::load(*db);
    ASSERT_TRUE(settings);
    SlowDirectory directory;
    WorkerPool workers{2};
    std::unique_ptr<People> people;
    std::promise<void> made;
    actor.ask([&] {
        people = std::make_unique<People>(People::Needs{actor, workers, *db, vault, *settings, &directory, systemNow,
                                                        BootClock::system(), std::chrono::milliseconds(1)});
        people->add({.name = "Mara", .password = "own password"}, [&](const Result<Person> &) { made.set_value(); });
    });
    made.get_future().get();
    const auto timed = [&](const std::string &name, const std::string &password) {
        const auto begin = std::chrono::steady_clock::now();
        std::promise<std::string> code;
        actor.ask([&] {
            people->signIn({"password", "", name, password}, {}, [&](const Result<SignedIn> &known) {
                code.set_value(known ? "" : stableCode(known.error()));
            });
        });
        std::string said = code.get_future().get();
        return std::pair(std::move(said), std::chrono::steady_clock::now() - begin);
    };
    for (const char *name : {"Mara", "Nobody"}) {
        const auto [code, time] = timed(name, "wrong password");
        EXPECT_EQ(code, "sign-in-failed") << name;
        EXPECT_GE(time, std::chrono::milliseconds(300)) << name;
    }
    EXPECT_EQ(timed("Mara", "own password").first, "");
    ASSERT_EQ(directory.asked.size(), 2U) << "nor for a right one";
    EXPECT_NE(directory.asked[0].first, "Mara");
    EXPECT_NE(directory.asked[0].second, "wrong password");
    workers.stop();
    actor.ask([&] { people.reset(); });
}

} // namespace
} // namespace connector::test
