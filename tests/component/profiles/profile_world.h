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
    void hold(std::string part);
    bool untilHeld();
    void release();
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

    static HttpReply answer(int status, const json &body);

    Result<HttpReply> portal(const HttpRequest &request, const Is &is);

    Result<HttpReply> cloud(const HttpRequest &request, const Is &is);

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
                          std::chrono::milliseconds firstCare = std::chrono::hours(1));
    ~ProfileWorld();

    // Waits until it holds on the actor's thread.
    bool until(const std::function<bool()> &condition);
    Result<NewPin> hash(const std::optional<std::string> &pin);
    std::string create(const std::string &name, std::optional<std::string> pin = std::nullopt,
                       const std::string &owner = "guest");
    // A profile that its owner linked.
    std::string linked(const std::string &name, std::optional<std::string> pin = std::nullopt,
                       const std::string &owner = "guest");
    bool grant(const std::string &id, const std::string &owner = "guest");
    bool codeIsOut(const std::string &id, const std::string &owner = "guest");
    // The stable code of the refusal; "" when it opened.
    std::string open(const std::string &id, std::optional<std::string> pin = std::nullopt,
                     const std::string &owner = "guest");
    Profile profile(const std::string &id, const std::string &owner = "guest");
    ProfileRow stored(const std::string &id);
    // What the Vault has for it, with an access token that has run out.
    void expireAccess(const std::string &id);
    std::size_t liveGrants();

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
