// SPDX-License-Identifier: Apache-2.0
// The program as it is installed: command line, ready line, what it leaves on the disk and in the log, its end.
#include "core/files.h"
#include "tests/component/portal/portal_fixture.h"

#include <gmock/gmock.h>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <regex>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace connector::portal {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

class Program {
public:
    Program(const std::vector<std::string> &arguments, const std::filesystem::path &log, const std::string &secret)
    {
        std::vector<std::string> words{CONNECTOR_PORTAL};
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<char *> argv;
        for (auto &word : words)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        std::vector<std::string> environment{"CONNECTOR_PORTAL_DROPBOX_SECRET=" + secret};
        for (const char *name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "PATH"})
            if (const char *value = std::getenv(name))
                environment.push_back(std::string(name) + "=" + value);
        std::vector<char *> envp;
        for (auto &entry : environment)
            envp.push_back(entry.data());
        envp.push_back(nullptr);
        int pipe[2] = {};
        EXPECT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        EXPECT_EQ(::posix_spawn(&m_pid, argv[0], &actions, nullptr, argv.data(), envp.data()), 0);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(pipe[1]);
        m_output = pipe[0];
    }
    Program(const Program &) = delete;
    Program &operator=(const Program &) = delete;
    ~Program()
    {
        if (m_pid > 0)
            end(SIGKILL);
        ::close(m_output);
    }

    // The first line on standard output; "" when it ended without one, or after 20 seconds.
    std::string line() const
    {
        const auto until = steady_clock::now() + seconds(20);
        std::string text;
        while (steady_clock::now() < until && text.find('\n') == std::string::npos) {
            pollfd waiting{m_output, POLLIN, 0};
            if (::poll(&waiting, 1, 1000) <= 0)
                continue;
            char buffer[1024];
            const auto n = ::read(m_output, buffer, sizeof buffer);
            if (n <= 0)
                break;
            text.append(buffer, static_cast<std::size_t>(n));
        }
        return text;
    }

    // Sends the signal and waits; the exit status, or -signal.
    int end(int signal)
    {
        ::kill(m_pid, signal);
        return wait();
    }
    pid_t pid() const { return m_pid; }
    bool dumped() const { return m_dumped; }
    int wait()
    {
        int status = 0;
        while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
        }
        m_pid = -1;
        m_dumped = WIFSIGNALED(status) && WCOREDUMP(status);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    pid_t m_pid = -1;
    int m_output = -1;
    bool m_dumped = false;
};

struct PortalProgram : PortalFixture {
    std::vector<std::string> arguments() const
    {
        const auto credentials = clouds().credentials("dropbox");
        const std::string base = clouds().base("dropbox");
        return {"--listen",
                "127.0.0.1:0",
                "--state",
                (folder / "state").string(),
                "--poll-interval",
                "1",
                "--verbose",
                "--client",
                "dropbox=" + credentials["client_id"].get<std::string>(),
                "--endpoint",
                "dropbox.www=" + base,
                "--endpoint",
                "dropbox.api=" + base,
                "--endpoint",
                "dropbox.content=" + base};
    }
    std::unique_ptr<Program> run()
    {
        auto program =
            std::make_unique<Program>(arguments(), folder / "log", clouds().credentials("dropbox")["client_secret"]);
        const auto ready = nlohmann::json::parse(program->line(), nullptr, false);
        EXPECT_TRUE(ready.is_object()) << log();
        if (ready.is_object())
            url = ready.value("publicUrl", "");
        clock = toUnix(systemNow());
        return program;
    }
    std::string log() const { return readFile(folder / "log").has_value() ? *readFile(folder / "log") : std::string(); }
    // Every byte that is in the state folder.
    std::string disk() const
    {
        std::string all;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(folder / "state")) {
            std::ifstream in(entry.path(), std::ios::binary);
            all.append((std::istreambuf_iterator<char>(in)), {});
        }
        return all;
    }
    PollOutcome pollNow(const Begun &begun)
    {
        const auto until = steady_clock::now() + seconds(20);
        for (;;) {
            auto outcome = device().poll(begun.deviceCode, {});
            EXPECT_TRUE(outcome) << describe(outcome.error());
            if (!outcome || !std::holds_alternative<Pending>(*outcome) || steady_clock::now() > until)
                return outcome ? *outcome : PollOutcome(Expired{});
            (void)waitFor(std::get<Pending>(*outcome).interval, {});
        }
    }
};

