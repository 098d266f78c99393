// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "providers/digest.h"
#include "providers/webdav/webdav_provider.h"
#include "suite/sandbox_world.h"
#include "support/mod_dav.h"

#include <fstream>

namespace connector::test {
namespace {

// Signs with a password that nobody can renew.
class Password : public TokenSource {
public:
    Password(std::string user, std::string password)
    {
        m_tokens.scheme = TokenSet::Scheme::Basic;
        m_tokens.user = std::move(user);
        m_tokens.accessToken = std::move(password);
    }
    Result<std::string> token(const Call &) override { return m_tokens.accessToken; }
    void expired(const std::string &) override {}
    std::string authorization(const std::string &) override { return m_tokens.authorization(); }

private:
    TokenSet m_tokens;
};

// The client stack as the product stacks it; nothing is waited for.
class PasswordAccount {
public:
    PasswordAccount(const std::string &user, const std::string &password) : m_password(user, password) {}
    HttpClient &http() { return m_signed; }
    WireTap &tap() { return m_tap; }

private:
    static PacingOptions pacing()
    {
        PacingOptions options;
        options.wait = [](std::chrono::milliseconds, const Call &call) { return call.poll(); };
        return options;
    }

    CurlHttpClient m_curl;
    WireTap m_tap{m_curl};
    TracingHttpClient m_traced{m_tap};
    PacedHttpClient m_paced{m_traced, std::make_shared<Pacer>(), pacing()};
    Password m_password;
    SigningHttpClient m_signed{m_paced, m_password};
};

// What can befall a request between us and a server that never fails by itself.
class Troubled {
public:
    void arm(Trouble trouble) { m_armed = trouble; }

    Result<HttpReply> send(HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call)
    {
        const bool put = request.method == "PUT";
        const auto now = [&](Trouble trouble, bool matches, bool once = true) {
            if (m_armed != trouble || !matches)
                return false;
            if (once)
                m_armed.reset();
            return true;
        };
        const Error cut{Errc::Offline, "cut", "http", "cut"};
        if (now(Trouble::Unavailable, true))
            return HttpReply{503, {}, ""};
        if (now(Trouble::RateLimited, true, false)) {
            HttpReply reply{429, {}, ""};
            reply.headers.set("Retry-After", "300");
            return reply;
        }
        if (now(Trouble::QuotaFull, put, false))
            return HttpReply{507, {}, ""};
        if (now(Trouble::LostCommitAnswer, put) || now(Trouble::LostFolderAnswer, request.method == "MKCOL")) {
            auto reply = next.send(request, sink, call);
            return reply ? cut : reply.error();
        }
        if (now(Trouble::FailedCommitAnswer, put)) {
            auto reply = next.send(request, sink, call);
            return reply ? HttpReply{502, {}, ""} : std::move(reply);
        }
        if (now(Trouble::CutDownload, request.method == "GET" && sink != nullptr, false)) {
            ShortSink half(*sink);
            auto reply = next.send(request, &half, call);
            if (!half.full())
                return reply;
            m_armed.reset();
            return Error{Errc::DataLoss, "cut", "http"};
        }
        return next.send(request, sink, call);
    }

private:
    class ShortSink : public ByteSink {
    public:
        explicit ShortSink(ByteSink &out) : m_out(out) {}
        Result<void> write(std::span<const char> bytes) override
        {
            if (m_left < bytes.size())
                return Error{Errc::Cancelled, "enough"};
            m_left -= bytes.size();
            return m_out.write(bytes);
        }
        bool full() const { return m_left < 500'000; }

    private:
        ByteSink &m_out;
        std::size_t m_left = 500'000;
    };

    std::optional<Trouble> m_armed;
};

// Apache's mod_dav, as Debian ships it.
class ModDavWorld : public World {
public:
    ModDavWorld()
    {
        m_account.tap().set([this](HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call) {
            return m_troubled.send(next, request, sink, call);
        });
    }
    ~ModDavWorld() override { relent(); }

