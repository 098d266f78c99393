// SPDX-License-Identifier: Apache-2.0
// Signing in at a Nextcloud: the page, the app password, and what becomes of both.
#include "core/encoding.h"
#include "http/curl_http_client.h"
#include "profiles/profiles.h"
#include "store/schema.h"
#include "support/scripted_server.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <future>

namespace connector::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

// As much of a Nextcloud as a sign-in meets, and a portal that knows nothing.
struct Nextcloud {
    std::atomic<bool> granted = false;
    std::atomic<bool> told = false; // the password: once
    std::atomic<bool> accountFails = false;
    std::atomic<bool> hasFlow = true;
    std::atomic<int> flowStatus = 200;
    std::atomic<int> revocations = 0;
    std::function<void()> beforeAccount = [] {}; // on the server's thread; set before
    std::string endpoint;                        // "": its own
    std::string password = "app-password";       // the next one that is told; set while nobody asks
    std::string email = "mara.lind@example.org"; // read by the server's threads, set before
    ScriptedServer server{[this](ScriptedServer::Exchange &exchange) { answer(exchange); }};

    static std::string basic(const std::string &password) { return "Basic " + toBase64("mara:" + password); }
    // The passwords that were ended, as they were presented.
    std::vector<std::string> ended()
    {
        std::vector<std::string> all;
        for (const auto &request : server.requests())
            if (request.method == "DELETE")
                all.emplace_back(request.headers.get("Authorization"));
        return all;
    }

    void answer(ScriptedServer::Exchange &exchange)
    {
        const auto &request = exchange.request();
        const std::string base = server.url("/nc");
        if (request.target == "/nc/index.php/login/v2" && flowStatus != 200) {
            exchange.reply(flowStatus, "");
        } else if (request.target == "/nc/index.php/login/v2" && hasFlow) {
            const json flow{{"poll",
                             {{"token", "poll-secret"},
                              {"endpoint", endpoint.empty() ? base + "/index.php/login/v2/poll" : endpoint}}},
                            {"login", base + "/index.php/login/v2/flow/page"}};
            exchange.reply(200, flow.dump());
        } else if (request.target == "/nc/index.php/login/v2/poll") {
            if (!granted || told || request.body != "token=poll-secret") {
                exchange.reply(404, "[]");
                return;
            }
            told = true;
            const json grant{{"server", "http://inside.example"}, {"loginName", "mara"}, {"appPassword", password}};
            exchange.reply(200, grant.dump());
        } else if (request.headers.get("Authorization") != basic("app-password") &&
                   request.headers.get("Authorization") != basic("newer-password")) {
            exchange.reply(request.target.starts_with("/nc") ? 401 : 404, "");
        } else if (request.target.starts_with("/nc/ocs/v2.php/cloud/user")) {
            beforeAccount();
            if (accountFails) {
                exchange.reply(503, "");
                return;
            }
            const json data{{"id", "mara"},
                            {"displayname", "Mara Lind"},
                            {"email", email},
                            {"quota", {{"used", 5}, {"total", 500}, {"quota", 500}}}};
            exchange.reply(200, json{{"ocs", {{"meta", {{"status", "ok"}}}, {"data", data}}}}.dump());
        } else if (request.method == "DELETE" && request.target.starts_with("/nc/ocs/v2.php/core/apppassword")) {
            ++revocations;
            exchange.reply(200, "{}");
        } else {
            exchange.reply(404, "");
        }
    }
};

struct House {
    Nextcloud &cloud;
    TempFolder folder;
    TaskQueue actor;
    WorkerPool workers{2};
    Database db = *Database::open(folder / "state.db", serviceSchema());
    Vault vault{db, *MasterKey::load(folder / "key")};
    SettingsStore settings = *SettingsStore::load(db);
    CurlHttpClient http;
    std::atomic<std::int64_t> time = 1'800'000'000;
    std::unique_ptr<Profiles> profiles;
    std::vector<Authorization> seen; // on the actor

    explicit House(Nextcloud &nextcloud) : cloud(nextcloud) { start(); }
    ~House()
    {
        workers.stop(); // they use the profiles
        stop();
    }

    void start()
    {
        actor.ask([&] {
            CloudConfigs clouds;
            clouds["webdav"].endpoints.base["server"] = cloud.server.url("/nc");
            profiles = std::make_unique<Profiles>(Profiles::Needs{actor,
                                                                  workers,
                                                                  workers,
                                                                  db,
                                                                  vault,
                                                                  settings,
                                                                  http,
                                                                  cloud.server.url("/portal"),
                                                                  {"device", "Printer", "Hall"},
                                                                  clouds,
                                                                  [this] { return fromUnix(time); }});
            Profiles::Events events;
            events.authorization = [this](const Authorization &now, const std::string &) { seen.push_back(now); };
            profiles->setEvents(events);
        });
    }
    void stop()
    {
        actor.ask([this] { profiles.reset(); });
    }