TEST_F(PortalProgram, LeavesNothingReadableOnTheDiskOrInTheLog)
{
    auto program = run();
    const Begun begun = begin({"example.org"});
    test::Browser browser;
    const auto leaving = walkToCloud(browser, begun);
    const auto back = browser.getOnce(cloudAddress(leaving) + "&auto_approve=" + kMara);
    const std::string callback(back.headers.get("Location"));
    EXPECT_TRUE(browser.get(callback).url.ends_with("/done"));
    const auto outcome = pollNow(begun);
    ASSERT_TRUE(std::holds_alternative<Granted>(outcome));
    const std::string sealed = std::get<Granted>(outcome).sealed;
    const auto grant = openSealed(sealed, keys, "dropbox");
    ASSERT_TRUE(grant);

    const std::string bareCode = [&] {
        std::string code = begun.userCode;
        std::erase(code, '-');
        return code;
    }();
    const std::string code = std::string(callback.substr(callback.find("code=") + 5));
    const std::vector<std::string> secrets = {
        begun.deviceCode,
        begun.userCode,
        bareCode,
        toLowerAscii(bareCode),
        grant->account.email,
        grant->account.name,
        grant->tokens.accessToken,
        grant->tokens.refreshToken,
        grant->account.id,
        code.substr(0, code.find('&')),
        browser.cookie("portal"),
        clouds().credentials("dropbox")["client_secret"].get<std::string>(),
        cloudAddress(leaving).substr(cloudAddress(leaving).find("state=") + 6, 43)};
    const auto search = [&](const std::string &where, const std::string &bytes) {
        ASSERT_FALSE(bytes.empty());
        for (const std::string &secret : secrets) {
            ASSERT_GT(secret.size(), 5u);
            EXPECT_EQ(bytes.find(secret), std::string::npos) << where << " holds " << secret;
        }
    };
    search("the disk after the grant", disk());
    EXPECT_NE(disk().find(sealed.substr(100, 40)), std::string::npos) << "the test reads what is there";
    ASSERT_TRUE(device().acknowledge(begun.deviceCode, {}));
    EXPECT_EQ(program->end(SIGTERM), 0);
    search("the disk after the end", disk());
    EXPECT_EQ(disk().find(sealed.substr(100, 40)), std::string::npos) << "the sealed box is overwritten";
    search("the log", log());
    EXPECT_THAT(log(), HasSubstr("GET /callback/dropbox 303")) << "the log is the verbose one";
}

TEST_F(PortalProgram, EndsInAMomentAndGoesOnWhereItWas)
{
    auto program = run();
    const Begun begun = begin();
    test::Browser browser;
    const auto page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    EXPECT_TRUE(page.url.ends_with("/connect"));
    const auto began = steady_clock::now();
    EXPECT_EQ(program->end(SIGTERM), 0);
    EXPECT_LT(steady_clock::now() - began, seconds(4));
    program = run();
    EXPECT_TRUE(std::holds_alternative<Pending>(*device().poll(begun.deviceCode, {})));
    // A kill in the middle loses nothing either.
    EXPECT_EQ(program->end(SIGKILL), -SIGKILL);
    program = run();
    EXPECT_TRUE(std::holds_alternative<Pending>(*device().poll(begun.deviceCode, {})));
}

TEST_F(PortalProgram, KeepsItsStoreInPostgresqlWhereItIsToldSo)
{
    const auto credentials = clouds().credentials("dropbox");
    std::ofstream(folder / "database") << postgres().newDatabase() << "\n";
    std::ofstream(folder / "portal.toml") << "database_file = \"database\"\n";
    auto words = arguments();
    words.insert(words.end(), {"--config", (folder / "portal.toml").string()});
    const auto start = [&] {
        auto program = std::make_unique<Program>(words, folder / "log", credentials["client_secret"]);
        const auto ready = nlohmann::json::parse(program->line(), nullptr, false);
        EXPECT_TRUE(ready.is_object()) << log();
        url = ready.is_object() ? ready.value("publicUrl", "") : "";
        clock = toUnix(systemNow());
        return program;
    };
    auto program = start();
    const Begun begun = begin();
    EXPECT_EQ(program->end(SIGKILL), -SIGKILL);
    EXPECT_FALSE(std::filesystem::exists(folder / "state" / "portal.db"));
    program = start();
    EXPECT_TRUE(std::holds_alternative<Pending>(*device().poll(begun.deviceCode, {})));
}

