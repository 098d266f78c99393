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

#include <sys/socket.h>
#include <unistd.h>

namespace connector::test {

using nlohmann::json;

Sandbox &sandbox();

// A port that takes connections and says nothing, or, closed, refuses them.
class SilentServer {
public:
    SilentServer();
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

    explicit ApiHouse(std::string mailServersCa = {}, const std::string &portalUrl = {});
    ~ApiHouse();

    // As if the portal had given the profile a code.
    void putCodeOut(const std::string &profile);
    // The mail server's settings, as an administrator makes them.
    void useMailServer(const nlohmann::json &server);

    // A profile that is linked, as after a grant.
    std::string linkedProfile(const std::string &name, const std::string &pin = "", const std::string &owner = "guest",
                              std::chrono::hours life = std::chrono::hours(1));

    // An account; its id.
    std::string person(const PersonChange &who);
};

} // namespace connector::test
