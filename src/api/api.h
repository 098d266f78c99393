// SPDX-License-Identifier: Apache-2.0
// The local API: finds the method, checks who asks, calls the rooms, answers (docs/api.md).
#pragma once

#include "api/access.h"
#include "api/events.h"
#include "api/json_rpc.h"
#include "api/thumbnail_cache.h"
#include "jobs/device_watch.h"
#include "jobs/jobs.h"
#include "people/audit_log.h"
#include "people/people.h"
#include "profiles/instructions.h"
#include "profiles/mailer.h"
#include "profiles/profiles.h"
#include "profiles/shortcuts.h"

#include <atomic>
#include <set>

namespace connector {

struct ApiRooms {
    TaskQueue &actor;
    WorkerPool &workers;
    People &people;
    AuditLog &audit;
    Profiles &profiles;
    Shortcuts &shortcuts;
    Jobs &jobs;
    DeviceWatch &devices;
    SettingsStore &settings;
    PortalDevice device;
    std::string portalUrl;
    WallClock now = systemNow;
    // What sessions are measured by.
    std::function<std::chrono::steady_clock::time_point()> steady = std::chrono::steady_clock::now;
    Mailer *mailer = nullptr; // null: no mails
    // The panel's own user, whose screen may show the setup code; none where it is not known.
    std::optional<std::uint32_t> panelUser = {};
};

// Somebody who is not a guest. A machine's administrator (root, or the service's own user, at a socket) is no person:
// no id, and nothing belongs to it.
struct ApiSession {
    std::string person; // its id, or ""
    std::string name;
    bool administrator = false;
};

// Who is at the other end of a network does not stand at the device: is no guest, signs in by password only, and its
// carrier knows when nobody is there any more.
enum class Whence { Here, Network };

// One face's connection. Made by a carrier; its state belongs to the actor's thread.
class ApiConnection {
public:
    // `send` takes one line without its newline, from the actor's thread, and does not block.
    // `peer` is the user at the other end of a socket of this machine, where its carrier knows it.
    explicit ApiConnection(std::function<void(const std::string &line)> send, std::optional<std::uint32_t> peer = {},
                           Whence whence = Whence::Here)
        : m_send(std::move(send)), m_peer(peer), m_whence(whence)
    {
    }

    // Bytes of requests that were received and wait for their turn; any thread.
    std::size_t waiting() const { return m_waiting; }

private:
    friend class Api;
    std::atomic<std::size_t> m_waiting = 0;
    // What was read of a profile goes with it.
    void shut(const std::string &profile)
    {
        m_opened.erase(profile);
        m_thumbnails.forget(profile);
    }
    // All that was given or begun here.
    void forget()
    {
        m_opened.clear();
        m_thumbnails.clear();
        m_proven.clear();
        m_begun.clear();
        m_takenOver.clear();
        m_codes.clear();
    }
    bool began(const std::string &job, const std::string &profile) const
    {
        const auto taken = m_takenOver.find(profile);
        return m_begun.contains(job) || (taken != m_takenOver.end() && taken->second.contains(job));
    }
    std::function<void(const std::string &)> m_send;
    std::optional<std::uint32_t> m_peer;
    Whence m_whence;
    bool m_closed = false;
    std::string m_face = "unnamed"; // as it said in system.hello
    std::string m_owner = "guest";
    std::optional<ApiSession> m_session; // none: a guest
    int m_sessions = 0;                  // raised by each change of session: answers to another one's requests are void
    std::chrono::steady_clock::time_point m_lastSign{}; // of somebody being there
    std::set<std::string> m_opened;                     // profiles that may be used
    ThumbnailCache m_thumbnails;                        // of these
    std::set<std::string> m_proven;                     // whose PIN was given here, or which were made here
    int m_epoch = 0;                        // raised by session.end and profiles.close: what was asked before is void
    std::set<std::string> m_authorizations; // whose codes are on its screen
    std::set<std::string> m_codes;          // profiles whose code was asked for here
    std::set<std::string> m_begun;          // jobs
    std::map<std::string, std::set<std::string>> m_takenOver; // jobs, by the profile whose PIN was given here
    std::map<std::string, std::stop_source> m_slow;           // requests under way, by id
    bool m_subscribed = false;
};

// receive(), connected() and closed() may be called from any thread; everything happens on the actor's.
class Api {
public:
    explicit Api(ApiRooms rooms);
    ~Api();

    void connected(const std::shared_ptr<ApiConnection> &connection);
    void receive(const std::shared_ptr<ApiConnection> &connection, std::string line);
    void closed(const std::shared_ptr<ApiConnection> &connection);

