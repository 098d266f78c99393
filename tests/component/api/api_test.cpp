// SPDX-License-Identifier: Apache-2.0
// The local API through its in-process carrier, over a real cloud (emulated), with a printer and scanner in a folder.
#include "api/in_process.h"
#include "api/unix_carrier.h"
#include "tests/component/api/api_house.h"
#include "tests/support/pdf.h"
#include "tests/support/ready_program.h"

#include <gtest/gtest.h>

#include <future>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace connector::test {
namespace {

using nlohmann::json;

class ApiTest : public ::testing::Test {
protected:
    ApiTest()
    {
        cloudAnew();
        house = std::make_unique<ApiHouse>();
        face = std::make_unique<InProcessFace>(*house->api);
    }
    ~ApiTest() override { face.reset(); }
    static void cloudAnew()
    {
        sandbox().control({{"do", "reset"}});
        sandbox().control({{"do", "clear-requests"}});
        sandbox().control({{"do", "make-file"}, {"path", "/Plan.pdf"}, {"base64", toBase64(makePdf(2))}});
        sandbox().control({{"do", "make-file"}, {"path", "/Photo.jpg"}, {"base64", toBase64(smallJpeg())}});
    }
    // Of a file in the root of an open profile.
    std::string fileCalled(const std::string &name, const std::string &profile)
    {
        const auto root = face->call("files.list", {{"profile", profile}});
        for (const json &entry : root.result.at("entries"))
            if (entry.at("name") == name)
                return entry.at("id");
        ADD_FAILURE() << name << " is not there: " << root.result << root.error;
        return {};
    }
    json jobWhere(const std::string &id, const std::function<bool(const json &)> &fits)
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        for (;;) {
            const json job = face->call("jobs.get", {{"id", id}}).result.value("job", json());
            if (job.is_object() && fits(job))
                return job;
            if (std::chrono::steady_clock::now() > deadline)
                return job;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    std::unique_ptr<ApiHouse> house;
    std::unique_ptr<InProcessFace> face;
};

// `actual` has every field of `example`, of the same kind (null stands for "nothing, or anything").
std::string differs(const json &example, const json &actual, const std::string &where)
{
    if (example.is_null() || actual.is_null())
        return "";
    if (example.type() != actual.type() && !(example.is_number() && actual.is_number()))
        return where + ": is " + actual.dump();
    if (example.is_object()) {
        for (const auto &[key, value] : example.items()) {
            if (!actual.contains(key))
                return where + "." + key + ": is missing";
            if (std::string why = differs(value, actual[key], where + "." + key); !why.empty())
                return why;
        }
    }
    if (example.is_array() && !example.empty()) {
        if (actual.empty())
            return where + ": is empty";
        return differs(example[0], actual[0], where + "[0]");
    }
    return "";
}

TEST_F(ApiTest, EveryMethodIsDescribedAndEveryExampleRuns)
{
    ReadyProgram mailServer({"tests/support/mail-server", "plain"});
    house->useMailServer(mailServer.ready());
    house->actor.ask([&] { EXPECT_TRUE(house->settings.change({{"mail", {{"security", "none"}, {"user", ""}}}})); });
    const json description = json::parse(*readFile(OPENRPC));
    std::map<std::string, std::string> variables{{"$profile", house->linkedProfile("Mara", "1234")}, {"$file", ""}};
    variables["$person"] = house->person({.name = "Mara Lind", .pin = "271828"});
    house->person({.name = "Chief", .administrator = true, .password = "long enough"});
    InProcessFace administrator(*house->api);
    ASSERT_TRUE(
        administrator.call("session.signIn", {{"method", "password"}, {"name", "Chief"}, {"secret", "long enough"}})
            .ok());
    std::set<std::string> described;
    for (const json &method : description.at("methods")) {
        const std::string name = method.at("name");
        described.insert(name);
        for (const json &example : method.at("examples")) {
            json params = json::object();
            for (const json &param : example.at("params"))
                params[param.at("name").get<std::string>()] = param.at("value");
            if (name == "profiles.remove") // the example before it deleted the profile
                variables["$profile"] = house->linkedProfile("Somebody's");
            if (name == "jobs.print" || name == "shortcuts.add")
                variables["$file"] = fileCalled("Plan.pdf", variables["$profile"]);
            if (name == "files.thumbnail")
                variables["$file"] = fileCalled("Photo.jpg", variables["$profile"]);
            std::string text = params.dump();
            for (const auto &[variable, value] : variables)
                for (auto at = text.find(variable); at != std::string::npos; at = text.find(variable))
                    text.replace(at, variable.size(), value);
            params = json::parse(text);
            if (name == "profiles.authorization")
                face->call("profiles.authorize", {{"id", variables["$profile"]}});
            if (name == "profiles.sendInstructions" || name == "profiles.printInstructions")
                house->putCodeOut(variables["$profile"]);
            if (name == "files.list") { // the examples before it deleted the profile, which revoked its grant
                cloudAnew();
                variables["$profile"] = params["profile"] = house->linkedProfile("Files");
                face->call("profiles.open", {{"id", params["profile"]}});
            }
            if (name == "jobs.get" || name == "jobs.continue")
                jobWhere(variables["$scanJob"], [](const json &job) { return job["awaiting"] == "next-page"; });
            if (name == "jobs.again" || name == "jobs.dismiss")
                jobWhere(variables["$printJob"], [](const json &job) { return job["state"] == "completed"; });
            InProcessFace &caller = accessOf(name).access == Access::Administrator ? administrator : *face;
            InProcessFace::Answer answer = caller.call(name, params);
            // The scan's worker lets go of it a moment after it said that it waits.
            while (name == "jobs.continue" && answer.code() == "not-waiting")
                answer = face->call(name, params);
            if (name == "setup.finish") { // there is an administrator; the pages' tests run it to its end
                EXPECT_EQ(answer.code(), "setup-done");
                continue;
            }
            ASSERT_TRUE(answer.ok()) << name << ": " << answer.error.dump();
            EXPECT_EQ(differs(example.at("result").at("value"), answer.result, name), "");
            if (name == "people.add")
                variables["$added"] = answer.result["person"]["id"];
            if (name == "jobs.print")
                variables["$printJob"] = answer.result["job"]["id"];
            if (name == "shortcuts.add")
                variables["$shortcut"] = answer.result["shortcut"]["id"];
            if (name == "jobs.scan")
                variables["$scanJob"] = answer.result["job"]["id"];
        }
    }
    for (const std::string &name : house->api->methods())
        EXPECT_TRUE(described.contains(name)) << name << " is not in docs/openrpc.json";
    EXPECT_EQ(described.size(), house->api->methods().size());
}

TEST_F(ApiTest, PrintsFromTheCloudAndTellsByEvents)
{
    const std::string profile = house->linkedProfile("Mara");
    ASSERT_TRUE(face->call("events.subscribe").ok());
    ASSERT_TRUE(face->call("profiles.open", {{"id", profile}}).ok());
    const json entries = face->call("files.search", {{"profile", profile}, {"query", "Plan"}}).result["entries"];
    ASSERT_EQ(entries.size(), 1U);
    auto job = face->call(
        "jobs.print",
        {{"profile", profile}, {"items", {{{"id", entries[0]["id"]}, {"name", "Plan.pdf"}}}}, {"key", "one"}});
    ASSERT_TRUE(job.ok()) << job.error;
    const std::string id = job.result["job"]["id"];
    auto done = face->waitForEvent([&](const json &event) {
        return event["type"] == "job.changed" && event["data"]["id"] == id && event["data"]["state"] == "completed";
    });
    ASSERT_TRUE(done);
    EXPECT_EQ((*done)["data"]["progress"]["totalPages"], 2);
    EXPECT_EQ(*readFile(house->folder / "printer/1.pdf"), makePdf(2));
}

TEST_F(ApiTest, AClosedDoorStaysClosed)
{
    const std::string profile = house->linkedProfile("Mara", "1234");
    EXPECT_EQ(face->call("files.list", {{"profile", profile}}).code(), "pin-required");
    EXPECT_EQ(face->call("profiles.open", {{"id", profile}}).code(), "pin-required");
    auto wrong = face->call("profiles.open", {{"id", profile}, {"pin", "0000"}});
    EXPECT_EQ(wrong.code(), "pin-wrong");
    EXPECT_EQ(wrong.error["triesLeft"], 4);
    EXPECT_EQ(face->call("profiles.delete", {{"id", profile}}).code(), "pin-required");
    ASSERT_TRUE(face->call("profiles.open", {{"id", profile}, {"pin", "1234"}}).ok());
    EXPECT_TRUE(face->call("files.list", {{"profile", profile}}).ok());
    InProcessFace other(*house->api);
    EXPECT_EQ(other.call("files.list", {{"profile", profile}}).code(), "pin-required")
        << "open is open on one connection only";
    face->call("session.end");
    EXPECT_EQ(face->call("files.list", {{"profile", profile}}).code(), "pin-required");
}

TEST_F(ApiTest, FiveWrongPinsLockTheDoorAlsoForTheRightOne)
{
    const std::string profile = house->linkedProfile("Mara", "1234");
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(face->call("profiles.open", {{"id", profile}, {"pin", "9999"}}).code(), "pin-wrong");
    EXPECT_EQ(face->call("profiles.open", {{"id", profile}, {"pin", "9999"}}).code(), "profile-locked");
    auto locked = face->call("profiles.open", {{"id", profile}, {"pin", "1234"}});
    EXPECT_EQ(locked.code(), "profile-locked");
    EXPECT_TRUE(locked.error["lockedUntil"].is_string());
}

TEST_F(ApiTest, AnotherOwnersProfileIsNotThereForAnyMethod)
{
    const std::string profile = house->linkedProfile("Hers", "", "somebody");
    EXPECT_TRUE(face->call("profiles.list").result["profiles"].empty());
    for (const std::string &method : house->api->methods()) {
        const auto answer = face->call(method, {{"id", profile},
                                                {"profile", profile},
                                                {"name", "x"},
                                                {"query", "x"},
                                                {"items", {{{"id", "a"}, {"name", "a.pdf"}}}},
                                                {"action", "finish"}});
        if (answer.ok())
            EXPECT_EQ(dumpLine(answer.result).find("Hers"), std::string::npos) << method;
        else
            EXPECT_NE(answer.code(), "pin-required") << method << " tells that it exists";
    }
}

TEST_F(ApiTest, AGrantThatWasRevokedAsksToSignInAgain)
{
    const std::string profile = house->linkedProfile("Mara");
    ASSERT_TRUE(face->call("events.subscribe").ok());
    ASSERT_TRUE(face->call("profiles.open", {{"id", profile}}).ok());
    sandbox().control({{"do", "revoke-tokens"}});
    EXPECT_EQ(face->call("files.list", {{"profile", profile}}).code(), "access-revoked");
    EXPECT_TRUE(face->waitForEvent(
        [&](const json &e) { return e["type"] == "profile.changed" && e["data"]["state"] == "revoked"; }));
}

TEST_F(ApiTest, ADeletedProfilesGrantIsRevokedAlsoWhenItsTokenHasRunOut)
{
    const std::string profile = house->linkedProfile("Mara", "", "guest", std::chrono::hours(-1));
    sandbox().control({{"do", "expire-tokens"}});
    ASSERT_TRUE(face->call("profiles.delete", {{"id", profile}}).ok());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    const auto revoked = [] {
        const json log = sandbox().control({{"do", "requests"}, {"route", "token/revoke"}});
        return dumpLine(log).find("\"status\":200") != std::string::npos;
    };
    while (!revoked() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_TRUE(revoked());
}

TEST_F(ApiTest, TheCodeOfAStrangersPendingProfileIsBehindItsPin)
{
    InProcessFace owner(*house->api);
    auto made = owner.call("profiles.create", {{"provider", "dropbox"}, {"name", "Mara"}, {"pin", "1234"}});
    ASSERT_TRUE(made.ok());
    const std::string id = made.result["profile"]["id"];
    for (const char *method : {"profiles.authorize", "profiles.authorization", "profiles.cancelAuthorization"})
        EXPECT_EQ(face->call(method, {{"id", id}}).code(), "pin-required") << method;
    EXPECT_EQ(face->call("profiles.open", {{"id", id}, {"pin", "1234"}}).code(), "not-linked");
    EXPECT_TRUE(face->call("profiles.authorize", {{"id", id}}).ok()) << "whoever knows the PIN may";
}

TEST_F(ApiTest, ADeadPinKeepsNobodyFromDeletingAProfileThatWasNeverLinked)
{
    const auto die = [&](const std::string &id) {
        house->actor.ask([&] {
            ProfileTable table(house->db, house->vault);
            auto row = **table.find(id);
            row.wrongPins = 100;
            ASSERT_TRUE(table.update(row));
        });
    };
    InProcessFace owner(*house->api);
    auto made = owner.call("profiles.create", {{"provider", "dropbox"}, {"name", "Mara"}, {"pin", "1234"}});
    const std::string id = made.result["profile"]["id"];
    EXPECT_EQ(face->call("profiles.delete", {{"id", id}}).code(), "pin-required") << "the PIN still works";
    die(id);
    EXPECT_EQ(face->call("profiles.open", {{"id", id}, {"pin", "1234"}}).code(), "pin-dead");
    EXPECT_EQ(face->call("profiles.authorize", {{"id", id}, {"pin", "8642"}}).code(), "pin-required");
    EXPECT_TRUE(face->call("profiles.delete", {{"id", id}}).ok());
    const std::string linked = house->linkedProfile("Mara", "1234");
    die(linked);
    EXPECT_EQ(face->call("profiles.delete", {{"id", linked}}).code(), "pin-required");
}

TEST_F(ApiTest, ARevokedProfileCanBeDeletedByWhoeverKnowsItsPin)
{
    const std::string id = house->linkedProfile("Mara", "1234");
    sandbox().control({{"do", "revoke-tokens"}});
    ASSERT_TRUE(face->call("profiles.open", {{"id", id}, {"pin", "1234"}}).ok());
    EXPECT_EQ(face->call("files.list", {{"profile", id}}).code(), "access-revoked");
    InProcessFace later(*house->api);
    EXPECT_EQ(later.call("profiles.delete", {{"id", id}}).code(), "pin-required");
    EXPECT_EQ(later.call("profiles.open", {{"id", id}, {"pin", "1234"}}).code(), "access-revoked");
    EXPECT_TRUE(later.call("profiles.delete", {{"id", id}}).ok());
}

TEST_F(ApiTest, AnUnreachablePortalIsNamed)
{
    house->portalServer.refuse();
    ASSERT_TRUE(face->call("events.subscribe").ok());
    ASSERT_TRUE(face->call("profiles.create", {{"provider", "dropbox"}, {"name", "New"}}).ok());
    auto failed = face->waitForEvent(
        [](const json &e) { return e["type"] == "authorization.changed" && e["data"]["state"] == "failed"; });
    ASSERT_TRUE(failed);
    EXPECT_EQ((*failed)["data"]["error"]["code"], "portal-unreachable");
}

TEST_F(ApiTest, NamesArePerOwnerUniqueAndChecked)
{
    const auto create = [&](const std::string &name, const std::string &pin = "") {
        return face->call("profiles.create", {{"provider", "dropbox"}, {"name", name}, {"pin", pin}}).code();
    };
    EXPECT_EQ(create("Mara"), "");
    EXPECT_EQ(create("mara"), "name-taken");
    EXPECT_EQ(create("   "), "name-invalid");
    EXPECT_EQ(create(std::string(41, 'x')), "name-invalid");
    EXPECT_EQ(create("Other", "12a4"), "pin-invalid");
    EXPECT_EQ(create("Other", "123"), "pin-invalid");
}

TEST_F(ApiTest, FoldersAnswersAndTakenAwayJobsAreWrittenDownWithoutTheirNames)
{
    const std::string profile = house->linkedProfile("Mara");
    ASSERT_TRUE(face->call("profiles.open", {{"id", profile}}).ok());
    ASSERT_TRUE(
        face->call("files.createFolder", {{"profile", profile}, {"folder", ""}, {"name", "Secret plans"}}).ok());
    const auto scan = face->call("jobs.scan", {{"profile", profile},
                                               {"folder", ""},
                                               {"folderName", "Secret plans"},
                                               {"name", "Secret scan"},
                                               {"settings", {{"source", "flatbed"}, {"pages", "many"}}}});
    ASSERT_TRUE(scan.ok()) << scan.error;
    const std::string job = scan.result["job"]["id"];
    jobWhere(job, [](const json &j) { return j["awaiting"] == "next-page"; });
    ASSERT_TRUE(face->call("jobs.continue", {{"id", job}, {"action", "discard"}}).ok());
    EXPECT_EQ(face->call("jobs.continue", {{"id", job}, {"action", "Secret word"}}).code(), "bad-request");
    jobWhere(job, [](const json &j) { return j["state"] == "canceled"; });
    ASSERT_TRUE(face->call("jobs.dismiss", {{"id", job}}).ok());
    InProcessFace machine(*house->api, 0);
    ASSERT_TRUE(machine.call("session.signIn", {{"method", "machine"}}).ok());
    const auto entry = [&](const std::string &what) {
        const json entries = machine.call("audit.list", {{"what", what}}).result["entries"];
        return entries.empty() ? json::object() : entries.back();
    };
    EXPECT_EQ(entry("folder.created").value("subject", ""), profile) << "whose, not what it is called";
    EXPECT_EQ(entry("job.answered").value("subject", ""), job);
    EXPECT_EQ(entry("job.answered").value("facts", json::object()).value("action", ""), "discard");
    EXPECT_EQ(entry("job.dismissed").value("subject", ""), job);
    EXPECT_EQ(dumpLine(machine.call("audit.list").result).find("Secret"), std::string::npos);
}

TEST_F(ApiTest, ASettingOrProfileThatHasNoRoomIsRefusedAndComesOnceThereIsSome)
{
    house->portalServer.refuse();
    const auto most = [&](const std::string &pages) {
        house->actor.ask([&] { EXPECT_TRUE(house->db.run("PRAGMA max_page_count=" + pages)); });
    };
    most("1"); // as many as there are
    int made = 0;
    std::string code;
    while ((code = face->call("profiles.create",
                              {{"provider", "dropbox"}, {"name", "Mara " + std::to_string(made)}, {"pin", "1234"}})
                       .code())
               .empty())
        ASSERT_LT(++made, 500);
    EXPECT_EQ(code, "disk-full");
    EXPECT_EQ(face->call("profiles.list").result["profiles"].size(), static_cast<std::size_t>(made));
    InProcessFace machine(*house->api, 0);
    ASSERT_TRUE(machine.call("session.signIn", {{"method", "machine"}}).ok());
    json many = json::array();
    for (int i = 0; i < 60; ++i)
        many.push_back("d" + std::to_string(i) + ".org");
    // More settings than fit beside those there are.
    json all{{"allowedDomains", many}, {"guestProfileDays", 7}};
    for (const std::size_t bytes : {1000U, 20U})
        house->actor.ask([&] {
            int i = 0;
            while (SettingTable(house->db).set("filler" + std::to_string(bytes) + "." + std::to_string(i),
                                               std::string(bytes, 'x')))
                ASSERT_LT(++i, 500);
        });
    EXPECT_EQ(machine.call("settings.set", all).code(), "disk-full");
    EXPECT_EQ(machine.call("settings.get").result["guestProfileDays"], 90) << "all or nothing";
    most("1000000");
    EXPECT_TRUE(machine.call("settings.set", all).ok());
    EXPECT_EQ(machine.call("settings.get").result["guestProfileDays"], 7);
    EXPECT_EQ(face->call("profiles.create", {{"provider", "dropbox"}, {"name", "Jon"}}).code(), "");
}

TEST_F(ApiTest, ACancelledRequestEndsAtOnce)
{
    const std::string profile = house->linkedProfile("Mara");
    ASSERT_TRUE(face->call("profiles.open", {{"id", profile}}).ok());
    sandbox().control({{"do", "fault"}, {"route", "list_folder"}, {"action", {{"delayMs", 60000}}}});
    std::thread asker([&] { EXPECT_EQ(face->call("files.list", {{"profile", profile}}).code(), "cancelled"); });
    // The cancel may come before the request: it is repeated until the answer is there.
    std::atomic<bool> answered = false;
    std::thread canceller([&] {
        while (!answered) {
            for (int id = 1; id < 10; ++id)
                house->api->receive(face->connection(),
                                    dumpLine({{"jsonrpc", "2.0"}, {"method", "$/cancel"}, {"params", {{"id", id}}}}));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    });
    asker.join();
    answered = true;
    canceller.join();
}

TEST_F(ApiTest, WhatIsNotARequestIsRefusedAndTheConnectionGoesOn)
{
    for (const std::string &line :
         {std::string("rubbish"), std::string("[]"), std::string("{}"), std::string(R"({"jsonrpc":"2.0"})"),
          std::string(R"({"jsonrpc":"2.0","id":{},"method":"jobs.list"})"),
          std::string(R"({"jsonrpc":"2.0","id":"a","method":"jobs.list","params":[]})"),
          std::string(R"({"jsonrpc":"2.0","id":"a","method":"nothing.here"})"), std::string(100000, '['),
          std::string("\xFF\xFE")}) {
        const json answer = json::parse(face->sendRaw(line), nullptr, false);
        EXPECT_EQ(answer["error"]["data"]["code"].is_string(), true) << line.substr(0, 40);
    }
    EXPECT_TRUE(face->call("jobs.list").ok());
}

TEST_F(ApiTest, ParametersOfTheWrongKindAreRefusedByEveryMethod)
{
    house->portalServer.refuse();
    const std::string profile = house->linkedProfile("Mara");
    ASSERT_TRUE(face->call("profiles.open", {{"id", profile}}).ok());
    for (const std::string &method : house->api->methods())
        for (const json &odd : {json(7), json("x"), json::array({1}), json{{"a", 1}}, json(true), json(-1.5),
                                json(std::string(9000, 'x'))})
            for (const char *name : {"id",     "profile", "name",   "pin",    "items",    "ticket",   "settings",
                                     "folder", "key",     "after",  "sort",   "language", "open",     "action",
                                     "client", "kind",    "target", "pinned", "file",     "revision", "pixels"}) {
                json params{{"id", profile}, {"profile", profile}, {"name", "n"}, {"file", "id:nowhere"}};
                params[name] = odd;
                if (method == "profiles.delete")
                    continue;                     // takes an id and nothing else
                (void)face->call(method, params); // answered, in time, whatever it is
            }
    EXPECT_TRUE(face->call("jobs.list").ok());
}

TEST_F(ApiTest, EventsThatWereMissedComeAfterAReconnect)
{
    ASSERT_TRUE(face->call("events.subscribe").ok());
    const std::int64_t before = face->call("system.hello").result["sequence"];
    house->linkedProfile("Mara");
    ASSERT_TRUE(face->call("settings.set", {{"language", "fr"}}).ok());
    InProcessFace late(*house->api);
    const auto subscribed = late.call("events.subscribe", {{"after", before}});
    EXPECT_EQ(subscribed.result["reset"], false);
    EXPECT_TRUE(late.waitForEvent([](const json &e) { return e["type"] == "settings.changed"; }));
    EXPECT_EQ(late.call("events.subscribe", {{"after", 1}}).result["reset"], true);
}

TEST_F(ApiTest, GuestsCannotChangeWhatBelongsToAdministrators)
{
    EXPECT_EQ(face->call("settings.set", {{"allowedDomains", {"example.org"}}}).code(), "not-allowed");
    EXPECT_EQ(face->call("settings.set", {{"language", "xx"}}).code(), "setting-invalid");
}

// One client of the Unix socket, line by line.
class SocketFace {
public:
    explicit SocketFace(const std::filesystem::path &path) : m_fd(::socket(AF_UNIX, SOCK_STREAM, 0))
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.string().copy(address.sun_path, sizeof address.sun_path - 1);
        connected = ::connect(m_fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
        const timeval patience{10, 0};
        ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~SocketFace() { ::close(m_fd); }
    bool send(const std::string &bytes)
    {
        for (std::size_t at = 0; at < bytes.size();) {
            const ssize_t n = ::send(m_fd, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
            if (n <= 0)
                return false;
            at += static_cast<std::size_t>(n);
        }
        return true;
    }
    std::string line() // "" at the end
    {
        std::string out;
        char c = 0;
        while (::read(m_fd, &c, 1) == 1) {
            if (c == '\n')
                return out;
            out += c;
        }
        return "";
    }
    bool connected = false;

private:
    int m_fd;
};

TEST_F(ApiTest, TheSocketCarriesRequestsInPiecesAndSeveralAtOnce)
{
    auto carrier = UnixCarrier::listen(*house->api, house->folder / "api.sock");
    ASSERT_TRUE(carrier);
    struct stat st {};
    ASSERT_EQ(::stat((house->folder / "api.sock").c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 0777U, 0660U);
    SocketFace client(house->folder / "api.sock");
    ASSERT_TRUE(client.connected);
    const std::string request = R"({"jsonrpc":"2.0","id":1,"method":"session.get"})";
    ASSERT_TRUE(client.send(request.substr(0, 10)));
    ASSERT_TRUE(client.send(request.substr(10) + "\n\n" + request + "\n"));
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(json::parse(client.line())["result"]["kind"], "guest");
}

TEST_F(ApiTest, WhoeverAsksFasterThanIsAnsweredWaits)
{
    auto carrier = UnixCarrier::listen(*house->api, house->folder / "api.sock");
    ASSERT_TRUE(carrier);
    SocketFace client(house->folder / "api.sock");
    ASSERT_TRUE(client.connected);
    const std::string request =
        R"({"jsonrpc":"2.0","method":"session.touch","params":{"x":")" + std::string(100'000, 'x') + "\"}}\n";
    std::promise<void> busy;
    house->actor.post([wait = busy.get_future().share()](std::stop_token) { wait.wait(); });
    std::atomic<int> sent = 0;
    std::thread sender([&] {
        for (; sent < 200; ++sent)
            if (!client.send(request))
                return;
    });
    // It stops somewhere, and goes on when there is time for it.
    int before = -1;
    while (sent != before) {
        before = sent;
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    EXPECT_LT(before, 60) << "of 200 that were kept in memory else";
    busy.set_value();
    sender.join();
    EXPECT_EQ(sent, 200);
    ASSERT_TRUE(client.send(R"({"jsonrpc":"2.0","id":1,"method":"session.get"})"
                            "\n"));
    EXPECT_EQ(json::parse(client.line())["id"], 1);
}

TEST_F(ApiTest, AFaceTooManyIsToldSoAndTheNextComesInWhenOneLeft)
{
    auto carrier = UnixCarrier::listen(*house->api, house->folder / "api.sock");
    ASSERT_TRUE(carrier);
    const std::string request = R"({"jsonrpc":"2.0","id":1,"method":"session.get"})"
                                "\n";
    std::vector<std::unique_ptr<SocketFace>> faces;
    for (int i = 0; i < 64; ++i) {
        faces.push_back(std::make_unique<SocketFace>(house->folder / "api.sock"));
        ASSERT_TRUE(faces.back()->send(request));
        ASSERT_FALSE(faces.back()->line().empty()) << i;
    }
    for (int i = 0; i < 3; ++i) {
        SocketFace one(house->folder / "api.sock");
        ASSERT_TRUE(one.connected);
        EXPECT_EQ(json::parse(one.line(), nullptr, false)["error"]["data"]["code"], "too-many-connections");
        EXPECT_EQ(one.line(), "");
    }
    ASSERT_TRUE(faces.front()->send(request));
    EXPECT_FALSE(faces.front()->line().empty()) << "those that are there stay";
    faces.pop_back();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (bool in = false; !in && std::chrono::steady_clock::now() < deadline;) {
        SocketFace one(house->folder / "api.sock");
        in = one.send(request) && json::parse(one.line(), nullptr, false).contains("result");
        if (in)
            return;
    }
    ADD_FAILURE() << "nobody comes in any more";
}

TEST_F(ApiTest, AllowedDomainsThatCannotBeReadDoNotAllowAll)
{
    house->actor.ask([&] {
        for (const char *stored : {R"(["a b"])", "{", "7"}) {
            EXPECT_TRUE(SettingTable(house->db).set("allowedDomains", stored));
            EXPECT_FALSE(SettingsStore::load(house->db)->get().allowedDomains.empty()) << stored;
        }
    });
}

TEST_F(ApiTest, ALineWithoutAnEndIsRefusedAndTheConnectionClosed)
{
    auto carrier = UnixCarrier::listen(*house->api, house->folder / "api.sock");
    ASSERT_TRUE(carrier);
    SocketFace client(house->folder / "api.sock");
    (void)client.send(std::string(kLongestApiLine + 70000, 'x'));
    EXPECT_EQ(json::parse(client.line(), nullptr, false)["error"]["data"]["code"], "bad-request");
    EXPECT_EQ(client.line(), "");
    SocketFace next(house->folder / "api.sock");
    ASSERT_TRUE(next.send(R"({"jsonrpc":"2.0","id":1,"method":"session.get"})"
                          "\n"));
    EXPECT_FALSE(next.line().empty());
}

TEST_F(ApiTest, ASecondServiceOnTheSameSocketIsRefusedAndAStaleOneTakenOver)
{
    {
        auto first = UnixCarrier::listen(*house->api, house->folder / "api.sock");
        ASSERT_TRUE(first);
        auto second = UnixCarrier::listen(*house->api, house->folder / "api.sock");
        ASSERT_FALSE(second);
        EXPECT_EQ(stableCode(second.error()), "already-running");
    }
    const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (house->folder / "api.sock").string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(stale, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    ::close(stale);
    EXPECT_TRUE(UnixCarrier::listen(*house->api, house->folder / "api.sock"));
}

} // namespace
} // namespace connector::test
