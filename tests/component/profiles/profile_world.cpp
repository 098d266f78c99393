// SPDX-License-Identifier: Apache-2.0
#include "tests/component/profiles/profile_world.h"

#include <future>

namespace connector::test {

void FakeNet::hold(std::string part)
{
    const std::scoped_lock lock(m_mutex);
    m_held = std::move(part);
    m_reached = false;
}

bool FakeNet::untilHeld()
{
    std::unique_lock lock(m_mutex);
    return m_moved.wait_for(lock, std::chrono::seconds(10), [this] { return m_reached; });
}

void FakeNet::release()
{
    const std::scoped_lock lock(m_mutex);
    m_held.clear();
    m_moved.notify_all();
}

HttpReply FakeNet::answer(int status, const json &body)
{
    HttpReply reply;
    reply.status = status;
    reply.headers.set("Connector-Portal-Protocol", "1");
    reply.headers.set("Content-Type", "application/json");
    reply.body = body.dump();
    return reply;
}

Result<HttpReply> FakeNet::portal(const HttpRequest &request, const Is &is)
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

Result<HttpReply> FakeNet::cloud(const HttpRequest &request, const Is &is)
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
        return answer(403, {{"type", "error"}, {"status", 403}, {"code", "access_denied_insufficient_permissions"}});
    return answer(200, {{"type", "user"},
                        {"id", accountId},
                        {"name", "Mara Lind"},
                        {"login", email},
                        {"status", emailVerified ? "active" : "inactive"}});
}

ProfileWorld::ProfileWorld(const std::filesystem::path &folder, FakeNet &fakeNet, BootClock bootClock, WallClock wall,
                           std::chrono::milliseconds firstCare)
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

ProfileWorld::~ProfileWorld()
{
    workers.stop();
    pinWorkers.stop();
    actor.ask([this] { profiles.reset(); });
}

bool ProfileWorld::until(const std::function<bool()> &condition)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!actor.ask(condition)) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

Result<NewPin> ProfileWorld::hash(const std::optional<std::string> &pin)
{
    std::promise<Result<NewPin>> answer;
    actor.ask([&] { profiles->hashNewPin(pin, [&](const auto &hashed) { answer.set_value(hashed); }); });
    return answer.get_future().get();
}

std::string ProfileWorld::create(const std::string &name, std::optional<std::string> pin, const std::string &owner)
{
    const auto hashed = hash(pin);
    auto made = actor.ask(
        [&]() -> Result<Profile> { return hashed ? profiles->create(owner, "box", name, *hashed) : hashed.error(); });
    EXPECT_TRUE(made) << stableCode(made.error());
    return made ? made->id : "";
}

std::string ProfileWorld::linked(const std::string &name, std::optional<std::string> pin, const std::string &owner)
{
    const std::string id = create(name, std::move(pin), owner);
    EXPECT_TRUE(grant(id, owner));
    return id;
}

bool ProfileWorld::grant(const std::string &id, const std::string &owner)
{
    net.with([](FakeNet &n) { n.granted = true; });
    const bool done =
        until([&] { return profiles->find(owner, id)->state == ProfileState::Ready && !codeIsOut(id, owner); });
    net.with([](FakeNet &n) { n.granted = false; });
    return done;
}

bool ProfileWorld::codeIsOut(const std::string &id, const std::string &owner)
{
    return profiles->authorization(owner, id).has_value();
}

std::string ProfileWorld::open(const std::string &id, std::optional<std::string> pin, const std::string &owner)
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

Profile ProfileWorld::profile(const std::string &id, const std::string &owner)
{
    return *actor.ask([&] { return profiles->find(owner, id); });
}

ProfileRow ProfileWorld::stored(const std::string &id)
{
    return **actor.ask([&] { return ProfileTable(db, vault).find(id); });
}

void ProfileWorld::expireAccess(const std::string &id)
{
    actor.ask([&] {
        auto tokens = *profiles->links().stored(id);
        tokens.tokens.accessExpires = fromUnix(0);
        EXPECT_TRUE(profiles->links().store(id, tokens));
    });
}

std::size_t ProfileWorld::liveGrants()
{
    return net.with([](FakeNet &n) { return n.live.size(); });
}

} // namespace connector::test