    std::string create(const std::string &name = "Mine")
    {
        return actor.ask([&] {
            auto made = profiles->create("guest", "webdav", name);
            EXPECT_TRUE(made) << describe(made.error());
            return made ? made->id : "";
        });
    }
    // Waits for that state; what was told then.
    Authorization until(AuthorizationState state)
    {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (std::chrono::steady_clock::now() < end) {
            auto found = actor.ask([&]() -> std::optional<Authorization> {
                for (const auto &one : seen)
                    if (one.state == state)
                        return one;
                return std::nullopt;
            });
            if (found)
                return *found;
            (void)waitFor(5ms, {});
        }
        ADD_FAILURE() << "it never came to " << toString(state);
        return {};
    }
    // Asks the cloud at once, as a person does who taps the profile.
    std::variant<Profile, Profiles::Refusal> open(const std::string &id)
    {
        std::promise<std::variant<Profile, Profiles::Refusal>> answer;
        actor.ask([&] {
            profiles->open("guest", id, std::nullopt, [&](auto outcome) { answer.set_value(std::move(outcome)); });
        });
        return answer.get_future().get();
    }
};

class WebdavSignIn : public ::testing::Test {
protected:
    Nextcloud cloud;
    House house{cloud};
};

TEST_F(WebdavSignIn, ThePageIsTheServersAndNothingIsTyped)
{
    house.create();
    const Authorization shown = house.until(AuthorizationState::Waiting);
    EXPECT_EQ(shown.userCode, "");
    EXPECT_EQ(shown.verificationUri, cloud.server.url("/nc"));
    EXPECT_EQ(shown.verificationUriComplete, cloud.server.url("/nc/index.php/login/v2/flow/page"));
    EXPECT_EQ(shown.expiresAt, fromUnix(house.time) + 20min);
    EXPECT_EQ(cloud.server.requests().at(0).headers.get("User-Agent"), "Cloud Connector (Printer)");
}

TEST_F(WebdavSignIn, AGrantLinksTheProfileToTheServerThatWasAsked)
{
    const std::string id = house.create();
    house.until(AuthorizationState::Waiting);
    cloud.granted = true;
    house.until(AuthorizationState::Granted);
    const auto opened = house.open(id);
    ASSERT_TRUE(std::holds_alternative<Profile>(opened));
    EXPECT_EQ(std::get<Profile>(opened).account, "mara.lind@example.org");
    EXPECT_FALSE(std::get<Profile>(opened).accountVerified);
    // Neither the e-mail nor the person's name, which everybody there may choose.
    EXPECT_EQ(std::get<Profile>(opened).accountName,
              "mara@" + cloud.server.url("/nc").substr(std::string("http://").size()));
    auto provider = house.profiles->links().provider(id);
    ASSERT_TRUE(provider) << describe(provider.error());
    auto account = (*provider)->account({});
    ASSERT_TRUE(account) << describe(account.error());
    EXPECT_EQ(account->name, "Mara Lind");
    EXPECT_FALSE(account->emailVerified) << "people may have typed it themselves";
}

TEST_F(WebdavSignIn, APasswordThatWasToldOnceIsKeptThroughAFailureAndARestart)
{
    const std::string id = house.create();
    house.until(AuthorizationState::Waiting);
    cloud.accountFails = true;
    cloud.granted = true;
    EXPECT_TRUE(std::holds_alternative<Profiles::Refusal>(house.open(id)));
    EXPECT_TRUE(cloud.told);
    house.stop();
    house.start();
    cloud.accountFails = false;
    const auto opened = house.open(id);
    ASSERT_TRUE(std::holds_alternative<Profile>(opened)) << describe(std::get<Profiles::Refusal>(opened).error);
}

TEST_F(WebdavSignIn, ACancelledSignInEndsThePasswordThatWasTold)
{
    const std::string id = house.create();
    house.until(AuthorizationState::Waiting);
    cloud.accountFails = true;
    cloud.granted = true;
    (void)house.open(id);
    cloud.accountFails = false;
    ASSERT_TRUE(house.actor.ask([&] { return house.profiles->cancelAuthorization("guest", id); }));
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (cloud.revocations == 0 && std::chrono::steady_clock::now() < end)
        (void)waitFor(5ms, {});
    EXPECT_EQ(cloud.revocations, 1);
}

TEST_F(WebdavSignIn, ADeletedProfileEndsItsPassword)
{
    const std::string id = house.create();
    house.until(AuthorizationState::Waiting);
    cloud.granted = true;
    ASSERT_TRUE(std::holds_alternative<Profile>(house.open(id)));
    ASSERT_TRUE(house.actor.ask([&] { return house.profiles->remove("guest", id); }));
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (cloud.revocations == 0 && std::chrono::steady_clock::now() < end)
        (void)waitFor(5ms, {});
    EXPECT_EQ(cloud.revocations, 1);
}

