// SPDX-License-Identifier: Apache-2.0
// Profiles with everything around them in one process: a portal and a cloud with single-use refresh tokens behind a
// faked HttpClient, and clocks that the test sets.
#pragma once

#include "core/encoding.h"
#include "profiles/profiles.h"
#include "store/schema.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <condition_variable>
#include <set>

namespace connector::test {

// A sign-in portal and a Box-like cloud. Any thread.
class FakeNet : public HttpClient {
public:
    std::set<std::string> live; // refresh tokens that the cloud still honours
    std::string email = "mara.lind@example.org";
    std::string accountId = "account-1";
    bool emailVerified = true;
    bool granted = false;            // what the portal answers to the next poll
    bool expired = false;            // likewise
    bool strict = false;             // the portal slows down whoever polls more than once in its interval
    std::optional<Error> portalDown; // the portal is not reached, and why
    std::string portalSays;          // in place of its answer: rubbish
    int interval = 1;                // between two polls, as it tells the device
    std::vector<std::chrono::steady_clock::time_point> polls;
    bool cloudDown = false;
    bool accountHidden = false; // the cloud does not tell whose tokens these are
    int codes = 0;              // given out
    int cancelled = 0;
    int refreshes = 0;
    int revocations = 0; // asked for
    std::string lastKey; // of the device that asked for a code
    WallClock now = systemNow;

    // The answers to requests with this in their URL are on their way until release(); what they tell is done.
    void hold(std::string part)
    {
        const std::scoped_lock lock(m_mutex);
        m_held = std::move(part);
        m_reached = false;
    }
    bool untilHeld()
    {
        std::unique_lock lock(m_mutex);
        return m_moved.wait_for(lock, std::chrono::seconds(10), [this] { return m_reached; });
    }
    void release()
    {
        const std::scoped_lock lock(m_mutex);
        m_held.clear();
        m_moved.notify_all();
    }
    template <class Work>
    auto with(Work work)
    {
        const std::scoped_lock lock(m_mutex);
        return work(*this);
    }
    TokenSet newTokens(std::chrono::seconds life = std::chrono::hours(1)) // with the mutex held
    {
        TokenSet tokens;
        tokens.accessToken = "access-" + std::to_string(++m_made);
        tokens.refreshToken = "refresh-" + std::to_string(m_made);
        tokens.accessExpires = now() + life;
        live.insert(tokens.refreshToken);
        return tokens;
    }

    Result<HttpReply> send(const HttpRequest &request, ByteSink *, const Call &call) override
    {
        std::unique_lock lock(m_mutex);
        const auto is = [&](std::string_view part) { return request.url.find(part) != std::string::npos; };
        auto reply = is("portal.test") ? portal(request, is) : cloud(request, is);
        if (!m_held.empty() && is(m_held)) {
            m_reached = true;
            m_moved.notify_all();
            const std::stop_callback onStop(call.stop, [this] { m_moved.notify_all(); });
            m_moved.wait(lock, [&] { return m_held.empty() || call.stop.stop_requested(); });
            if (call.stop.stop_requested())
                return Error{Errc::Cancelled, "cancelled"};
        }
        return reply;
    }

private:
    using Is = std::function<bool(std::string_view)>;
    using json = nlohmann::json;

    static HttpReply answer(int status, const json &body)
    {
        HttpReply reply;
        reply.status = status;
        reply.headers.set("Connector-Portal-Protocol", "1");
        reply.headers.set("Content-Type", "application/json");
        reply.body = body.dump();
        return reply;
    }

