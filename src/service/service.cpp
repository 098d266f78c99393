// SPDX-License-Identifier: Apache-2.0
#include "service/service.h"

#include "api/https_carrier.h"
#include "api/unix_carrier.h"
#include "core/files.h"
#include "core/random.h"
#include "http/curl_http_client.h"
#include "store/schema.h"
#include "store/sealing.h"
#include "version.h"
#include "web/admin_pages.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <unistd.h>

namespace connector {

namespace {

// Held while the service runs: two on one state folder would each think that the other's jobs are left-overs.
class StateLock {
public:
    static Result<StateLock> take(const std::filesystem::path &state)
    {
        const int fd = ::open((state / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
            return localIoError("open the state folder's lock", errno);
        if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
            ::close(fd);
            return Error{Errc::Conflict,   "another service uses this state folder", "service", {}, 0, {},
                         "already-running"};
        }
        return StateLock(fd);
    }
    StateLock(StateLock &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    StateLock &operator=(StateLock &&) = delete;
    ~StateLock()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }

private:
    explicit StateLock(int fd) : m_fd(fd) {}
    int m_fd;
};

// The same at every start, and nobody else's: what the portal knows this device by.
Result<std::string> deviceId(const std::filesystem::path &state)
{
    auto id = readFile(state / "device-id", 64);
    if (id || id.error().code != Errc::NotFound)
        return id;
    const std::string fresh = makeUuid();
    if (auto r = writeFileDurably(state / "device-id", fresh); !r)
        return std::move(r).error();
    return fresh;
}

// Nothing where there is no such user.
std::optional<std::uint32_t> userOf(const std::string &name)
{
    passwd facts{};
    passwd *found = nullptr;
    std::array<char, 16384> text{};
    if (name.empty() || ::getpwnam_r(name.c_str(), &facts, text.data(), text.size(), &found) != 0 || found == nullptr)
        return std::nullopt;
    return found->pw_uid;
}

Result<std::unique_ptr<HttpsCarrier>> serveBrowsers(Api &api, const Configuration &c)
{
    auto identity = c.webCertificate.empty() ? ownIdentity(c.state / "web.pem", namesOfThisMachine())
                                             : loadIdentity(c.webCertificate, c.webKey);
    if (!identity)
        return std::move(identity).error();
    HttpsOptions options;
    options.listen = c.webListen;
    options.port = c.webPort;
    options.names = c.webNames;
    options.sessions.inactivity = c.webTimeout;
    const std::string fingerprint = c.webCertificate.empty() ? identity->fingerprint : std::string();
    return HttpsCarrier::listen(api, *std::move(identity), std::move(options),
                                makeAdminPages({c.deviceName, c.devicePlace, kVersion, fingerprint}));
}

CurlOptions httpOptions(const Configuration &c)
{
    CurlOptions options;
    options.proxy = c.proxy;
    options.noProxy = c.noProxy;
    options.extraCaFile = c.extraCa;
    return options;
}

} // namespace

// In order of dependence: what is below uses what is above, and ends first.
struct Service::Rooms {
    Rooms(const Configuration &c, StateLock stateLock, Database database, MasterKey key, PortalDevice portalDevice,
          std::unique_ptr<Printer> ippPrinter)
        : lock(std::move(stateLock)), db(std::move(database)), vault(db, std::move(key)), http(httpOptions(c)),
          printer(std::move(ippPrinter)),
          scanner(makeSaneScanner({c.workers / "scan-worker", c.scannerDevice, c.scannerConfigDir})),
          device(std::move(portalDevice))
    {
    }
    ~Rooms()
    {
        web.reset();
        carrier.reset();
        // The workers end first: they use the rooms; what the rooms still want of them is dropped.
        portalWorkers.stop();
        deviceWorkers.stop();
        pinWorkers.stop();
        peopleWorkers.stop();
        workers.stop();
        actor.ask([this] {
            api.reset();
            watch.reset();
        });
        jobs.reset(); // its runs ask the actor until they end
        actor.ask([this] {
            profiles.reset();
            people.reset();
        });
    }