TEST_F(WebdavSignIn, APasswordThatIsToldOnceIsSafeBeforeAnythingElseIsAsked)
{
    std::string id;
    std::promise<bool> safe;
    cloud.beforeAccount = [&, first = true]() mutable {
        if (!std::exchange(first, false))
            return;
        // Whatever ends the service now, its next run knows the password.
        const auto kept = house.actor.ask([&] { return house.vault.get(id, "authorization"); });
        safe.set_value(kept && *kept && (*kept)->find("app-password") != std::string::npos);
    };
    id = house.create();
    house.until(AuthorizationState::Waiting);
    cloud.granted = true;
    ASSERT_TRUE(std::holds_alternative<Profile>(house.open(id)));
    EXPECT_TRUE(safe.get_future().get());
}

TEST_F(WebdavSignIn, SigningInAgainEndsTheOldPasswordAndKeepsTheNewOne)
{
    const std::string id = house.create();
    house.until(AuthorizationState::Waiting);
    cloud.granted = true;
    ASSERT_TRUE(std::holds_alternative<Profile>(house.open(id)));
    EXPECT_EQ(cloud.revocations, 0);
    cloud.granted = false;
    cloud.told = false;
    cloud.password = "newer-password";
    house.actor.ask([&] {
        house.seen.clear();
        EXPECT_TRUE(house.profiles->authorize("guest", id));
    });
    house.until(AuthorizationState::Waiting);
    cloud.granted = true;
    house.until(AuthorizationState::Granted);
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (cloud.revocations == 0 && std::chrono::steady_clock::now() < end)
        (void)waitFor(5ms, {});
    EXPECT_THAT(cloud.ended(), ::testing::ElementsAre(Nextcloud::basic("app-password")));
    auto provider = house.profiles->links().provider(id);
    ASSERT_TRUE(provider) << describe(provider.error());
    EXPECT_TRUE((*provider)->account({}));
    EXPECT_EQ(cloud.server.requests().back().headers.get("Authorization"), Nextcloud::basic("newer-password"));
}

TEST_F(WebdavSignIn, AfterTwentyMinutesThePageIsOver)
{
    const std::string id = house.create();
    house.until(AuthorizationState::Waiting);
    house.time += 20 * 60;
    (void)house.open(id);
    EXPECT_EQ(house.until(AuthorizationState::Expired).error->stable, "code-expired");
}

TEST_F(WebdavSignIn, AnUnverifiedAddressOpensNoDoorThatOnlyDomainsOpen)
{
    house.actor.ask([&] { EXPECT_TRUE(house.settings.change({{"allowedDomains", {"example.org"}}})); });
    const std::string id = house.create();
    house.until(AuthorizationState::Waiting);
    cloud.granted = true;
    EXPECT_TRUE(std::holds_alternative<Profiles::Refusal>(house.open(id)));
    EXPECT_EQ(house.until(AuthorizationState::Denied).error->stable, "email-unverified");
    EXPECT_EQ(house.actor.ask([&] { return house.vault.get(id, "tokens"); })->has_value(), false);
}

TEST_F(WebdavSignIn, AServerThatLeadsElsewhereIsRefused)
{
    cloud.endpoint = "http://127.0.0.2:1/index.php/login/v2/poll";
    house.create();
    EXPECT_EQ(house.until(AuthorizationState::Failed).error->code, Errc::BadReply);
}

TEST_F(WebdavSignIn, AServerThatRefusesItsLoginFlowIsNotTakenForOneWithout)
{
    for (const auto &[status, code] : {std::pair{403, Errc::PermissionDenied}, std::pair{302, Errc::BadReply},
                                       std::pair{301, Errc::BadReply}, std::pair{400, Errc::BadReply}}) {
        cloud.flowStatus = status;
        house.actor.ask([this] { house.seen.clear(); });
        house.create("Mine " + std::to_string(status));
        const Authorization shown = house.until(AuthorizationState::Failed);
        EXPECT_EQ(shown.error->code, code) << status;
        EXPECT_EQ(shown.error->httpStatus, status);
    }
    for (const auto &request : cloud.server.requests())
        EXPECT_FALSE(request.target.starts_with("/portal")) << "nobody may be asked to type a password elsewhere";
}

TEST_F(WebdavSignIn, AServerWithoutLoginFlowIsAskedForAtThePortal)
{
    cloud.hasFlow = false;
    house.create();
    house.until(AuthorizationState::Failed); // this portal is none
    const auto requests = cloud.server.requests();
    EXPECT_EQ(requests.back().target, "/portal/api/v1/authorizations");
}

} // namespace
} // namespace connector::test