TEST_F(PortalProgram, WritesItsLogAsOneObjectPerLineWhereItIsToldSo)
{
    std::ofstream(folder / "portal.toml") << "log_format = \"json\"\n";
    auto words = arguments();
    words.insert(words.end(), {"--config", (folder / "portal.toml").string()});
    Program program(words, folder / "log", clouds().credentials("dropbox")["client_secret"]);
    url = nlohmann::json::parse(program.line())["publicUrl"];
    clock = toUnix(systemNow());
    begin();
    test::Browser().get(url + "/code%22%0A%7B?code=BCDFGHJKLMNPQRS");
    EXPECT_EQ(program.end(SIGTERM), 0);
    std::istringstream lines(log());
    int seen = 0;
    for (std::string line; std::getline(lines, line); ++seen) {
        const auto entry = nlohmann::json::parse(line, nullptr, false);
        ASSERT_TRUE(entry.is_object()) << line;
        for (const char *name : {"time", "level", "area", "message"})
            EXPECT_TRUE(entry.contains(name) && entry[name].is_string()) << line;
        EXPECT_TRUE(parseRfc3339(entry["time"].get<std::string>())) << line;
    }
    EXPECT_GT(seen, 3);
    EXPECT_THAT(log(), HasSubstr("POST /api/v1/authorizations 200"));
    EXPECT_EQ(log().find("BCDFG"), std::string::npos);
}

// What the devices' tickets and the kept answers are sealed with is never made anew behind their backs.
TEST_F(PortalProgram, MakesNoKeyForADatabaseThatHasOne)
{
    const std::string postgresql = postgres().newDatabase();
    std::ofstream(folder / "database") << postgresql << "\n";
    std::ofstream(folder / "portal.toml") << "database_file = \"database\"\n";
    for (const bool shared : {false, true}) {
        const auto state = folder / (shared ? "shared" : "state");
        auto words = arguments();
        words[3] = state.string();
        if (shared)
            words.insert(words.end(), {"--config", (folder / "portal.toml").string()});
        const auto starts = [&] {
            std::filesystem::remove(folder / "log");
            Program program(words, folder / "log", clouds().credentials("dropbox")["client_secret"]);
            const bool ready = !program.line().empty();
            const int status = ready ? program.end(SIGTERM) : program.wait();
            EXPECT_EQ(status, ready ? 0 : 2);
            return ready;
        };
        ASSERT_TRUE(starts()) << log();
        const auto key = state / "portal.key";
        const auto kept = readFile(key);
        ASSERT_TRUE(kept);
        // No code was ever made; but tickets may be out.
        std::filesystem::rename(key, folder / "safe");
        EXPECT_FALSE(starts());
        EXPECT_FALSE(std::filesystem::exists(key));
        EXPECT_THAT(log(), HasSubstr(key.string()));
        EXPECT_THAT(log(), HasSubstr("is missing"));
        std::ofstream(key) << std::string(32, 'x');
        EXPECT_FALSE(starts());
        EXPECT_THAT(log(), HasSubstr("another portal.key"));
        std::filesystem::rename(folder / "safe", key);
        EXPECT_TRUE(starts()) << log();
        EXPECT_EQ(*readFile(key), *kept);
    }
}

// A file from before keys had names in it.
TEST_F(PortalProgram, MakesNoKeyForADatabaseThatWasUsedBefore)
{
    auto program = run();
    const Begun begun = begin();
    ASSERT_TRUE(device().acknowledge(begun.deviceCode, {}));
    EXPECT_EQ(program->end(SIGTERM), 0);
    {
        const std::vector<Migration> done{{1, ""}, {2, ""}, {3, ""}, {4, ""}}; // they have run
        auto db = Database::open(folder / "state" / "portal.db", done);
        ASSERT_TRUE(db) << describe(db.error());
        ASSERT_TRUE(db->run("DELETE FROM portal_key"));
    }
    const auto key = folder / "state" / "portal.key";
    std::filesystem::rename(key, folder / "safe");
    {
        Program second(arguments(), folder / "log", "");
        EXPECT_EQ(second.line(), "");
        EXPECT_EQ(second.wait(), 2);
    }
    EXPECT_FALSE(std::filesystem::exists(key));
    std::filesystem::rename(folder / "safe", key);
    program = run();
    EXPECT_EQ(program->end(SIGTERM), 0);
}

TEST_F(PortalProgram, TwoOnOneFileAreRefused)
{
    const auto program = run();
    Program second(arguments(), folder / "log", "");
    EXPECT_EQ(second.line(), "");
    EXPECT_NE(second.wait(), 0);
    EXPECT_THAT(log(), HasSubstr("several need PostgreSQL"));
}

