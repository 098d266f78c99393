// SPDX-License-Identifier: Apache-2.0
// The local API with all its rooms in one folder, over a real cloud (emulated), with a printer and scanner in a folder.
#pragma once

#include "api/in_process.h"
#include "http/curl_http_client.h"
#include "tests/component/jobs/folder_world.h"
#include "tests/component/jobs/house.h"
#include "tests/support/account.h"
#include "tests/support/sandbox.h"
#include "tests/support/temp_folder.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace connector::test {

using nlohmann::json;

inline Sandbox &sandbox()
{
    static Sandbox instance;
    return instance;
}

// A port that takes connections and says nothing, or, closed, refuses them.
class SilentServer {
public:
    SilentServer() : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
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
    ~SilentServer() { ::close(m_fd); }
    SilentServer(const SilentServer &) = delete;
    SilentServer &operator=(const SilentServer &) = delete;
    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
    void refuse() { ::shutdown(m_fd, SHUT_RDWR); }

private:
    int m_fd;
    int m_port = 0;
};

// All rooms; the portal says nothing.
struct ApiHouse {
    static constexpr std::uint32_t kPanelUser = 4242;
    TempFolder folder;
    SilentServer portalServer;
    TaskQueue actor;
    WorkerPool workers{4};
    WorkerPool portalWorkers{2};
    static constexpr int kPinWorkers = 2;
    WorkerPool pinWorkers{kPinWorkers};
    WorkerPool peopleWorkers{2};
    Database db;
    Vault vault;
    SettingsStore settings;
    CurlHttpClient http;
    FolderPrinter printer;
    FolderScanner scanner;
    // What sessions are measured by moves on only where a test says so.
    std::atomic<std::int64_t> bootSeconds = 1000;
    BootClock bootClock{[this] { return bootSeconds.load(); }, "boot"};
    std::atomic<std::chrono::seconds> later{std::chrono::seconds{0}};
    std::string mailCa;
    std::unique_ptr<People> people;
    std::unique_ptr<AuditLog> audit;
    std::unique_ptr<Profiles> profiles;
    std::unique_ptr<Shortcuts> shortcuts;
    std::unique_ptr<Mailer> mailer;
    std::unique_ptr<Jobs> jobs;
    std::unique_ptr<DeviceWatch> watch;
    std::unique_ptr<Api> api;

    explicit ApiHouse(std::string mailServersCa = {}, const std::string &portalUrl = {})
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
            people = std::make_unique<People>(People::Needs{actor, peopleWorkers, db, vault, settings, nullptr,
                                                            systemNow, bootClock, std::chrono::milliseconds(100)});
            audit = std::make_unique<AuditLog>(db, vault, settings);
            profiles = std::make_unique<Profiles>(
                Profiles::Needs{actor, portalWorkers, pinWorkers, db, vault, settings, http, portal, device, clouds});
            mailer = std::make_unique<Mailer>(Mailer::Needs{actor, workers, settings, vault, mailCa});
            jobs = std::make_unique<Jobs>(JobRooms{
                actor, db, vault, profiles->links(), printer, scanner, folder / "spool", RENDER_WORKER, systemNow,
                std::chrono::milliseconds(20), std::chrono::milliseconds(50), std::chrono::milliseconds(5)});
            shortcuts = std::make_unique<Shortcuts>(db, vault);
            watch = std::make_unique<DeviceWatch>(actor, workers, printer, scanner);
            api =
                std::make_unique<Api>(ApiRooms{actor, workers, *people, *audit, *profiles, *shortcuts, *jobs, *watch,
                                               settings, device, portal, systemNow, steady, mailer.get(), kPanelUser});
            EXPECT_TRUE(jobs->start());
            watch->start();
        });
    }
    ~ApiHouse()
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

    // As if the portal had given the profile a code.
    void putCodeOut(const std::string &profile)
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
    // The mail server's settings, as an administrator makes them.
    void useMailServer(const nlohmann::json &server)
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

    // A profile that is linked, as after a grant.
    std::string linkedProfile(const std::string &name, const std::string &pin = "", const std::string &owner = "guest",
                              std::chrono::hours life = std::chrono::hours(1))
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

    // An account; its id.
    std::string person(const PersonChange &who)
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
};

} // namespace connector::test