    StateLock lock;
    Database db;
    Vault vault;
    std::optional<SettingsStore> settings;
    CurlHttpClient http;
    std::unique_ptr<Printer> printer;
    std::unique_ptr<Scanner> scanner;
    PortalDevice device;
    TaskQueue actor;
    WorkerPool workers{6};
    // Apart, so that a portal or a device that is slow to answer never keeps people from their files.
    WorkerPool portalWorkers{2};
    WorkerPool deviceWorkers{2};
    WorkerPool pinWorkers{2};
    std::unique_ptr<Directory> directory;
    WorkerPool peopleWorkers{4};
    std::unique_ptr<People> people;
    std::unique_ptr<AuditLog> audit;
    std::unique_ptr<Profiles> profiles;
    std::unique_ptr<Shortcuts> shortcuts;
    std::unique_ptr<Mailer> mailer;
    std::unique_ptr<Jobs> jobs;
    std::unique_ptr<DeviceWatch> watch;
    std::unique_ptr<Api> api;
    std::unique_ptr<UnixCarrier> carrier;
    std::unique_ptr<HttpsCarrier> web;
};

Result<std::unique_ptr<Service>> Service::start(const Configuration &c)
{
    if (auto r = makePrivateFolder(c.state); !r)
        return std::move(r).error();
    auto lock = StateLock::take(c.state);
    if (!lock)
        return std::move(lock).error();
    auto db = Database::open(c.state / "state.db", serviceSchema());
    if (!db)
        return std::move(db).error();
    auto key = openMasterKey(c.masterKey, c.state, *db);
    if (!key)
        return std::move(key).error();
    auto id = deviceId(c.state);
    if (!id)
        return std::move(id).error();
    auto printer = makeIppPrinter(c.printerUri);
    if (!printer)
        return std::move(printer).error();
    auto rooms = std::make_unique<Rooms>(c, *std::move(lock), *std::move(db), *std::move(key),
                                         PortalDevice{*id, c.deviceName, c.devicePlace}, *std::move(printer));
    Rooms &r = *rooms;

    const Result<void> ready = r.actor.ask([&]() -> Result<void> {
        if (auto sealed = sealOldRows(r.db, r.vault); !sealed)
            return sealed;
        auto loaded = SettingsStore::load(r.db);
        if (!loaded)
            return std::move(loaded).error();
        r.settings.emplace(*std::move(loaded));
        if (c.directory)
            r.directory = makeLdapDirectory(*c.directory);
        r.people = std::make_unique<People>(
            People::Needs{r.actor, r.peopleWorkers, r.db, r.vault, *r.settings, r.directory.get()});
        r.audit = std::make_unique<AuditLog>(r.db, r.vault, *r.settings);
        r.profiles = std::make_unique<Profiles>(Profiles::Needs{r.actor, r.portalWorkers, r.pinWorkers, r.db, r.vault,
                                                                *r.settings, r.http, c.portalUrl, r.device, c.clouds});
        r.shortcuts = std::make_unique<Shortcuts>(r.db, r.vault);
        r.mailer = std::make_unique<Mailer>(Mailer::Needs{r.actor, r.portalWorkers, *r.settings, r.vault, c.extraCa});
        r.jobs = std::make_unique<Jobs>(JobRooms{r.actor, r.db, r.vault, r.profiles->links(), *r.printer, *r.scanner,
                                                 c.state / "spool", c.workers / "render-worker"});
        r.watch = std::make_unique<DeviceWatch>(r.actor, r.deviceWorkers, *r.printer, *r.scanner);
        r.api = std::make_unique<Api>(ApiRooms{r.actor, r.workers, *r.people, *r.audit, *r.profiles, *r.shortcuts,
                                               *r.jobs, *r.watch, *r.settings, r.device, c.portalUrl, systemNow,
                                               std::chrono::steady_clock::now, r.mailer.get(), userOf(c.panelUser)});
        if (auto started = r.jobs->start(); !started)
            return started;
        r.watch->start();
        return {};
    });
    if (!ready)
        return ready.error();
    auto carrier = UnixCarrier::listen(*r.api, c.socket);
    if (!carrier)
        return std::move(carrier).error();
    r.carrier = *std::move(carrier);
    if (c.web) {
        auto web = serveBrowsers(*r.api, c);
        // People at the panel do not pay for an administrator's certificate.
        if (!web)
            log::error("web", "no pages for administrators: " + describe(web.error()));
        else {
            r.web = *std::move(web);
            r.api->setWebDoor(r.web->port(), r.web->fingerprint());
        }
    }
    return std::unique_ptr<Service>(new Service(std::move(rooms)));
}

Result<void> Service::sealMasterKey(const Configuration &c)
{
    if (c.masterKey.kind != KeyHolder::Kind::Tpm)
        return Error{Errc::InvalidArgument, "configuration: master_key.kind is not tpm", "configuration", {}, 0, {},
                     "bad-configuration"};
    if (auto r = makePrivateFolder(c.state); !r)
        return r;
    auto lock = StateLock::take(c.state);
    if (!lock)
        return std::move(lock).error();
    auto db = Database::open(c.state / "state.db", serviceSchema());
    if (!db)
        return std::move(db).error();
    return moveMasterKeyIntoTpm(c.masterKey, c.state, *db);
}

Service::Service(std::unique_ptr<Rooms> rooms) : m_rooms(std::move(rooms)) {}

Service::~Service() = default;

int Service::webPort() const
{
    return m_rooms->web ? m_rooms->web->port() : 0;
}

Api &Service::api()
{
    return *m_rooms->api;
}

} // namespace connector
