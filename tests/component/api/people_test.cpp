// SPDX-License-Identifier: Apache-2.0
// People at the local API: who is let in how, what a session opens and closes, and how guessing is slowed down.
#include "api/unix_carrier.h"
#include "api/web_face.h"
#include "people/people.h"
#include "people/secret.h"
#include "tests/component/api/api_house.h"

#include <sys/un.h>

namespace connector::test {
namespace {

using Answer = InProcessFace::Answer;

class PeopleTest : public ::testing::Test {
protected:
    PeopleTest()
    {
        sandbox().control({{"do", "reset"}});
        house = std::make_unique<ApiHouse>();
        face = std::make_unique<InProcessFace>(*house->api);
    }
    ~PeopleTest() override { face.reset(); }

    static Answer byPassword(InProcessFace &at, const std::string &name, const std::string &secret)
    {
        return at.call("session.signIn", {{"method", "password"}, {"name", name}, {"secret", secret}});
    }
    static Answer byPin(InProcessFace &at, const std::string &pin)
    {
        return at.call("session.signIn", {{"method", "pin"}, {"secret", pin}});
    }
    void chiefSignsIn(InProcessFace &at)
    {
        house->person({.name = "Chief", .administrator = true, .password = "long enough"});
        ASSERT_TRUE(byPassword(at, "Chief", "long enough").ok());
    }
    bool becomesGuest(InProcessFace &at, const std::string &reason)
    {
        const auto event = at.waitForEvent([](const json &e) { return e["type"] == "session.changed"; });
        return event && (*event)["data"]["reason"] == reason && (*event)["data"]["session"]["kind"] == "guest" &&
               at.call("session.get").result["kind"] == "guest";
    }

