// SPDX-License-Identifier: Apache-2.0
#include "providers/memory/memory_provider.h"
#include "suite/provider_suite.h"

namespace connector::test {
namespace {

using memory::Cloud;

class MemoryWorld : public World {
public:
    explicit MemoryWorld(bool duplicates) : m_cloud(std::make_shared<Cloud>(optionsFor(duplicates))) {}
    std::unique_ptr<Provider> provider() override { return std::make_unique<memory::MemoryProvider>(m_cloud); }
    std::unique_ptr<ContentHasher> hasher() override { return memory::makeHasher(); }
    void setPageSize(int entries) override { m_cloud->setPageSize(static_cast<std::size_t>(entries)); }

    void cause(Trouble trouble) override
    {
        const Error cut{Errc::Offline, "cut", "memory", "cut"};
        switch (trouble) {
        case Trouble::CutDownload:
            return failAt("body", 3, Error{Errc::DataLoss, "short", "memory"});
        case Trouble::CutUpload:
            return failAt("chunk", 3, cut);
        case Trouble::LostCommitAnswer:
            return failAt("committed", 1, cut);
        case Trouble::FailedCommitAnswer:
            return failAt("committed", 1, Error{Errc::Unavailable, "later", "memory"});
        case Trouble::LostFolderAnswer:
            return failAt("folderMade", 1, cut);
        case Trouble::Unavailable:
            return failAt("list", 1, Error{Errc::Unavailable, "later", "memory"});
        case Trouble::RateLimited: {
            Error error{Errc::RateLimited, "slowly", "memory"};
            error.retryAfter = std::chrono::seconds{300};
            return failAt("list", 1, error);
        }
        case Trouble::QuotaFull:
            return m_cloud->setQuota(10);
        case Trouble::PageTokensDie:
            return m_cloud->forgetPageTokens();
        case Trouble::TokenExpires: // it has none
            return;
        case Trouble::AccessRevoked:
            return m_cloud->setFault([](std::string_view) -> std::optional<Error> {
                return Error{Errc::Unauthenticated, "revoked", "memory"};
            });
        }
    }

private:
    static memory::Options optionsFor(bool duplicates)
    {
        memory::Options options;
        options.duplicateNames = duplicates;
        options.simpleMax = 128LL << 10U;
        options.chunk = 64LL << 10U;
        return options;
    }

    void failAt(std::string step, int nth, Error error)
    {
        m_cloud->setFault([step = std::move(step), nth, error = std::move(error),
                           seen = std::make_shared<int>(0)](std::string_view at) -> std::optional<Error> {
            if (at != step || ++*seen != nth)
                return std::nullopt;
            return error;
        });
    }

    std::shared_ptr<Cloud> m_cloud;
};

INSTANTIATE_TEST_SUITE_P(Memory, ProviderSuite,
                         ::testing::Values(Subject{"memory", [] { return std::make_unique<MemoryWorld>(false); }},
                                           Subject{"memoryWithDoubles",
                                                   [] { return std::make_unique<MemoryWorld>(true); }}),
                         [](const auto &subject) { return subject.param.name; });

} // namespace
} // namespace connector::test