// Its memory holds tokens and client secrets.
TEST_F(PortalProgram, LeavesNoCoreDumpAndLetsNobodyLookIntoItsMemory)
{
    const auto program = run();
    const std::string process = "/proc/" + std::to_string(program->pid());
    const auto limits = readFile(process + "/limits");
    ASSERT_TRUE(limits);
    EXPECT_TRUE(std::regex_search(*limits, std::regex("Max core file size +0 +0 "))) << *limits;
    // What is not dumpable belongs to root, whoever runs it.
    struct stat owner = {};
    ASSERT_EQ(::stat((process + "/mem").c_str(), &owner), 0);
    EXPECT_EQ(owner.st_uid, 0U);
    if (::getuid() == 0) {
        const int ending = program->end(SIGABRT); // dumps core by itself, and no sanitizer takes it
        EXPECT_EQ(ending, -SIGABRT);
        EXPECT_FALSE(program->dumped());
    }
}

TEST_F(PortalProgram, RefusesAConfigurationThatCannotWorkAndShowsNoSecret)
{
    const auto refuses = [&](std::vector<std::string> more, const std::string &words) {
        auto all = arguments();
        all.insert(all.end(), more.begin(), more.end());
        Program program(all, folder / "log", "top-secret-value");
        EXPECT_EQ(program.line(), "") << words;
        EXPECT_NE(program.wait(), 0) << words;
        EXPECT_THAT(log(), HasSubstr(words));
    };
    refuses({"--client", "nocloud=x"}, "no such provider: nocloud");
    refuses({"--public-url", "https://example.org/portal"}, "without a path");
    refuses({"--code-hours", "73"}, "code_hours is 73, but a code may live for up to 72 hours");
    for (const auto &[hours, words] : {std::pair("73", "code_hours is 73, but a code may live for up to 72 hours"),
                                       {"72.01", "up to 72 hours"},
                                       {"9223372036854775807", "up to 72 hours"},
                                       {"inf", "up to 72 hours"},
                                       {"nan", "a second at least"},
                                       {"0", "a second at least"},
                                       {"\"24\"", "must be a number"}}) {
        std::ofstream(folder / "hours.toml") << "code_hours = " << hours << "\n";
        refuses({"--config", (folder / "hours.toml").string()}, words);
    }
    refuses({"--endpoint", "dropbox.odd=http://127.0.0.1:1"}, "no endpoint of the name odd");
    std::ofstream(folder / "a.toml") << "listen = \"127.0.0.1:0\"\ntypo = 1\n";
    refuses({"--config", (folder / "a.toml").string()}, "unknown entry: typo");
    EXPECT_EQ(log().find("top-secret-value"), std::string::npos);
}

TEST_F(PortalProgram, ReadsItsConfigurationFile)
{
    const auto credentials = clouds().credentials("dropbox");
    std::ofstream(folder / "secret") << credentials["client_secret"].get<std::string>() << "\n";
    std::ofstream(folder / "terms.txt") << "## House rules\nBe kind & quiet.\n";
    const std::string base = clouds().base("dropbox");
    std::ofstream(folder / "portal.toml")
        << "listen = \"127.0.0.1:0\"\nstate = \"" << (folder / "state").string()
        << "\"\noperator = \"Example City Library\"\n"
        << "poll_interval = 3\ncode_hours = 72\n[terms]\nen = \"terms.txt\"\n[limits]\nwrong_codes_burst = 1\n"
        << "[providers.dropbox]\nclient_id = \"" << credentials["client_id"].get<std::string>()
        << "\"\nclient_secret_file = \"secret\"\n"
        << "[providers.dropbox.endpoints]\nwww = \"" << base << "\"\napi = \"" << base << "\"\ncontent = \"" << base
        << "\"\n";
    Program program({"--config", (folder / "portal.toml").string()}, folder / "log", "");
    const auto ready = nlohmann::json::parse(program.line(), nullptr, false);
    ASSERT_TRUE(ready.is_object()) << log();
    url = ready["publicUrl"];
    clock = toUnix(systemNow());
    const Begun begun = begin();
    EXPECT_EQ(begun.interval, seconds(3));
    EXPECT_NEAR(std::chrono::duration<double>(begun.expiresAt - now()).count(), 72 * 3600, 60);
    test::Browser browser;
    auto page = browser.submit(browser.get(begun.verificationUriComplete), "/code");
    page = browser.submit(page, "/connect");
    EXPECT_TRUE(page.has("<h2>House rules</h2>"));
    EXPECT_TRUE(page.has("Be kind &amp; quiet."));
    EXPECT_TRUE(page.has("Run by Example City Library"));
    EXPECT_EQ(program.end(SIGTERM), 0);
}

} // namespace
} // namespace connector::portal
