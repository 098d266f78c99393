// SPDX-License-Identifier: Apache-2.0
// Guests share their profiles, codes and jobs: what one of them is told of another's.
#include "core/encoding.h"
#include "profiles/sealed_grant.h"
#include "tests/component/api/api_house.h"
#include "tests/support/busy_pool.h"
#include "tests/support/pdf.h"
#include "tests/support/scripted_server.h"

namespace connector::test {
namespace {

class DiscretionTest : public ::testing::Test {
protected:
    DiscretionTest() { sandbox().control({{"do", "reset"}}); }

    // A scan that waits for its next page.
    static std::string scanJob(InProcessFace &face, const std::string &profile)
    {
        const auto made = face.call("jobs.scan", {{"profile", profile},
                                                  {"folder", ""},
                                                  {"folderName", "Private folder"},
                                                  {"name", "Private scan"},
                                                  {"settings", {{"source", "flatbed"}, {"pages", "many"}}}});
        EXPECT_EQ(made.result["job"]["name"], "Private scan") << made.error;
        return made.result["job"]["id"];
    }
    static std::set<std::string> privateWords(const json &told)
    {
        std::set<std::string> found;
        for (const char *word : {"Private scan", "Private folder", "mara.lind@example.org", "WDJB"})
            if (dumpLine(told).find(word) != std::string::npos)
                found.insert(word);
        return found;
    }
    bool until(const std::string &job, const std::function<bool(const json &)> &fits)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!fits(other.call("jobs.get", {{"id", job}}).result["job"])) {
            if (std::chrono::steady_clock::now() > deadline)
                return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return true;
    }
    bool waitsForAPage(const std::string &job)
    {
        return until(job, [](const json &j) { return j["awaiting"] == "next-page"; });
    }
    // All that came before something that everybody is told.
    std::vector<json> eventsOf(InProcessFace &face)
    {
        house.actor.ask([&] { return 0; });
        const std::string language = face.call("settings.get").result["language"];
        EXPECT_TRUE(face.call("settings.set", {{"language", language}}).ok());
        std::vector<json> events;
        EXPECT_TRUE(face.waitForEvent([&](const json &e) {
            events.push_back(e);
            return e["type"] == "settings.changed";
        }));
        return events;
    }