    Result<HttpReply> portal(const HttpRequest &request, const Is &is)
    {
        if (is("/poll"))
            polls.push_back(std::chrono::steady_clock::now());
        if (portalDown)
            return *portalDown;
        if (!portalSays.empty())
            return HttpReply{200, {}, portalSays};
        const json asked = json::parse(request.body);
        if (is("/poll")) {
            const auto polled = std::exchange(m_polled, std::chrono::steady_clock::now());
            if (strict && m_polled - polled < std::chrono::seconds(m_interval))
                return answer(200, {{"state", "slow-down"}, {"interval", m_interval += 5}});
            if (expired)
                return answer(200, {{"state", "expired"}});
            if (!granted)
                return answer(200, {{"state", "pending"}, {"interval", interval}});
            Grant grant{"box", "client", newTokens(), {}, {}, {}};
            grant.account.id = accountId;
            auto sealed = sealGrant(grant, lastKey);
            return answer(200, {{"state", "granted"}, {"sealed", toBase64Url(*sealed)}});
        }
        if (is("/acknowledge"))
            return answer(200, json::object());
        if (is("/cancel")) {
            ++cancelled;
            return answer(200, json::object());
        }
        ++codes;
        lastKey = *fromBase64Url(asked["publicKey"].get<std::string>());
        const std::string code = "WDJB-MJHT-" + std::to_string(codes);
        return answer(200, {{"deviceCode", "device-" + std::to_string(codes)},
                            {"userCode", code},
                            {"verificationUri", "https://portal.test"},
                            {"verificationUriComplete", "https://portal.test/?code=" + code},
                            {"expiresAt", formatRfc3339(now() + std::chrono::hours(24))},
                            {"interval", interval}});
    }

    Result<HttpReply> cloud(const HttpRequest &request, const Is &is)
    {
        if (cloudDown)
            return Error{Errc::Offline, "not connected", "box", "connect"};
        const auto field = [&](const std::string &name) {
            const auto at = request.body.find(name + "=");
            if (at == std::string::npos)
                return std::string();
            const auto from = at + name.size() + 1;
            return percentDecode(request.body.substr(from, request.body.find('&', from) - from), true);
        };
        if (is("/oauth2/token")) {
            ++refreshes;
            if (live.erase(field("refresh_token")) == 0)
                return answer(400, {{"error", "invalid_grant"}});
            const TokenSet fresh = newTokens();
            return answer(200, {{"access_token", fresh.accessToken},
                                {"refresh_token", fresh.refreshToken},
                                {"expires_in", 3600},
                                {"token_type", "bearer"}});
        }
        if (is("/oauth2/revoke")) {
            ++revocations;
            live.erase(field("token"));
            return answer(200, json::object());
        }
        if (accountHidden)
            return answer(403,
                          {{"type", "error"}, {"status", 403}, {"code", "access_denied_insufficient_permissions"}});
        return answer(200, {{"type", "user"},
                            {"id", accountId},
                            {"name", "Mara Lind"},
                            {"login", email},
                            {"status", emailVerified ? "active" : "inactive"}});
    }

    std::mutex m_mutex;
    std::condition_variable m_moved;
    std::string m_held;
    bool m_reached = false;
    int m_made = 0;
    int m_interval = 1;
    std::chrono::steady_clock::time_point m_polled{};
};

// One life of the service's part; another on the same folder is the next one.
struct ProfileWorld {
    explicit ProfileWorld(const std::filesystem::path &folder, FakeNet &fakeNet,
                          BootClock bootClock = BootClock::system(), WallClock wall = systemNow,
                          std::chrono::milliseconds firstCare = std::chrono::hours(1))
        : net(fakeNet), db(*Database::open(folder / "state.db", serviceSchema())),
          vault(db, *MasterKey::load(folder / "key")), settings(*SettingsStore::load(db)), now(std::move(wall))
    {
        net.with([&](FakeNet &n) { n.now = now; });
        actor.ask([&] {
            profiles = std::make_unique<Profiles>(Profiles::Needs{actor,
                                                                  workers,
                                                                  pinWorkers,
                                                                  db,
                                                                  vault,
                                                                  settings,
                                                                  net,
                                                                  "https://portal.test",
                                                                  {"device", "Printer in the library", ""},
                                                                  {{"box", {"client", {}}}},
                                                                  now,
                                                                  std::move(bootClock),
                                                                  std::chrono::milliseconds(20),
                                                                  firstCare});
            Profiles::Events events;
            events.changed = [this](const Profile &p) { changed.push_back(p); };
            events.authorization = [this](const Authorization &a, const std::string &) { authorizations.push_back(a); };
            profiles->setEvents(std::move(events));
        });
    }
    ~ProfileWorld()
    {
        workers.stop();
        pinWorkers.stop();
        actor.ask([this] { profiles.reset(); });
    }