    std::unique_ptr<Provider> provider() override
    {
        ProviderEndpoints endpoints;
        endpoints.base["server"] = server().url();
        endpoints.user = server().user();
        auto made = std::make_unique<webdav::WebdavProvider>(m_account.http(), endpoints, m_tuning);
        EXPECT_TRUE(made->account({})); // finds out what kind of server it is
        m_last = made.get();
        return made;
    }
    std::unique_ptr<ContentHasher> hasher() override { return std::make_unique<DigestHasher>(DigestKind::Sha1); }
    void setPageSize(int entries) override
    {
        m_tuning.pageSize = entries;
        m_last->setTuning(m_tuning);
    }

    void cause(Trouble trouble) override
    {
        if (trouble == Trouble::AccessRevoked)
            return setPassword("another one");
        if (trouble == Trouble::PageTokensDie) { // the folder changes, and has the same entries again
            std::ofstream(server().folder() / "passing") << "x";
            std::filesystem::remove(server().folder() / "passing");
            m_last->setTuning(m_tuning); // and it takes too long to turn the page
            return;
        }
        if (trouble != Trouble::TokenExpires &&
            trouble != Trouble::CutUpload) // passwords do not, sessions there are none
            m_troubled.arm(trouble);
    }

    bool refuse(Refusal refusal, const Entry &on) override
    {
        if (refusal == Refusal::Denied) {
            m_closed = server().folder() / on.name / ".htaccess";
            std::ofstream(m_closed) << "<Limit PUT>\nRequire all denied\n</Limit>\n";
            return true;
        }
        if (refusal != Refusal::Locked)
            return false;
        HttpRequest lock;
        lock.method = "LOCK";
        lock.url = server().url() + "/" + on.name;
        lock.headers.set("Content-Type", "application/xml");
        lock.body = "<?xml version=\"1.0\"?><d:lockinfo xmlns:d=\"DAV:\"><d:lockscope><d:exclusive/></d:lockscope>"
                    "<d:locktype><d:write/></d:locktype></d:lockinfo>";
        auto reply = m_account.http().send(lock, nullptr, {});
        EXPECT_TRUE(reply && reply->status == 200);
        m_locked = lock.url;
        m_lock = reply ? std::string(reply->headers.get("Lock-Token")) : "";
        return true;
    }

    void relent() override
    {
        if (!m_closed.empty())
            std::filesystem::remove(m_closed);
        if (!m_lock.empty()) {
            HttpRequest unlock;
            unlock.method = "UNLOCK";
            unlock.url = m_locked;
            unlock.headers.set("Lock-Token", m_lock);
            EXPECT_TRUE(m_account.http().send(unlock, nullptr, {}));
        }
        m_closed.clear();
        m_lock.clear();
    }

    bool makeFiles(const std::string &folder, const std::vector<std::string> &names, std::int64_t size) override
    {
        std::filesystem::create_directory(server().folder() / folder);
        for (const auto &name : names) {
            std::ofstream(server().folder() / folder / name) << "";
            std::filesystem::resize_file(server().folder() / folder / name, static_cast<std::uintmax_t>(size));
        }
        return true;
    }

private:
    static ModDav &server()
    {
        static ModDav instance;
        return instance;
    }

    static void setPassword(const std::string &password)
    {
        std::ofstream(server().folder().parent_path() / "passwords")
            << server().user() << ":{SHA}" << toBase64(Digest::of(DigestKind::Sha1, password)) << "\n";
    }

    // Nothing in it, and the first password.
    static std::string freshPassword()
    {
        for (const auto &entry : std::filesystem::directory_iterator(server().folder()))
            std::filesystem::remove_all(entry);
        setPassword(server().password());
        return server().password();
    }

    static webdav::Tuning tuning()
    {
        webdav::Tuning small;
        small.simpleMax = 128LL << 10U;
        small.patience = std::chrono::milliseconds{1};
        return small;
    }