    std::unique_ptr<ApiHouse> house;
    std::unique_ptr<InProcessFace> face;
};

TEST_F(PeopleTest, APersonSignsInByListPasswordPinAndCard)
{
    const std::string id =
        house->person({.name = "Mara Lind", .password = "correct horse", .pin = "271828", .card = "04 A2 2F 1B"});
    const json choices = face->call("people.choices").result["people"];
    EXPECT_EQ(choices, json({{{"id", id}, {"name", "Mara Lind"}, {"secret", "pin"}}}));
    for (const json &claim :
         {json{{"method", "list"}, {"person", id}, {"secret", "271828"}},
          json{{"method", "password"}, {"name", "mara LIND "}, {"secret", "correct horse"}},
          json{{"method", "pin"}, {"secret", "271828"}}, json{{"method", "card"}, {"secret", "04a22f1b"}}}) {
        const Answer answer = face->call("session.signIn", claim);
        ASSERT_TRUE(answer.ok()) << claim << answer.error;
        EXPECT_EQ(answer.result["kind"], "person");
        EXPECT_EQ(answer.result["id"], id);
        EXPECT_EQ(answer.result["name"], "Mara Lind");
        EXPECT_EQ(answer.result["roles"], json({"person"}));
        EXPECT_EQ(face->call("session.get").result, answer.result);
        EXPECT_EQ(face->call("session.signOut").result["kind"], "guest");
    }
}

TEST_F(PeopleTest, AWrongNameAndAWrongSecretAreTheSameInWordsAndInTime)
{
    const std::string id = house->person({.name = "Mara Lind", .password = "correct horse", .pin = "271828"});
    std::set<std::string> answers;
    std::vector<std::chrono::milliseconds> times;
    for (const json &claim :
         {json{{"method", "password"}, {"name", "Mara Lind"}, {"secret", "wrong horse"}},
          json{{"method", "password"}, {"name", "Nobody"}, {"secret", "wrong horse"}},
          json{{"method", "list"}, {"person", id}, {"secret", "999999"}},
          json{{"method", "list"}, {"person", "nobody"}, {"secret", "999999"}},
          json{{"method", "pin"}, {"secret", "999999"}}, json{{"method", "card"}, {"secret", "99999999"}},
          json{{"method", "pin"}, {"secret", ""}}, json{{"method", "password"}, {"name", "\xFF"}, {"secret", ""}}}) {
        const auto begin = std::chrono::steady_clock::now();
        answers.insert(dumpLine(face->call("session.signIn", claim).error));
        times.push_back(
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin));
    }
    EXPECT_EQ(answers, std::set<std::string>({R"({"code":"sign-in-failed","origin":"people"})"}));
    for (const auto time : times)
        EXPECT_GE(time, std::chrono::milliseconds(100)) << "no failure is answered before the others";
}

TEST_F(PeopleTest, NamesThatLookTheSameToPeopleAreTheSame)
{
    house->person({.name = "Zo\xC3\xAB Stra\xC3\x9F"
                           "e",
                   .password = "correct horse"}); // Zoë Straße, composed
    EXPECT_TRUE(byPassword(*face, "ZOE\xCC\x88  STRASSE", "correct horse").ok()) << "decomposed, upper case";
    face->call("session.signOut");
    chiefSignsIn(*face);
    const auto add = [&](const std::string &name) { return face->call("people.add", {{"name", name}}).code(); };
    EXPECT_EQ(add("zoe\xCC\x88 strasse"), "name-taken");
    EXPECT_EQ(add("\xEF\xBC\xA3hief"), "name-taken") << "a full-width C";
    EXPECT_EQ(add("Chi\xE2\x80\x8B"
                  "ef"),
              "name-invalid")
        << "a space that nobody sees";
    EXPECT_EQ(add("\xE2\x80\xAE"
                  "feihC"),
              "name-invalid")
        << "a letter that turns the text around";
    EXPECT_EQ(add("  "), "name-invalid");
    EXPECT_EQ(add(std::string(65, 'x')), "name-invalid");
    EXPECT_EQ(add("\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD"), "") << "any script";
}

TEST_F(PeopleTest, APinOrCardThatAnotherPersonHasIsRefusedWithoutTellingWhose)
{
    house->person({.name = "Mara Lind", .pin = "271828", .card = "04A22F1B"});
    chiefSignsIn(*face);
    const Answer pin = face->call("people.add", {{"name", "Jon"}, {"pin", "271828"}});
    EXPECT_EQ(pin.code(), "pin-taken");
    EXPECT_EQ(dumpLine(pin.error).find("Mara"), std::string::npos);
    EXPECT_EQ(face->call("people.add", {{"name", "Jon"}, {"card", "04a2 2f1b"}}).code(), "card-taken");
    EXPECT_EQ(face->call("people.add", {{"name", "Jon"}, {"pin", "1234"}}).code(), "pin-invalid");
    EXPECT_EQ(face->call("people.add", {{"name", "Jon"}, {"card", "!"}}).code(), "card-invalid");
    EXPECT_EQ(face->call("people.add", {{"name", "Jon"}, {"password", "short"}}).code(), "password-invalid");
    EXPECT_TRUE(face->call("people.add", {{"name", "Jon"}, {"pin", "314159"}}).ok());
}

TEST_F(PeopleTest, StoredSecretsCannotBeReadOrTriedWithoutTheMasterKey)
{
    house->person({.name = "Mara Lind", .password = "correct horse", .pin = "271828", .card = "04A22F1B"});
    const std::string other = house->actor.ask([&] {
        TempFolder elsewhere;
        return Vault(house->db, *MasterKey::load(elsewhere / "key")).keyedHash("pin", "271828");
    });
    const auto row = house->actor.ask([&] { return PersonTable(house->db, house->vault).all()->front(); });
    EXPECT_NE(*row.pinKey, other) << "another master key, another hash";
    EXPECT_EQ(row.passwordHash->rfind("keyed$argon2id$", 0), 0U);
    EXPECT_TRUE(secretMatches(house->vault, "password", *row.passwordHash, "correct horse"));
    TempFolder elsewhere;
    const Vault thief(house->db, *MasterKey::load(elsewhere / "key"));
    EXPECT_FALSE(secretMatches(thief, "password", *row.passwordHash, "correct horse"));
    EXPECT_FALSE(secretMatches(thief, "password", row.passwordHash->substr(5), "correct horse"));
    for (const std::string secret : {"correct horse", "271828", "04a22f1b"})
        for (const std::string &kept : {*row.passwordHash, *row.pinKey, *row.cardKey})
            EXPECT_EQ(kept.find(secret), std::string::npos);
}

TEST_F(PeopleTest, APasswordFromBeforeSignsInAndIsHashedAnewWithTheMasterKey)
{
    house->person({.name = "Mara Lind", .password = "something else"});
    const auto hash = [&] {
        return *house->actor.ask([&] { return PersonTable(house->db, house->vault).all()->front(); }).passwordHash;
    };
    // "correct horse", as it was hashed before the master key was part of it
    ASSERT_TRUE(house->actor.ask([&] {
        return house->db.run("UPDATE person SET password_hash='$argon2id$v=19$m=19456,t=2,p=1$eUVhRjRvCKp5VKWLQofYow$"
                             "7VvhyfLj0cUIgsEK3ZgsCNgDEGnVWXmZsGiijJd3xhM'");
    }));
    EXPECT_EQ(byPassword(*face, "Mara Lind", "wrong horse").code(), "sign-in-failed");
    EXPECT_FALSE(isKeyed(hash()));
    EXPECT_TRUE(byPassword(*face, "Mara Lind", "correct horse").ok());
    EXPECT_TRUE(isKeyed(hash()));
    EXPECT_TRUE(byPassword(*face, "Mara Lind", "correct horse").ok());
    EXPECT_EQ(byPassword(*face, "Mara Lind", "wrong horse").code(), "sign-in-failed");
}

TEST_F(PeopleTest, OnlyAnAdministratorByPasswordAdministers)
{
    const std::string id =
        house->person({.name = "Chief", .administrator = true, .password = "long enough", .pin = "271828"});
    ASSERT_TRUE(byPin(*face, "271828").ok());
    EXPECT_EQ(face->call("session.get").result["roles"], json({"person"}));
    EXPECT_EQ(face->call("people.list").code(), "not-allowed");
    ASSERT_TRUE(byPassword(*face, "chief", "long enough").ok());
    EXPECT_EQ(face->call("session.get").result["roles"], json({"person", "administrator"}));
    EXPECT_TRUE(face->call("people.list").ok());
    EXPECT_TRUE(face->call("settings.set", {{"sessionTimeout", 120}}).ok());
    EXPECT_EQ(face->call("people.update", {{"id", id}, {"role", "person"}}).code(), "last-administrator");
    EXPECT_EQ(face->call("people.remove", {{"id", id}}).code(), "last-administrator");
    EXPECT_EQ(face->call("people.update", {{"id", id}, {"password", ""}}).code(), "password-invalid");
    face->call("session.signOut");
    EXPECT_EQ(face->call("people.list").code(), "not-allowed");
}

TEST_F(PeopleTest, EveryMethodSaysWhoMayCallIt)
{
    std::set<std::string_view> listed;
    for (const MethodAccess &row : accessTable())
        EXPECT_TRUE(listed.insert(row.method).second) << row.method << " is there twice";
    for (const std::string &method : house->api->methods())
        EXPECT_TRUE(listed.contains(method)) << method << " is not in src/api/access.cpp";
    EXPECT_EQ(listed.size(), house->api->methods().size());
    for (const MethodAccess &row : accessTable()) {
        if (row.access != Access::Administrator)
            continue;
        EXPECT_EQ(face->call(std::string(row.method), {{"id", "x"}, {"name", "x"}}).code(), "not-allowed")
            << row.method;
    }
}

TEST_F(PeopleTest, WhereGuestsAreKeptOutTheyMayOnlySignIn)
{
    house->person({.name = "Mara Lind", .pin = "271828"});
    ASSERT_TRUE(house->actor.ask([&] { return house->settings.change({{"guests", false}}); }));
    EXPECT_EQ(face->call("profiles.list").code(), "sign-in-required");
    EXPECT_EQ(face->call("jobs.list").code(), "sign-in-required");
    EXPECT_EQ(face->call("session.get").result["signIn"]["guests"], false);
    ASSERT_TRUE(byPin(*face, "271828").ok());
    EXPECT_TRUE(face->call("profiles.list").ok());
}

TEST_F(PeopleTest, AMethodThatIsOffLetsOnlyAdministratorsInByTheirPassword)
{
    house->person({.name = "Chief", .administrator = true, .password = "long enough", .pin = "271828"});
    house->person({.name = "Mara Lind", .password = "correct horse"});
    ASSERT_TRUE(house->actor.ask([&] { return house->settings.change({{"signInMethods", {"card"}}}); }));
    EXPECT_TRUE(face->call("people.choices").result["people"].empty());
    EXPECT_EQ(byPin(*face, "271828").code(), "sign-in-method-off");
    EXPECT_EQ(byPassword(*face, "Mara Lind", "correct horse").code(), "sign-in-method-off");
    EXPECT_EQ(byPassword(*face, "Chief", "wrong").code(), "sign-in-method-off");
    EXPECT_TRUE(byPassword(*face, "Chief", "long enough").ok());
}

TEST_F(PeopleTest, ASessionThatNobodyTouchesEndsByItself)
{
    house->person({.name = "Mara Lind", .pin = "271828"});
    ASSERT_TRUE(byPin(*face, "271828").ok());
    house->later = std::chrono::seconds(50);
    ASSERT_TRUE(face->call("session.touch").ok());
    house->later = std::chrono::seconds(100);
    EXPECT_FALSE(face->waitForEvent([](const json &e) { return e["type"] == "session.changed"; },
                                    std::chrono::milliseconds(1200)))
        << "50 seconds after the touch it goes on";
    EXPECT_EQ(face->call("session.get").result["kind"], "person");
    face->call("system.status"); // what a face asks by itself does not count
    house->later = std::chrono::seconds(111);
    EXPECT_TRUE(becomesGuest(*face, "inactive"));
}

TEST_F(PeopleTest, SignOutClosesEverythingAndCancelsWhatIsUnderWay)
{
    const std::string id = house->person({.name = "Mara Lind", .pin = "271828"});
    const std::string profile = house->linkedProfile("Hers", "", "person:" + id);
    ASSERT_TRUE(byPin(*face, "271828").ok());
    ASSERT_TRUE(face->call("profiles.open", {{"id", profile}}).ok());
    sandbox().control({{"do", "fault"}, {"route", "list_folder"}, {"action", {{"delayMs", 60000}}}});
    std::thread asker([&] { EXPECT_EQ(face->call("files.list", {{"profile", profile}}).code(), "cancelled"); });
    const auto listing = [&] {
        return dumpLine(sandbox().control({{"do", "requests"}, {"route", "list_folder"}})).find("list_folder") !=
               std::string::npos;
    };
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!listing() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    house->api->receive(face->connection(), R"({"jsonrpc":"2.0","method":"session.signOut"})");
    asker.join();
    EXPECT_EQ(face->call("files.list", {{"profile", profile}}).code(), "profile-gone");
    ASSERT_TRUE(byPin(*face, "271828").ok());
    EXPECT_EQ(face->call("files.list", {{"profile", profile}}).code(), "profile-not-open")
        << "a new session opens its profiles anew";
}

TEST_F(PeopleTest, EventsOfAPersonReachNobodyElse)
{
    const std::string id = house->person({.name = "Mara Lind", .pin = "271828"});
    house->person({.name = "Jon Berg", .pin = "314159"});
    InProcessFace guest(*house->api);
    InProcessFace other(*house->api);
    ASSERT_TRUE(byPin(other, "314159").ok());
    ASSERT_TRUE(byPin(*face, "271828").ok());
    const std::int64_t before = face->call("system.hello").result["sequence"];
    for (InProcessFace *each : {face.get(), &guest, &other})
        ASSERT_TRUE(each->call("events.subscribe").ok());
    ASSERT_TRUE(face->call("profiles.create", {{"provider", "dropbox"}, {"name", "Hers"}}).ok());
    const auto hers = [](const json &e) { return e["type"] == "profile.changed"; };
    EXPECT_TRUE(face->waitForEvent(hers));
    EXPECT_FALSE(guest.waitForEvent(hers, std::chrono::milliseconds(100)));
    EXPECT_FALSE(other.waitForEvent(hers, std::chrono::milliseconds(100)));
    face->call("session.signOut");
    for (InProcessFace *each : {face.get(), &guest, &other}) {
        ASSERT_EQ(each->call("events.subscribe", {{"after", before}}).result["reset"], false);
        EXPECT_FALSE(each->waitForEvent(hers, std::chrono::milliseconds(100))) << "nor afterwards";
    }
    ASSERT_TRUE(byPin(*face, "271828").ok());
    ASSERT_TRUE(face->call("events.subscribe", {{"after", before}}).ok());
    EXPECT_TRUE(face->waitForEvent(hers)) << "whose they are gets them again";
}

TEST_F(PeopleTest, WhoeverIsRemovedOrGivenAnotherSecretIsSentOut)
{
    const std::string id = house->person({.name = "Mara Lind", .pin = "271828"});
    const std::string profile = house->linkedProfile("Hers", "", "person:" + id);
    InProcessFace chief(*house->api);
    chiefSignsIn(chief);
    ASSERT_TRUE(byPin(*face, "271828").ok());
    ASSERT_TRUE(chief.call("people.update", {{"id", id}, {"pin", "161803"}}).ok());
    EXPECT_TRUE(becomesGuest(*face, "signed-out"));
    EXPECT_EQ(byPin(*face, "271828").code(), "sign-in-failed");
    ASSERT_TRUE(byPin(*face, "161803").ok());
    ASSERT_TRUE(chief.call("people.remove", {{"id", id}}).ok());
    EXPECT_TRUE(becomesGuest(*face, "removed"));
    EXPECT_TRUE(house->actor.ask([&] { return ProfileTable(house->db, house->vault).all()->empty(); }))
        << "nor are the profiles";
    EXPECT_EQ(chief.call("people.remove", {{"id", id}}).code(), "person-gone");
}

TEST_F(PeopleTest, FiveWrongTriesLockANameAlsoForTheRightSecretAndAlsoOfSomebodyWhoIsNotThere)
{
    house->person({.name = "Mara Lind", .password = "correct horse"});
    for (const std::string name : {"Mara Lind", "Nobody"}) {
        for (int i = 0; i < 5; ++i)
            EXPECT_EQ(byPassword(*face, name, "wrong").code(), "sign-in-failed");
        const Answer locked = byPassword(*face, name, "correct horse");
        EXPECT_EQ(locked.code(), "sign-in-throttled") << name;
        EXPECT_EQ(locked.error["retryAfter"], 60) << name;
    }
    house->bootSeconds += 60;
    EXPECT_TRUE(byPassword(*face, "MARA lind", "correct horse").ok());
}

TEST_F(PeopleTest, GuessingPinsIsSlowWhoeverSignsInMeanwhile)
{
    house->person({.name = "Mara Lind", .pin = "271828"});
    std::string code;
    int tries = 0;
    do {
        code = byPin(*face, std::to_string(100000 + tries++)).code();
        EXPECT_TRUE(code != "sign-in-failed" || tries >= 10 || byPin(*face, "271828").ok());
    } while (code == "sign-in-failed" && tries < 50);
    EXPECT_EQ(code, "sign-in-throttled");
    EXPECT_EQ(tries, 11) << "ten, then one in five minutes";
    house->bootSeconds += 300;
    EXPECT_EQ(byPin(*face, "999999").code(), "sign-in-failed");
    EXPECT_EQ(byPin(*face, "999999").code(), "sign-in-throttled");
}

TEST_F(PeopleTest, TheAuditLogSaysWhoDidWhatAndNothingOfWhatWasInIt)
{
    const std::string id = house->person({.name = "Mara Lind", .password = "correct horse", .pin = "271828"});
    InProcessFace chief(*house->api);
    chiefSignsIn(chief);
    face->call("system.hello", {{"client", "panel"}});
    EXPECT_EQ(byPassword(*face, "Mara Lind", "wrong horse").code(), "sign-in-failed");
    EXPECT_EQ(byPassword(*face, "my secret in the wrong field", "x").code(), "sign-in-failed");
    ASSERT_TRUE(byPin(*face, "271828").ok());
    const Answer made =
        face->call("profiles.create", {{"provider", "dropbox"}, {"name", "Private name"}, {"pin", "4321"}});
    const std::string profile = made.result["profile"]["id"];
    EXPECT_EQ(face->call("profiles.open", {{"id", profile}, {"pin", "9999"}}).code(), "pin-wrong");
    ASSERT_TRUE(face->call("profiles.delete", {{"id", profile}}).ok());
    ASSERT_TRUE(chief.call("settings.set", {{"allowedDomains", {"example.org"}}}).ok());
    ASSERT_TRUE(face->call("session.signOut").ok());
    EXPECT_EQ(face->call("audit.list").code(), "not-allowed");

    const Answer all = chief.call("audit.list", {{"limit", 500}});
    ASSERT_TRUE(all.ok()) << all.error;
    const auto entry = [&](const std::string &what, const std::string &outcome) {
        for (const json &e : all.result["entries"])
            if (e["what"] == what && e["outcome"] == outcome && e["face"] == "panel")
                return e;
        return json::object();
    };
    EXPECT_EQ(entry("session.began", "sign-in-failed").value("whoName", ""), "Guest");
    EXPECT_EQ(entry("session.began", "ok").value("facts", json())["method"], "pin");
    EXPECT_EQ(entry("profile.created", "ok").value("who", ""), "person:" + id);
    EXPECT_EQ(entry("profile.created", "ok").value("subject", ""), profile);
    EXPECT_EQ(entry("profile.opened", "pin-wrong").value("subject", ""), profile);
    EXPECT_EQ(entry("profile.deleted", "ok").value("who", ""), "person:" + id);
    EXPECT_EQ(entry("session.ended", "ok").value("subject", ""), id);
    const std::string text = dumpLine(all.result);
    EXPECT_NE(text.find("allowedDomains"), std::string::npos) << "which setting";
    for (const char *secret : {"example.org", "Private name", "wrong horse", "my secret", "271828", "4321", "9999"})
        EXPECT_EQ(text.find(secret), std::string::npos) << secret;
    bool named = false;
    for (const json &e : all.result["entries"])
        named = named || (e["outcome"] == "sign-in-failed" && e["subject"] == id);
    EXPECT_TRUE(named) << "whose account was tried";

    // Pages fit together.
    const Answer first = chief.call("audit.list", {{"limit", 2}});
    const Answer second = chief.call("audit.list", {{"limit", 2}, {"before", first.result["next"]}});
    EXPECT_EQ(second.result["entries"][0]["number"], first.result["entries"][1]["number"].get<int>() - 1);
    const Answer opened = chief.call("audit.list", {{"what", "profile.opened"}});
    EXPECT_EQ(opened.result["entries"].size(), 1U);
    for (const json &e : opened.result["entries"])
        EXPECT_EQ(e["what"], "profile.opened");
}

TEST_F(PeopleTest, EveryMethodThatIsNotWrittenDownOnlyReadsOrIsWrittenDownWhereItHappens)
{
    const std::set<std::string_view> reads{
        "system.hello",
        "system.status",
        "events.subscribe",
        "settings.get",
        "session.get",
        "session.touch",
        "people.choices",
        "setup.get",
        "people.list",
        "audit.list",
        "providers.list",
        "printer.get",
        "scanner.get",
        "profiles.list",
        "profiles.overview",
        "files.list",
        "files.places",
        "files.search",
        "files.thumbnail",
        "shortcuts.list",
        "shortcuts.get",
        "jobs.list",
        "jobs.get",
        "session.end",
        "profiles.close",         // change what is open on their own connection, and nothing else
        "profiles.authorization", // shows the code that profiles.authorize asked for
        "shortcuts.check",        // looks where the file is now
    };
    const std::set<std::string_view> writtenWhereItHappens{"session.signIn", "session.signOut", "profiles.delete",
                                                           "profiles.remove"};
    std::set<std::string> inTable;
    for (const MethodAccess &row : accessTable()) {
        inTable.insert(std::string(row.method));
        EXPECT_EQ(row.audited.empty(), reads.contains(row.method) || writtenWhereItHappens.contains(row.method))
            << row.method;
    }
    for (const std::string &method : house->api->methods())
        EXPECT_TRUE(inTable.contains(method)) << method;
}

TEST_F(PeopleTest, AFailureThatComesAgainIsOneEntryThatSaysHowManyTimes)
{
    WallTime now = systemNow();
    house->actor.ask([&] {
        AuditLog log(house->db, house->vault, house->settings, [&] { return now; });
        const Actor guest{"guest", "Guest", "panel"};
        for (int i = 0; i < 300; ++i)
            log.record(guest, "profile.opened", "", "profile-gone");
        log.record(guest, "profile.opened", "", "pin-wrong");
        log.record(guest, "profile.opened");
        log.record(guest, "profile.opened");
        const auto entries = log.list(INT64_MAX, 500, "profile.opened");
        ASSERT_EQ(entries->size(), 4U);
        EXPECT_EQ(json::parse(entries->back().detail).value("times", 1), 300);
        now += std::chrono::hours(1);
        log.record(guest, "profile.opened", "", "profile-gone");
        EXPECT_EQ(log.list(INT64_MAX, 500, "profile.opened")->size(), 5U) << "an hour later it is another one";
    });
}

TEST_F(PeopleTest, WhoeverFillsTheAuditLogDoesNotDrownTheOthers)
{
    house->actor.ask([&] {
        const auto done = house->db.transaction([&]() -> Result<void> {
            AuditLog log(house->db, house->vault, house->settings);
            log.record({"person:chief", "Chief", "web"}, "settings.changed");
            const Actor guest{"guest", "Guest", "panel"};
            for (int i = 0; i < 101'000; ++i)
                log.record(guest, i % 2 == 0 ? "profile.opened" : "profile.renamed");
            EXPECT_EQ(log.list(INT64_MAX, 10, "settings.changed")->size(), 1U);
            const auto left = log.list(INT64_MAX, 200'000, "profile.opened")->size();
            EXPECT_GE(left, 5'000U);
            EXPECT_LE(left, 5'100U);
            return {};
        });
        EXPECT_TRUE(done);
    });
}

TEST_F(PeopleTest, TheAuditLogDoesNotKeepWhatWasSentForAnIdThatIsNot)
{
    InProcessFace chief(*house->api);
    chiefSignsIn(chief);
    const std::string text = "my bank's PIN is four two four two!!";
    ASSERT_EQ(text.size(), 36U);
    EXPECT_EQ(face->call("profiles.open", {{"id", text}}).code(), "profile-gone");
    EXPECT_EQ(dumpLine(chief.call("audit.list").result).find("bank"), std::string::npos);
}

TEST_F(PeopleTest, AnAdministratorWhoIsNoneAnyMoreAdministersNoLonger)
{
    chiefSignsIn(*face);
    house->person({.name = "Second", .administrator = true, .password = "long enough too"});
    const std::string id = face->call("session.get").result["id"];
    ASSERT_TRUE(face->call("people.update", {{"id", id}, {"name", "Former chief"}}).ok());
    EXPECT_EQ(face->call("session.get").result["name"], "Former chief");
    ASSERT_TRUE(face->call("people.update", {{"id", id}, {"role", "person"}}).ok());
    EXPECT_EQ(face->call("people.list").code(), "not-allowed");
}

TEST_F(PeopleTest, GuessingOverTheNetworkLocksNobodyOutWhoStandsAtTheDevice)
{
    house->person({.name = "Mara Lind", .password = "correct horse", .pin = "271828"});
    WebFace away(*house->api);
    const auto from = [&](const json &claim) { return away.call("session.signIn", claim).code(); };
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(from({{"method", "password"}, {"name", "Mara Lind"}, {"secret", "wrong"}}), "sign-in-failed");
    EXPECT_EQ(from({{"method", "password"}, {"name", "Mara Lind"}, {"secret", "correct horse"}}), "sign-in-throttled");
    EXPECT_TRUE(byPassword(*face, "Mara Lind", "correct horse").ok());
    // Nor is what only somebody at the device has a proof from afar.
    house->bootSeconds += 3600;
    EXPECT_EQ(from({{"method", "pin"}, {"secret", "271828"}}), "sign-in-method-off");
    EXPECT_EQ(from({{"method", "password"}, {"name", "Mara Lind"}, {"secret", "correct horse"}}), "");
    EXPECT_EQ(away.call("people.choices").result["people"].size(), 0U);
}

TEST_F(PeopleTest, NobodyIsAGuestOverTheNetworkNorPassesForThePanel)
{
    InProcessFace chief(*house->api);
    chiefSignsIn(chief);
    house->linkedProfile("Guests' own");
    house->person({.name = "Mara Lind", .password = "correct horse"});
    WebFace away(*house->api);
    EXPECT_EQ(away.call("profiles.list").code(), "sign-in-required");
    ASSERT_TRUE(away.call("system.hello", {{"client", "panel"}}).ok());
    ASSERT_TRUE(
        away.call("session.signIn", {{"method", "password"}, {"name", "Mara Lind"}, {"secret", "correct horse"}}).ok());
    const json entry = chief.call("audit.list", {{"what", "session.began"}, {"limit", 1}}).result["entries"][0];
    EXPECT_EQ(entry["whoName"], "Mara Lind");
    EXPECT_EQ(entry["face"], "web-panel");
    EXPECT_EQ(away.call("settings.set", {{"language", "fr"}}).code(), "not-allowed") << "that of the panel";
    ASSERT_TRUE(away.call("session.signOut").ok());
    EXPECT_EQ(away.call("profiles.list").code(), "sign-in-required");
}

TEST_F(PeopleTest, TheAuditLogForgetsWhatIsOldButNotForAClockThatIsSetAheadForAWhile)
{
    house->actor.ask([&] {
        WallTime now = systemNow();
        AuditLog log(
            house->db, house->vault, house->settings, [&] { return now; }, house->bootClock);
        const auto count = [&](const char *what) { return log.list(INT64_MAX, 10, what)->size(); };
        log.record({}, "job.ended");
        now += std::chrono::days(91);
        {
            AuditLog restarted(
                house->db, house->vault, house->settings, [&] { return now; }, house->bootClock);
            EXPECT_EQ(count("job.ended"), 1U) << "the clock may be wrong";
            now -= std::chrono::days(91);
            house->bootSeconds += 3600;
            for (int i = 0; i < 100; ++i)
                restarted.record({}, "job.begun");
            EXPECT_EQ(count("job.ended"), 1U) << "it was";
        }
        now += std::chrono::days(91);
        AuditLog later(
            house->db, house->vault, house->settings, [&] { return now; }, house->bootClock);
        house->bootSeconds += 3600;
        later.record({}, "settings.changed");
        EXPECT_EQ(count("job.ended"), 0U);
        EXPECT_EQ(count("settings.changed"), 1U);
    });
}

TEST(ThrottleTest, NeitherARestartNorARebootNorTheClockShortensIt)
{
    TempFolder folder;
    std::int64_t now = 1000;
    const std::vector<TryDoor> doors{{"name:x", true, std::chrono::seconds{0}, 0}};
    const auto restarted = [&](const std::string &boot, auto work) {
        auto db = *Database::open(folder / "state.db", serviceSchema());
        SignInThrottle throttle(db, {[&now] { return now; }, boot});
        return work(throttle);
    };
    const auto left = [&](SignInThrottle &throttle) { return throttle.waitFor(doors).count(); };
    restarted("one", [&](SignInThrottle &throttle) {
        for (int i = 0; i < 5; ++i)
            EXPECT_TRUE(throttle.count(doors));
        return 0;
    });
    now += 20;
    EXPECT_EQ(restarted("one", left), 40) << "a restart";
    now = 5; // the clock of a new boot begins anew
    EXPECT_EQ(restarted("two", left), 60) << "after a reboot the wait begins again";
    now += 59;
    EXPECT_EQ(restarted("two", left), 1);
    now += 1;
    EXPECT_EQ(restarted("two", left), 0);
    std::vector<std::int64_t> locks;
    restarted("two", [&](SignInThrottle &throttle) {
        for (int round = 0; round < 8; ++round) {
            for (int i = 0; i < 5; ++i)
                EXPECT_TRUE(throttle.count(doors));
            locks.push_back(throttle.waitFor(doors).count());
            now += locks.back();
        }
        return 0;
    });
    EXPECT_EQ(locks, (std::vector<std::int64_t>{120, 240, 480, 960, 1920, 3600, 3600, 3600}));
}

// One request over the service's socket.
json askSocket(const std::filesystem::path &path, const std::vector<std::string> &lines)
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    json last;
    for (const std::string &line : lines) {
        const std::string text = line + "\n";
        EXPECT_EQ(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
        std::string answer;
        for (char c = 0; ::read(fd, &c, 1) == 1 && c != '\n';)
            answer += c;
        last = json::parse(answer, nullptr, false);
    }
    ::close(fd);
    return last;
}

TEST_F(PeopleTest, TheMachinesAdministratorIsKnownByTheSocketAlone)
{
    EXPECT_EQ(face->call("session.signIn", {{"method", "machine"}}).code(), "not-allowed") << "no socket, no word";
    auto carrier = UnixCarrier::listen(*house->api, house->folder / "api.sock");
    ASSERT_TRUE(carrier);
    const json first = askSocket(
        house->folder / "api.sock",
        {R"({"jsonrpc":"2.0","id":1,"method":"session.signIn","params":{"method":"machine"}})",
         R"({"jsonrpc":"2.0","id":2,"method":"people.add","params":{"name":"Chief","role":"administrator","password":"long enough"}})"});
    EXPECT_EQ(first["result"]["person"]["role"], "administrator") << first;
    EXPECT_EQ(askSocket(house->folder / "api.sock",
                        {R"({"jsonrpc":"2.0","id":1,"method":"people.list"})"})["error"]["data"]["code"],
              "not-allowed")
        << "being root is not enough: it must be said";
    EXPECT_TRUE(byPassword(*face, "Chief", "long enough").ok());
}

} // namespace
} // namespace connector::test
