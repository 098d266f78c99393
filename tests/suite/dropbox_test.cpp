// SPDX-License-Identifier: Apache-2.0
#include "providers/dropbox/content_hash.h"
#include "providers/dropbox/dropbox_provider.h"
#include "suite/provider_suite.h"
#include "support/account.h"

namespace connector::test {
namespace {

class DropboxWorld : public World {
public:
    DropboxWorld()
    {
        // One sandbox serves all tests of a run; each begins with it as new.
        sandbox().control({{"do", "reset"}});
        sandbox().control({{"do", "delete"}, {"path", "/Scans"}});
        m_account = std::make_unique<SandboxAccount>(sandbox(), "dropbox");
    }
    std::unique_ptr<Provider> provider() override
    {
        dropbox::Tuning tuning;
        tuning.simpleMax = 128LL << 10U;
        tuning.chunk = 64LL << 10U;
        tuning.patience = std::chrono::milliseconds{1};
        const std::string base = sandbox().base("dropbox");
        return std::make_unique<dropbox::DropboxProvider>(m_account->http(), dropbox::Hosts{base, base}, tuning);
    }
    std::unique_ptr<ContentHasher> hasher() override { return std::make_unique<dropbox::ContentHash>(); }
    void setPageSize(int entries) override { sandbox().control({{"do", "page-cap"}, {"cap", entries}}); }

    void cause(Trouble trouble) override
    {
        switch (trouble) {
        case Trouble::CutDownload:
            return fault("files/download", {{"cutAfter", 500'000}});
        case Trouble::CutUpload:
            return fault("upload_session/append", {{"cutRequestAfter", 10'000}}, 2);
        case Trouble::LostCommitAnswer:
            return fault("files/upload$|upload_session/finish", {{"loseAnswer", true}});
        case Trouble::Unavailable:
            return fault("", {{"status", 503}});
        case Trouble::RateLimited:
            return fault("", {{"status", 429}, {"headers", {{"Retry-After", "300"}}}});
        case Trouble::QuotaFull:
            sandbox().control({{"do", "quota"}, {"free", 10}});
            return;
        case Trouble::PageTokensDie:
            sandbox().control({{"do", "reset-cursors"}});
            return;
        case Trouble::TokenExpires:
            sandbox().control({{"do", "expire-tokens"}});
            return;
        case Trouble::AccessRevoked:
            sandbox().control({{"do", "revoke-tokens"}});
            return;
        }
    }

private:
    static Sandbox &sandbox()
    {
        static Sandbox instance;
        return instance;
    }

    static void fault(const std::string &route, const nlohmann::json &action, int nth = 1)
    {
        sandbox().control({{"do", "fault"}, {"cloud", "dropbox"}, {"route", route}, {"nth", nth}, {"action", action}});
    }

    std::unique_ptr<SandboxAccount> m_account;
};

INSTANTIATE_TEST_SUITE_P(Dropbox, ProviderSuite,
                         ::testing::Values(Subject{"dropbox", [] { return std::make_unique<DropboxWorld>(); }}),
                         [](const auto &subject) { return subject.param.name; });

} // namespace
} // namespace connector::test