    webdav::Tuning m_tuning = tuning();
    PasswordAccount m_account{server().user(), freshPassword()};
    Troubled m_troubled;
    webdav::WebdavProvider *m_last = nullptr; // the test's
    std::filesystem::path m_closed;
    std::string m_locked;
    std::string m_lock;
};

// The emulated Nextcloud.
class NextcloudWorld : public SandboxWorld {
public:
    NextcloudWorld() : SandboxWorld(facts()) {}

    std::unique_ptr<Provider> make(HttpClient &http, const std::string &base, Sizes sizes) override
    {
        ProviderEndpoints endpoints;
        endpoints.base["server"] = base;
        endpoints.trustEmail = true;
        webdav::Tuning tuning = m_tuning;
        if (sizes == Sizes::Real)
            tuning = {};
        tuning.patience = std::chrono::milliseconds{1};
        return std::make_unique<webdav::WebdavProvider>(http, endpoints, tuning);
    }
    std::unique_ptr<Provider> provider() override
    {
        auto made = SandboxWorld::provider();
        (void)made->account({}); // finds out what kind of server it is
        m_last = dynamic_cast<webdav::WebdavProvider *>(made.get());
        return made;
    }
    std::unique_ptr<ContentHasher> hasher() override { return std::make_unique<DigestHasher>(DigestKind::Sha1); }
    std::int64_t realChunkBytes() override { return webdav::Tuning{}.chunk; }
    int refreshes() override { return -1; }

    void connect() override
    {
        const auto person = sandbox().person("webdav", cloud().person);
        m_secret = person.at("app_password").get<std::string>();
        m_password = std::make_unique<PasswordAccount>(person.at("login_name").get<std::string>(), m_secret);
    }
    HttpClient &http() override { return connected().http(); }
    WireTap &tap() override { return connected().tap(); }
    std::vector<std::string> secrets() override
    {
        return m_secret.empty() ? std::vector<std::string>() : std::vector<std::string>{m_secret};
    }

    void setPageSize(int entries) override
    {
        m_tuning.pageSize = entries;
        m_last->setTuning(m_tuning);
    }