    ApiHouse house;
    InProcessFace mara{*house.api};
    InProcessFace other{*house.api};
    const std::set<std::string> nothing;
};

TEST_F(DiscretionTest, TheJobsOfAProfileWithAPinKeepTheirNamesFromGuestsWhoDidNotOpenIt)
{
    const std::string profile = house.linkedProfile("Mara", "1234");
    ASSERT_TRUE(mara.call("events.subscribe").ok());
    ASSERT_TRUE(other.call("events.subscribe").ok());
    const std::int64_t before = other.call("system.hello").result["sequence"];
    ASSERT_TRUE(mara.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    const std::string job = scanJob(mara, profile);
    const auto waits = [&](const json &e) {
        return e["type"] == "job.changed" && e["data"]["awaiting"] == "next-page";
    };
    const auto own = mara.waitForEvent(waits);
    const auto theirs = other.waitForEvent(waits);
    ASSERT_TRUE(own && theirs);
    EXPECT_EQ(privateWords(*own), std::set<std::string>({"Private scan", "Private folder"}));
    EXPECT_EQ(privateWords(*theirs), nothing);
    EXPECT_EQ((*theirs)["data"]["id"], job) << "that there is one is no secret";

    const auto told = [&](InProcessFace &face) {
        json all = face.call("jobs.list").result;
        all["one"] = face.call("jobs.get", {{"id", job}}).result;
        return all;
    };
    EXPECT_EQ(privateWords(told(mara)).size(), 2U);
    EXPECT_EQ(privateWords(told(other)), nothing);
    InProcessFace late(*house.api);
    ASSERT_TRUE(late.call("events.subscribe", {{"after", before}}).ok());
    for (const json &event : eventsOf(late))
        EXPECT_EQ(privateWords(event), nothing) << event;
    EXPECT_EQ(privateWords(late.call("jobs.cancel", {{"id", job}}).result), nothing);

    // Whoever begun it still sees it with the profile closed, until the next guest comes.
    ASSERT_TRUE(mara.call("profiles.close", {{"id", profile}}).ok());
    EXPECT_EQ(privateWords(told(mara)).size(), 2U);
    ASSERT_TRUE(mara.call("session.end").ok());
    EXPECT_EQ(privateWords(told(mara)), nothing);
    ASSERT_TRUE(other.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    EXPECT_EQ(privateWords(told(other)).size(), 2U) << "whoever knows the PIN";
    ASSERT_TRUE(other.call("profiles.delete", {{"id", profile}}).ok());
    EXPECT_EQ(privateWords(told(late)), nothing) << "also when the profile is gone";
}

TEST_F(DiscretionTest, WithoutAPinGuestsSeeEachOthersJobs)
{
    const std::string profile = house.linkedProfile("Everybody's");
    ASSERT_TRUE(mara.call("profiles.open", {{"id", profile}}).ok());
    const std::string job = scanJob(mara, profile);
    EXPECT_EQ(other.call("jobs.get", {{"id", job}}).result["job"]["name"], "Private scan");
}

TEST_F(DiscretionTest, WhoseAccountIsBehindAPinIsToldWhereThePinWasGiven)
{
    const std::string profile = house.linkedProfile("Mara", "1234");
    ASSERT_TRUE(other.call("events.subscribe").ok());
    EXPECT_EQ(privateWords(other.call("profiles.list").result), nothing);
    ASSERT_TRUE(mara.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    EXPECT_EQ(privateWords(mara.call("profiles.list").result).size(), 1U);
    ASSERT_TRUE(mara.call("profiles.rename", {{"id", profile}, {"name", "Mara Lind"}}).ok());
    const auto opened = other.waitForEvent([](const json &e) { return e["type"] == "profile.changed"; });
    ASSERT_TRUE(opened) << "at the first time";
    EXPECT_EQ(privateWords(*opened), nothing);
    const auto renamed = other.waitForEvent([](const json &e) { return e["data"]["name"] == "Mara Lind"; });
    ASSERT_TRUE(renamed);
    EXPECT_EQ(privateWords(*renamed), nothing);
}

TEST_F(DiscretionTest, ACodeIsToldOnlyWhereItIsOnTheScreen)
{
    ASSERT_TRUE(other.call("events.subscribe").ok());
    ASSERT_TRUE(mara.call("events.subscribe").ok());
    const auto made = mara.call("profiles.create", {{"provider", "dropbox"}, {"name", "Mara"}, {"pin", "1234"}});
    ASSERT_TRUE(made.ok());
    for (const json &event : eventsOf(other))
        EXPECT_NE(event["type"], "authorization.changed") << "whoever has it could put another account in";
    house.portalServer.refuse();
    EXPECT_TRUE(mara.waitForEvent(
        [](const json &e) { return e["type"] == "authorization.changed" && e["data"]["state"] == "failed"; }));
}

TEST_F(DiscretionTest, ANewCodeEndsTheOneOnAnotherScreen)
{
    const std::string profile = house.linkedProfile("Mara", "1234");
    ASSERT_TRUE(mara.call("events.subscribe").ok());
    ASSERT_TRUE(mara.call("profiles.authorize", {{"id", profile}}).ok());
    ASSERT_TRUE(other.call("profiles.authorize", {{"id", profile}, {"pin", "9999"}}).ok());
    const auto over = mara.waitForEvent(
        [](const json &e) { return e["type"] == "authorization.changed" && e["data"]["state"] == "cancelled"; });
    ASSERT_TRUE(over) << "else she would sign in for a PIN that somebody else chose";
    EXPECT_EQ((*over)["data"]["profileId"], profile);
}

TEST_F(DiscretionTest, WhoeverComesToACodeThatWasAskedForWithANewPinKeepsTheOldOne)
{
    const std::string profile = house.linkedProfile("Mara", "1234");
    house.putCodeOut(profile);
    const auto kept = [&] {
        return house.actor.ask(
            [&] { return json::parse(**house.vault.get(profile, "authorization")).value("newPinHash", "none"); });
    };
    house.actor.ask([&] {
        json code = json::parse(**house.vault.get(profile, "authorization"));
        code["newPinHash"] = "a hash of somebody's";
        EXPECT_TRUE(house.vault.put(profile, "authorization", code.dump()));
    });
    ASSERT_NE(kept(), "");
    ASSERT_TRUE(mara.call("profiles.authorization", {{"id", profile}}).ok());
    EXPECT_EQ(kept(), "");
}

TEST_F(DiscretionTest, AnAnswerAboutAProfileThatWasClosedMeanwhileIsVoid)
{
    const std::string profile = house.linkedProfile("Mara", "1234");
    ASSERT_TRUE(mara.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    const json list{{"jsonrpc", "2.0"}, {"id", "slow"}, {"method", "files.list"}, {"params", {{"profile", profile}}}};
    const json end{{"jsonrpc", "2.0"}, {"method", "session.end"}, {"params", json::object()}};
    house.actor.ask([&] { // both are there before the cloud can answer
        house.api->receive(mara.connection(), dumpLine(list));
        house.api->receive(mara.connection(), dumpLine(end));
    });
    const json answer = json::parse(mara.sendRaw(R"({"jsonrpc":"2.0","method":"$/cancel","params":{"id":"nothing"}})"));
    EXPECT_EQ(answer["id"], "slow");
    EXPECT_EQ(answer["error"]["data"]["code"], "pin-required") << answer;
}

TEST_F(DiscretionTest, APinThatIsBeingLookedAtKeepsNobodyElseWaiting)
{
    const std::string profile = house.linkedProfile("Mara", "1234");
    const json open{{"jsonrpc", "2.0"},
                    {"id", "open"},
                    {"method", "profiles.open"},
                    {"params", {{"id", profile}, {"pin", "1234"}}}};
    BusyPool busy(house.pinWorkers, ApiHouse::kPinWorkers);
    house.api->receive(mara.connection(), dumpLine(open));
    EXPECT_TRUE(other.call("profiles.list").ok());
    EXPECT_EQ(mara.call("files.list", {{"profile", profile}}).code(), "pin-required");
    busy.release();
    const json answer = json::parse(mara.sendRaw(R"({"jsonrpc":"2.0","method":"$/cancel","params":{"id":"nothing"}})"));
    EXPECT_EQ(answer["id"], "open");
    EXPECT_EQ(answer["result"]["profile"]["account"], "mara.lind@example.org") << answer;
}

TEST_F(DiscretionTest, WhoeverLeavesWhileTheirNewPinIsHashedLeavesNothingBehind)
{
    const std::string profile = house.linkedProfile("Mara", "1234");
    ASSERT_TRUE(mara.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    const std::pair<const char *, json> asked[] = {
        {"profiles.create", {{"provider", "dropbox"}, {"name", "Left"}, {"pin", "1234"}}},
        {"profiles.authorize", {{"id", profile}, {"pin", "8888"}}},
        {"profiles.open", {{"id", profile}, {"pin", "1234"}}}};
    for (const auto &[method, params] : asked) {
        BusyPool busy(house.pinWorkers, ApiHouse::kPinWorkers);
        const json request{{"jsonrpc", "2.0"}, {"id", method}, {"method", method}, {"params", params}};
        house.api->receive(mara.connection(), dumpLine(request));
        ASSERT_TRUE(mara.call("session.end").ok());
        busy.release();
        const json answer =
            json::parse(mara.sendRaw(R"({"jsonrpc":"2.0","method":"$/cancel","params":{"id":"nothing"}})"));
        EXPECT_EQ(answer["id"], method);
        EXPECT_EQ(answer["error"]["data"]["code"], "cancelled") << answer;
    }
    EXPECT_EQ(mara.call("profiles.list").result["profiles"].size(), 1U);
    EXPECT_EQ(mara.call("profiles.authorization", {{"id", profile}}).code(), "no-authorization");
    EXPECT_EQ(mara.call("files.list", {{"profile", profile}}).code(), "pin-required");
}

// A portal at which somebody signs in as soon as there is a code.
class GrantingPortal {
public:
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_server.port()); }

private:
    void answer(ScriptedServer::Exchange &exchange)
    {
        const auto reply = [&](const json &body) {
            exchange.reply(200, body.dump(), "Connector-Portal-Protocol: 1\r\n");
        };
        const std::string &target = exchange.request().target;
        const std::scoped_lock lock(m_mutex);
        if (target.ends_with("/authorizations")) {
            m_key = *fromBase64Url(json::parse(exchange.request().body)["publicKey"].get<std::string>());
            return reply({{"deviceCode", "device-code"},
                          {"userCode", "WDJB-MJHT-KQPR"},
                          {"verificationUri", url()},
                          {"verificationUriComplete", url() + "/?code=WDJB-MJHT-KQPR"},
                          {"expiresAt", formatRfc3339(systemNow() + std::chrono::hours(24))},
                          {"interval", 1}});
        }
        if (!target.ends_with("/poll"))
            return reply(json::object());
        Grant grant{"dropbox", sandbox().credentials("dropbox")["client_id"], m_tokens, {}};
        grant.tokens.accessExpires = systemNow() + std::chrono::hours(1);
        reply({{"state", "granted"}, {"sealed", toBase64Url(*sealGrant(grant, m_key))}});
    }

    const TokenSet m_tokens = SandboxAccount::tokensOf(sandbox().person("dropbox"));
    std::mutex m_mutex;
    std::string m_key;
    ScriptedServer m_server{[this](ScriptedServer::Exchange &exchange) { answer(exchange); }};
};

TEST(NewPin, WhoeverGaveTheOldOneIsAskedAgain)
{
    sandbox().control({{"do", "reset"}});
    GrantingPortal portal;
    ApiHouse house("", portal.url());
    InProcessFace mara(*house.api);
    InProcessFace other(*house.api);
    ASSERT_TRUE(mara.call("events.subscribe").ok());
    const auto granted = [&] {
        return mara
            .waitForEvent(
                [](const json &e) { return e["type"] == "authorization.changed" && e["data"]["state"] == "granted"; })
            .has_value();
    };
    const auto made = mara.call("profiles.create", {{"provider", "dropbox"}, {"name", "Mara"}, {"pin", "1234"}});
    ASSERT_TRUE(made.ok()) << made.error;
    const std::string id = made.result["profile"]["id"];
    ASSERT_TRUE(granted());
    ASSERT_TRUE(other.call("profiles.open", {{"id", id}, {"pin", "1234"}}).ok());
    ASSERT_TRUE(other.call("files.list", {{"profile", id}}).ok());
    ASSERT_TRUE(mara.call("profiles.open", {{"id", id}, {"pin", "1234"}}).ok());
    const auto scanned = mara.call("jobs.scan", {{"profile", id},
                                                 {"folder", ""},
                                                 {"folderName", "Private folder"},
                                                 {"name", "Private scan"},
                                                 {"settings", {{"source", "flatbed"}, {"pages", "many"}}}});
    ASSERT_TRUE(scanned.ok()) << scanned.error;
    const std::string job = scanned.result["job"]["id"];
    const auto jobsName = [&](InProcessFace &face) {
        return face.call("jobs.get", {{"id", job}}).result["job"]["name"];
    };
    ASSERT_TRUE(other.call("profiles.open", {{"id", id}, {"pin", "1234"}}).ok());
    EXPECT_EQ(jobsName(other), "Private scan") << "the PIN gives the profile's jobs, too";

    ASSERT_TRUE(mara.call("profiles.authorize", {{"id", id}}).ok());
    ASSERT_TRUE(granted());
    EXPECT_TRUE(other.call("files.list", {{"profile", id}}).ok()) << "the PIN is the old one";

    ASSERT_TRUE(mara.call("profiles.authorize", {{"id", id}, {"pin", "5678"}}).ok());
    EXPECT_TRUE(other.call("files.list", {{"profile", id}}).ok()) << "nobody signed in for it yet";
    ASSERT_TRUE(granted());
    EXPECT_EQ(other.call("files.list", {{"profile", id}}).code(), "pin-required");
    EXPECT_EQ(other.call("profiles.rename", {{"id", id}, {"name", "Other"}}).code(), "pin-required");
    EXPECT_EQ(jobsName(other), nullptr);
    EXPECT_EQ(other.call("jobs.dismiss", {{"id", job}}).code(), "pin-required");
    EXPECT_EQ(jobsName(mara), "Private scan") << "who began it keeps it";
    EXPECT_EQ(other.call("profiles.open", {{"id", id}, {"pin", "1234"}}).code(), "pin-wrong");
    EXPECT_TRUE(other.call("profiles.open", {{"id", id}, {"pin", "5678"}}).ok());
    EXPECT_TRUE(other.call("files.list", {{"profile", id}}).ok());
    EXPECT_TRUE(mara.call("profiles.rename", {{"id", id}, {"name", "Mara Lind"}}).ok()) << "who chose it has proven it";
}

TEST_F(DiscretionTest, AJobBehindAPinIsForThoseWhoBegunItOrGaveThePin)
{
    const std::string profile = house.linkedProfile("Mara", "1234");
    ASSERT_TRUE(mara.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    const std::string job = scanJob(mara, profile);
    ASSERT_TRUE(waitsForAPage(job));
    const auto deeds = [&](InProcessFace &face) {
        return std::vector<std::string>{face.call("jobs.cancel", {{"id", job}}).code(),
                                        face.call("jobs.continue", {{"id", job}, {"action", "next-page"}}).code(),
                                        face.call("jobs.continue", {{"id", job}, {"action", "finish"}}).code(),
                                        face.call("jobs.continue", {{"id", job}, {"action", "discard"}}).code(),
                                        face.call("jobs.dismiss", {{"id", job}}).code()};
    };
    const std::vector<std::string> refused(5, "pin-required");
    EXPECT_EQ(deeds(other), refused);
    // The panel was started anew: the PIN gives her job back to her, and the profile need not stay open for it.
    InProcessFace panel(*house.api);
    EXPECT_EQ(deeds(panel), refused);
    EXPECT_EQ(panel.call("profiles.open", {{"id", profile}, {"pin", "9999"}}).code(), "pin-wrong");
    EXPECT_EQ(deeds(panel), refused);
    ASSERT_TRUE(panel.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    ASSERT_TRUE(panel.call("profiles.close", {{"id", profile}}).ok());
    EXPECT_EQ(panel.call("jobs.continue", {{"id", job}, {"action", "next-page"}}).code(), "");
    ASSERT_TRUE(waitsForAPage(job));
    ASSERT_TRUE(panel.call("session.end").ok());
    EXPECT_EQ(deeds(panel), refused);
    EXPECT_EQ(mara.call("jobs.cancel", {{"id", job}}).code(), "") << "she begun it";
}

TEST_F(DiscretionTest, WithoutAPinGuestsMayActOnEachOthersJobs)
{
    const std::string profile = house.linkedProfile("Everybody's");
    ASSERT_TRUE(mara.call("profiles.open", {{"id", profile}}).ok());
    EXPECT_EQ(other.call("jobs.cancel", {{"id", scanJob(mara, profile)}}).code(), "");
}

TEST_F(DiscretionTest, WhoeverStandsThereMayStopTheMachine)
{
    sandbox().control({{"do", "make-file"}, {"path", "/Plan.pdf"}, {"base64", toBase64(makePdf(2))}});
    const std::string profile = house.linkedProfile("Mara", "1234");
    ASSERT_TRUE(mara.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    json plan;
    const auto root = mara.call("files.list", {{"profile", profile}});
    for (const json &entry : root.result.at("entries"))
        if (entry["name"] == "Plan.pdf")
            plan = entry["id"];
    ASSERT_TRUE(plan.is_string());
    house.printer.neverDone = true;
    std::vector<std::string> jobs;
    for (int i = 0; i < 2; ++i) { // the second waits for its turn
        const auto made =
            mara.call("jobs.print", {{"profile", profile}, {"items", {{{"id", plan}, {"name", "Plan.pdf"}}}}});
        ASSERT_TRUE(made.ok()) << made.error;
        jobs.push_back(made.result["job"]["id"]);
        ASSERT_TRUE(until(jobs.back(), [&](const json &job) {
            return i == 0 ? job["stage"] == "print" : job["reasons"] == json{"printer-busy"};
        }));
    }
    EXPECT_EQ(other.call("jobs.cancel", {{"id", jobs[1]}}).code(), "pin-required");
    EXPECT_EQ(other.call("jobs.cancel", {{"id", jobs[0]}}).code(), "");
    EXPECT_TRUE(until(jobs[0], [](const json &job) { return job["state"] == "canceled"; }));
    EXPECT_EQ(other.call("jobs.dismiss", {{"id", jobs[0]}}).code(), "pin-required");
    EXPECT_EQ(mara.call("jobs.dismiss", {{"id", jobs[0]}}).code(), "");
}

TEST_F(DiscretionTest, WhoeverStopsAStrangersScanTakesNoPageFromIt)
{
    const std::string profile = house.linkedProfile("Mara", "1234");
    ASSERT_TRUE(mara.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    const auto scan = [&](const char *source, const char *pages) {
        const auto made = mara.call("jobs.scan", {{"profile", profile},
                                                  {"folder", ""},
                                                  {"folderName", ""},
                                                  {"name", "Private scan"},
                                                  {"settings", {{"source", source}, {"pages", pages}}}});
        EXPECT_TRUE(made.ok()) << made.error;
        return made.result["job"]["id"].get<std::string>();
    };
    const auto cancel = [](InProcessFace &face, const std::string &job) {
        return face.call("jobs.cancel", {{"id", job}}).code();
    };
    house.scanner.hangAt = 2;
    const std::string fed = scan("feeder", "one");
    ASSERT_TRUE(until(fed, [](const json &job) { return job["progress"]["pages"] == 1; }));
    EXPECT_EQ(cancel(other, fed), "") << "it draws paper in";
    ASSERT_TRUE(until(fed, [](const json &job) { return job["awaiting"] == "decision"; }));
    const json stopped = mara.call("jobs.get", {{"id", fed}}).result["job"];
    EXPECT_EQ(stopped["awaitingError"]["code"], "scan-interrupted");
    EXPECT_EQ(stopped["progress"]["pages"], 1);
    EXPECT_EQ(cancel(other, fed), "pin-required");
    EXPECT_EQ(other.call("jobs.continue", {{"id", fed}, {"action", "discard"}}).code(), "pin-required");
    EXPECT_EQ(cancel(mara, fed), "");

    const std::string laid = scan("flatbed", "many");
    ASSERT_TRUE(waitsForAPage(laid));
    ASSERT_TRUE(mara.call("jobs.continue", {{"id", laid}, {"action", "next-page"}}).ok());
    ASSERT_TRUE(until(laid, [](const json &job) { return job["stage"] == "scan" && job["state"] == "processing"; }));
    EXPECT_EQ(cancel(other, laid), "pin-required") << "nothing moves there";
    EXPECT_EQ(cancel(mara, laid), "") << "she began it, and stops it with all its pages";
    EXPECT_TRUE(until(laid, [](const json &job) { return job["state"] == "canceled"; }));
}

TEST_F(DiscretionTest, WhatIsCheapToRefuseCostsNoHashOfThePin)
{
    (void)house.linkedProfile("Mara");
    BusyPool busy(house.pinWorkers, ApiHouse::kPinWorkers); // no PIN is hashed
    const auto create = [&](const char *provider, const char *name) {
        return mara.call("profiles.create", {{"provider", provider}, {"name", name}, {"pin", "1234"}}).code();
    };
    EXPECT_EQ(create("dropbox", "MARA"), "name-taken");
    EXPECT_EQ(create("dropbox", " "), "name-invalid");
    EXPECT_EQ(create("box", "New"), "provider-unsupported");
    EXPECT_EQ(mara.call("profiles.authorize", {{"id", "nobody's"}, {"pin", "1234"}}).code(), "profile-gone");
}

TEST_F(DiscretionTest, TheCodeOfAProfileWithAPinIsTakenBackByThoseWhoAskedForItOrGaveThePin)
{
    const auto cancel = [](InProcessFace &face, const std::string &profile) {
        return face.call("profiles.cancelAuthorization", {{"id", profile}}).code();
    };
    const auto made = mara.call("profiles.create", {{"provider", "dropbox"}, {"name", "New"}, {"pin", "1234"}});
    ASSERT_TRUE(made.ok()) << made.error;
    const std::string fresh = made.result["profile"]["id"];
    EXPECT_EQ(cancel(other, fresh), "pin-required");
    EXPECT_EQ(cancel(mara, fresh), "");

    const std::string linked = house.linkedProfile("Mara", "1234");
    ASSERT_TRUE(mara.call("profiles.authorize", {{"id", linked}}).ok());
    ASSERT_TRUE(other.call("profiles.authorization", {{"id", linked}}).ok());
    EXPECT_EQ(cancel(other, linked), "pin-required") << "seen is not asked for";
    EXPECT_EQ(other.call("profiles.open", {{"id", linked}, {"pin", "1234"}}).code(), "");
    EXPECT_EQ(cancel(other, linked), "");
    ASSERT_TRUE(mara.call("profiles.authorize", {{"id", linked}}).ok());
    EXPECT_EQ(cancel(mara, linked), "");
}

} // namespace
} // namespace connector::test