    // Waits until it holds on the actor's thread.
    bool until(const std::function<bool()> &condition)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!actor.ask(condition)) {
            if (std::chrono::steady_clock::now() > deadline)
                return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        return true;
    }
    Result<NewPin> hash(const std::optional<std::string> &pin)
    {
        std::promise<Result<NewPin>> answer;
        actor.ask([&] { profiles->hashNewPin(pin, [&](const auto &hashed) { answer.set_value(hashed); }); });
        return answer.get_future().get();
    }
    std::string create(const std::string &name, std::optional<std::string> pin = std::nullopt,
                       const std::string &owner = "guest")
    {
        const auto hashed = hash(pin);
        auto made = actor.ask([&]() -> Result<Profile> {
            return hashed ? profiles->create(owner, "box", name, *hashed) : hashed.error();
        });
        EXPECT_TRUE(made) << stableCode(made.error());
        return made ? made->id : "";
    }
    // A profile that its owner linked.
    std::string linked(const std::string &name, std::optional<std::string> pin = std::nullopt,
                       const std::string &owner = "guest")
    {
        const std::string id = create(name, std::move(pin), owner);
        EXPECT_TRUE(grant(id, owner));
        return id;
    }
    bool grant(const std::string &id, const std::string &owner = "guest")
    {
        net.with([](FakeNet &n) { n.granted = true; });
        const bool done =
            until([&] { return profiles->find(owner, id)->state == ProfileState::Ready && !codeIsOut(id, owner); });
        net.with([](FakeNet &n) { n.granted = false; });
        return done;
    }
    bool codeIsOut(const std::string &id, const std::string &owner = "guest")
    {
        return profiles->authorization(owner, id).has_value();
    }
    // The stable code of the refusal; "" when it opened.
    std::string open(const std::string &id, std::optional<std::string> pin = std::nullopt,
                     const std::string &owner = "guest")
    {
        std::promise<std::string> answer;
        actor.ask([&] {
            profiles->open(owner, id, pin, [&](std::variant<Profile, Profiles::Refusal> outcome) {
                const auto *refusal = std::get_if<Profiles::Refusal>(&outcome);
                if (refusal != nullptr)
                    lastRefusal = *refusal;
                answer.set_value(refusal == nullptr ? "" : stableCode(refusal->error));
            });
        });
        return answer.get_future().get();
    }
    Profile profile(const std::string &id, const std::string &owner = "guest")
    {
        return *actor.ask([&] { return profiles->find(owner, id); });
    }
    ProfileRow stored(const std::string &id)
    {
        return **actor.ask([&] { return ProfileTable(db, vault).find(id); });
    }
    // What the Vault has for it, with an access token that has run out.
    void expireAccess(const std::string &id)
    {
        actor.ask([&] {
            auto tokens = *profiles->links().stored(id);
            tokens.tokens.accessExpires = fromUnix(0);
            EXPECT_TRUE(profiles->links().store(id, tokens));
        });
    }
    std::size_t liveGrants()
    {
        return net.with([](FakeNet &n) { return n.live.size(); });
    }

    FakeNet &net;
    TaskQueue actor;
    WorkerPool workers{3};
    static constexpr int kPinWorkers = 2;
    WorkerPool pinWorkers{kPinWorkers};
    Database db;
    Vault vault;
    SettingsStore settings;
    WallClock now;
    std::vector<Profile> changed;
    std::vector<Authorization> authorizations;
    Profiles::Refusal lastRefusal{Error{}};
    std::unique_ptr<Profiles> profiles;
};

} // namespace connector::test
