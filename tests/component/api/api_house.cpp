// SPDX-License-Identifier: Apache-2.0
#include "tests/component/api/api_house.h"

#include <future>
#include <netinet/in.h>

namespace connector::test {

Sandbox &sandbox()
{
    static Sandbox instance;
    return instance;
}

SilentServer::SilentServer() : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(m_fd, reinterpret_cast<sockaddr *>(&address), size), 0);
    EXPECT_EQ(::listen(m_fd, 8), 0);
    EXPECT_EQ(::getsockname(m_fd, reinterpret_cast<sockaddr *>(&address), &size), 0);
    m_port = ntohs(address.sin_port);
}

ApiHouse::ApiHouse(std::string mailServersCa, const std::string &portalUrl)
    : db(*Database::open(folder / "state.db", serviceSchema())), vault(db, *MasterKey::load(folder / "key")),
      settings(*SettingsStore::load(db)), printer(folder / "printer"), scanner(smallJpeg()),
      mailCa(std::move(mailServersCa))
{
    std::filesystem::create_directories(folder / "printer");
    CloudConfigs clouds;
    clouds["dropbox"] = {sandbox().credentials("dropbox").at("client_id").get<std::string>(),
                         endpointsAt(*findProvider("dropbox"), sandbox().base("dropbox"))};
    const PortalDevice device{"device", "Printer in the library", "Ground floor"};
    const std::string portal = portalUrl.empty() ? portalServer.url() : portalUrl;
    const auto steady = [this, begin = std::chrono::steady_clock::now()] { return begin + later.load(); };
    actor.ask([&] {
        people = std::make_unique<People>(People::Needs{actor, peopleWorkers, db, vault, settings, nullptr, systemNow,
                                                        bootClock, std::chrono::milliseconds(100)});
        audit = std::make_unique<AuditLog>(db, vault, settings);
        profiles = std::make_unique<Profiles>(
            Profiles::Needs{actor, portalWorkers, pinWorkers, db, vault, settings, http, portal, device, clouds});
        mailer = std::make_unique<Mailer>(Mailer::Needs{actor, workers, settings, vault, mailCa});
        jobs = std::make_unique<Jobs>(JobRooms{actor, db, vault, profiles->links(), printer, scanner, folder / "spool",
                                               RENDER_WORKER, systemNow, std::chrono::milliseconds(20),
                                               std::chrono::milliseconds(50), std::chrono::milliseconds(5)});
        shortcuts = std::make_unique<Shortcuts>(db, vault);
        watch = std::make_unique<DeviceWatch>(actor, workers, printer, scanner);
        api = std::make_unique<Api>(ApiRooms{actor, workers, *people, *audit, *profiles, *shortcuts, *jobs, *watch,
                                             settings, device, portal, systemNow, steady, mailer.get(), kPanelUser});
        EXPECT_TRUE(jobs->start());
        watch->start();
    });
}

ApiHouse::~ApiHouse()
{
    portalWorkers.stop();
    pinWorkers.stop();
    peopleWorkers.stop();
    workers.stop();
    actor.ask([this] {
        api.reset();
        watch.reset();
    });
    jobs.reset();
    actor.ask([this] {
        profiles.reset();
        mailer.reset();
        people.reset();
    });
}

void ApiHouse::putCodeOut(const std::string &profile)
{
    actor.ask([&] {
        EXPECT_TRUE(profiles->cancelAuthorization("guest", profile));
        const nlohmann::json code{{"deviceCode", "device-code"},
                                  {"publicKey", ""},
                                  {"secretKey", ""},
                                  {"userCode", "WDJB-MJHT-KQPR"},
                                  {"uri", "https://portal.example.org"},
                                  {"uriComplete", "https://portal.example.org/?code=WDJB-MJHT-KQPR"},
                                  {"expiresAt", toUnix(systemNow()) + 86400}};
        EXPECT_TRUE(vault.put(profile, "authorization", code.dump()));
    });
}

void ApiHouse::useMailServer(const nlohmann::json &server)
{
    actor.ask([&] {
        EXPECT_TRUE(settings.change({{"mail",
                                      {{"server", "127.0.0.1"},
                                       {"port", server.at("port")},
                                       {"user", server.at("user")},
                                       {"from", "printer@example.org"}}}}));
        EXPECT_TRUE(mailer->setPassword(server.at("password")));
    });
}

std::string ApiHouse::linkedProfile(const std::string &name, const std::string &pin, const std::string &owner,
                                    std::chrono::hours life)
{
    return actor.ask([&] {
        ProfileRow row;
        row.id = makeUuid();
        row.owner = owner;
        row.provider = "dropbox";
        row.name = name;
        row.state = toString(ProfileState::Ready);
        if (!pin.empty())
            row.pinHash = *hashPin(vault, pin);
        row.createdAt = systemNow();
        ProfileTable table(db, vault);
        EXPECT_TRUE(table.insert(row));
        row.accountId = "account";
        row.accountEmail = "mara.lind@example.org";
        row.emailVerified = true;
        EXPECT_TRUE(table.update(row));
        TokenSet tokens = SandboxAccount::tokensOf(sandbox().person("dropbox"));
        tokens.accessExpires = systemNow() + life;
        EXPECT_TRUE(profiles->links().store(
            row.id, {"dropbox", sandbox().credentials("dropbox").at("client_id").get<std::string>(), tokens}));
        return row.id;
    });
}

std::string ApiHouse::person(const PersonChange &who)
{
    std::promise<std::string> id;
    actor.ask([&] {
        people->add(who, [&](const Result<Person> &made) {
            EXPECT_TRUE(made) << (made ? "" : describe(made.error()));
            id.set_value(made ? made->id : "");
        });
    });
    return id.get_future().get();
}

} // namespace connector::test
