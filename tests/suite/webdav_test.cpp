// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "providers/digest.h"
#include "providers/webdav/webdav_provider.h"
#include "suite/provider_suite.h"
#include "support/account.h"
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

// What can befall a request between us and a server that never fails by itself.
class Troubled : public HttpClient {
public:
    explicit Troubled(HttpClient &next) : m_next(next) {}
    void arm(Trouble trouble) { m_armed = trouble; }

    Result<HttpReply> send(const HttpRequest &request, ByteSink *sink, const Call &call) override
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
            auto reply = m_next.send(request, sink, call);
            return reply ? cut : reply.error();
        }
        if (now(Trouble::FailedCommitAnswer, put)) {
            auto reply = m_next.send(request, sink, call);
            return reply ? HttpReply{502, {}, ""} : std::move(reply);
        }
        if (now(Trouble::CutDownload, request.method == "GET" && sink != nullptr, false)) {
            ShortSink half(*sink);
            auto reply = m_next.send(request, &half, call);
            if (!half.full())
                return reply;
            m_armed.reset();
            return Error{Errc::DataLoss, "cut", "http"};
        }
        return m_next.send(request, sink, call);
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

    HttpClient &m_next;
    std::optional<Trouble> m_armed;
};

// Apache's mod_dav, as Debian ships it.
class ModDavWorld : public World {
public:
    ~ModDavWorld() override { relent(); }

    std::unique_ptr<Provider> provider() override
    {
        ProviderEndpoints endpoints;
        endpoints.base["server"] = server().url();
        endpoints.user = server().user();
        auto made = std::make_unique<webdav::WebdavProvider>(m_signed, endpoints, m_tuning);
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
        auto reply = m_signed.send(lock, nullptr, {});
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
            EXPECT_TRUE(m_signed.send(unlock, nullptr, {}));
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

    static PacingOptions pacing()
    {
        PacingOptions options;
        options.wait = [](std::chrono::milliseconds, const Call &call) { return call.poll(); };
        return options;
    }
    static webdav::Tuning tuning()
    {
        webdav::Tuning small;
        small.simpleMax = 128LL << 10U;
        small.patience = std::chrono::milliseconds{1};
        return small;
    }

    webdav::Tuning m_tuning = tuning();
    CurlHttpClient m_curl;
    Troubled m_troubled{m_curl};
    PacedHttpClient m_paced{m_troubled, std::make_shared<Pacer>(), pacing()};
    Password m_password{server().user(), freshPassword()};
    SigningHttpClient m_signed{m_paced, m_password};
    webdav::WebdavProvider *m_last = nullptr; // the test's
    std::filesystem::path m_closed;
    std::string m_locked;
    std::string m_lock;
};

INSTANTIATE_TEST_SUITE_P(ModDav, ProviderSuite,
                         ::testing::Values(Subject{"modDav", [] { return std::make_unique<ModDavWorld>(); }}),
                         [](const auto &subject) { return subject.param.name; });

} // namespace
} // namespace connector::test