    void cause(Trouble trouble) override
    {
        const char *const files = "/remote.php/dav/files/";
        switch (trouble) {
        case Trouble::LostCommitAnswer:
            relent();
            on("PUT", files, {{"loseAnswer", true}});
            return on("MOVE", "/.file$", {{"loseAnswer", true}});
        case Trouble::LostFolderAnswer:
            return on("MKCOL", files, {{"loseAnswer", true}});
        case Trouble::CutDownload:
            return on("GET", files, {{"cutAfter", 500'000}});
        case Trouble::PageTokensDie: // the folder changes, and has the same entries again
            makeFiles("passing", {}, 0);
            tell({{"do", "delete"}, {"path", "/passing"}});
            m_last->setTuning(m_tuning); // and it takes too long to turn the page
            return;
        case Trouble::TokenExpires: // passwords do not
            return;
        default:
            return SandboxWorld::cause(trouble);
        }
    }
    bool refuse(Refusal refusal, const Entry &where) override
    {
        const std::string body = "<d:error xmlns:d=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\"><s:exception>"
                                 "OCA\\DAV\\Connector\\Sabre\\Exception\\InvalidPath</s:exception></d:error>";
        if (refusal == Refusal::NameInvalid)
            on("PUT", "/remote.php/dav/files/", {{"status", 400}, {"body", body}}, 0);
        else if (refusal == Refusal::TooLarge)
            on("PUT", "/remote.php/dav/files/", {{"status", 413}}, 0);
        else
            return SandboxWorld::refuse(refusal, where);
        return true;
    }

private:
    static Cloud facts()
    {
        Cloud cloud;
        cloud.name = "webdav";
        cloud.routes.chunk = "/remote.php/dav/uploads/[^/]+/[^/]+/[0-9]+$";
        return cloud;
    }
    static webdav::Tuning tuning()
    {
        webdav::Tuning small;
        small.simpleMax = 128LL << 10U;
        small.chunk = 5LL << 20U; // it takes no smaller ones
        return small;
    }
    PasswordAccount &connected()
    {
        if (!m_password)
            connect();
        return *m_password;
    }
    void on(const char *method, const std::string &route, const nlohmann::json &action, int times = 1) const
    {
        tell({{"do", "fault"}, {"method", method}, {"route", route}, {"times", times}, {"action", action}});
    }

    webdav::Tuning m_tuning = tuning();
    std::string m_secret;
    std::unique_ptr<PasswordAccount> m_password;
    webdav::WebdavProvider *m_last = nullptr; // the test's
};

// A session is for the name that it was begun with.
TEST(NextcloudUpload, ANameThatIsTakenWhileChunksTravelIsNotReplaced)
{
    NextcloudWorld world;
    const auto ours = world.provider();
    const auto theirs = world.provider();
    const std::string bytes = bytesOf(world.sessionBytes());
    int told = 0;
    StringSource in(bytes);
    auto made = ours->upload(
        {{}, "scan.pdf", OnConflict::Rename}, in, {},
        [&](const UploadState &) -> Result<void> {
            if (++told == 2) {
                StringSource other("theirs");
                EXPECT_TRUE(theirs->upload({{}, "scan.pdf", OnConflict::Fail}, other, {}, {}, soon()));
            }
            return {};
        },
        soon());
    ASSERT_TRUE(made) << describe(made.error());
    EXPECT_EQ(made->name, "scan (1).pdf");
    StringSink out;
    ASSERT_TRUE(ours->download(made->id, made->revision, 0, out, soon()));
    EXPECT_TRUE(out.bytes() == bytes);
    auto page = ours->list({}, "", {}, soon());
    ASSERT_TRUE(page);
    EXPECT_EQ(page->entries.size(), 2U);
}

// What a cancelled upload to Apache leaves, when `meanwhile` happens before the file is taken away.
std::string leftAfterCancel(const std::function<void(const std::filesystem::path &file)> &meanwhile)
{
    ModDav server;
    const auto file = server.folder() / "scan.pdf";
    PasswordAccount account(server.user(), server.password());
    std::stop_source stop;
    account.tap().set([&](HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call) {
        if (request.method == "DELETE")
            meanwhile(file);
        auto reply = next.send(request, sink, call);
        if (request.method == "PUT")
            stop.request_stop();
        return reply;
    });
    ProviderEndpoints endpoints;
    endpoints.base["server"] = server.url();
    endpoints.user = server.user();
    webdav::WebdavProvider provider(account.http(), endpoints);
    Call call = soon();
    call.stop = stop.get_token();
    StringSource in("ours");
    (void)provider.upload({{}, "scan.pdf", OnConflict::Rename}, in, {}, {}, call);
    std::ifstream left(file);
    return left ? std::string(std::istreambuf_iterator<char>(left), {}) : "nothing";
}

TEST(ModDavUpload, ACancelledFileGoesAwayInItsFirstSecond)
{
    EXPECT_EQ(leftAfterCancel([](const auto &) {}), "nothing");
}

TEST(ModDavUpload, WhatReplacedACancelledFileStays)
{
    EXPECT_EQ(leftAfterCancel([](const auto &file) { std::ofstream(file) << "theirs, and longer"; }),
              "theirs, and longer");
}

INSTANTIATE_TEST_SUITE_P(Nextcloud, ProviderSuite,
                         ::testing::Values(Subject{"nextcloud", [] { return std::make_unique<NextcloudWorld>(); }}),
                         [](const auto &subject) { return subject.param.name; });

INSTANTIATE_TEST_SUITE_P(ModDav, ProviderSuite,
                         ::testing::Values(Subject{"modDav", [] { return std::make_unique<ModDavWorld>(); }}),
                         [](const auto &subject) { return subject.param.name; });

} // namespace
} // namespace connector::test