    // Waits until all that was received or told before has been dealt with. Not on the actor's thread.
    void settle()
    {
        m_rooms.actor.ask([] {});
    }

    // The names of all methods, for tests that must cover each.
    std::vector<std::string> methods() const;

    // Where browsers come in, for those who are at the device. Any thread.
    void setWebDoor(int port, std::string fingerprint);

    // For carriers and tests; on the actor's thread.
    const ApiRooms &rooms() const { return m_rooms; }

private:
    using Connection = std::shared_ptr<ApiConnection>;
    using Json = nlohmann::json;
    struct Asked {
        Connection connection;
        Json id;
        Json params;
        Responder respond;
    };
    using Handler = std::function<void(const Asked &)>;
    // A slow method's work on a worker thread, with the profile's cloud.
    using CloudWork = std::function<Result<Json>(Provider &cloud, const Call &call)>;

    void addMethods();
    void addInstructionMethods();
    void addSessionMethods();
    void addPeopleMethods();
    void addAdminMethods();
    void addAuditMethods();
    void addProfileMethods();
    void addFileMethods();
    void addDeviceMethods();
    void addJobMethods();
    void addShortcutMethods();

    void dispatch(const Connection &connection, const ApiRequest &request);
    // The settings as this connection may see them (null: as anybody may).
    Json settingsFor(const Connection &connection);
    Result<void> changeSettings(Json fields);
    // Whether the code of a profile may be seen and asked for here.
    Result<void> mayUseCode(const Asked &asked, const std::string &id);
    Result<Instructions> instructionsOf(const Asked &asked, const std::string &id);
    std::optional<Error> refusal(const Connection &connection, Access access) const;
    Json sessionJson(const Connection &connection) const;
    // Makes somebody else of the connection: whatever belonged to its session before is closed and cancelled.
    void become(const Connection &connection, std::optional<ApiSession> session);
    // Ends the session of itself, and says so.
    void endSession(const Connection &connection, const std::string &reason);
    void endSessionsOf(const std::string &person, const std::string &reason, const Connection &except);
    void watchSessions();
    Actor actorOf(const Connection &connection) const;
    // What a method did, by its answer.
    void audit(const Actor &who, const ApiRequest &request, std::string_view what, const ApiReply &reply);
    void auditEnd(const Job &job);
    void leaveAuthorizations(const Connection &connection);
    void tell(std::string type, std::string owner, Json data);
    void send(const Connection &connection, const ApiEvent &event);
    // Whether what lies behind a profile's PIN is kept from this connection.
    bool behindPin(const Connection &connection, const std::string &profile);
    // A job and a profile as this connection may see them, in JSON.
    Json discreetJob(const Connection &connection, Json job);
    Json discreetProfile(const Connection &connection, Json profile);
    // The answer with a job that was begun here.
    ApiReply begunHere(const Connection &connection, const Result<Job> &job);
    // A new code is on this connection's screen: on others the old one is over.
    void takeOverCode(const Connection &connection, const std::string &profile);
    // The profile if it is this connection's owner's and open on it.
    Result<Profile> openProfile(const Asked &asked);
    Result<Profile> openProfile(const Asked &asked, const std::string &id);
    // Nothing, or what keeps this connection from changing a profile and what was made from it: its PIN.
    Result<void> provenProfile(const Asked &asked, const std::string &id);
    // The job, or what keeps this connection from acting on it.
    Result<Job> jobToActOn(const Asked &asked, const std::string &id);
    // Whoever gave a profile's PIN may act on its jobs, until the session ends.
    void takeOverJobs(const Connection &connection, const std::string &profile);
    int timesRenewed(const std::string &profile) const;
    void askCloud(const Asked &asked, CloudWork work);
    void thumbnail(const Asked &asked);
    // A shortcut as this connection may see it.
    Json shown(const Connection *connection, const Shortcut &shortcut);
    // Asks the cloud for a file or folder of an open profile; `then` comes on the actor's thread.
    void askTarget(const Asked &asked, const std::string &profile, const std::string &id,
                   std::function<void(Result<Target>)> then);
    Result<Job> runShortcut(const Asked &asked, const Shortcut &shortcut);

    ApiRooms m_rooms;
    std::map<std::string, Handler> m_methods;
    std::set<Connection> m_connections;
    std::map<std::string, int> m_renewedPins; // how often, by profile; until it goes
    EventLog m_events;
    bool m_watching = false;
    std::string m_setupCode; // until somebody administers the device, from when it was first asked for
    bool m_settingUp = false;
    int m_webPort = 0;
    std::string m_webFingerprint;
    Actor m_acting;                   // who asked for what is being done
    std::set<std::string> m_endsTold; // jobs whose end is written down
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace connector
