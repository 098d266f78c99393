// SPDX-License-Identifier: Apache-2.0
#include "providers/digest.h"
#include "providers/google_drive/google_drive_provider.h"
#include "suite/sandbox_world.h"

namespace connector::test {
namespace {

nlohmann::json googleRefusal(int status, const char *reason)
{
    return {{"status", status},
            {"body",
             {{"error",
               {{"code", status},
                {"message", "see the reason"},
                {"errors", {{{"domain", "global"}, {"reason", reason}, {"message", "see the reason"}}}}}}}}};
}

SandboxWorld::Cloud googleFacts()
{
    SandboxWorld::Cloud cloud;
    cloud.name = "google-drive";
    cloud.routes.createFolder = "/drive/v3/files$"; // with POST; see below
    cloud.answers[Refusal::ScopeMissing] = {"/drive/v3/files$", googleRefusal(403, "insufficientPermissions")};
    cloud.answers[Refusal::TooLarge] = {"/upload/drive/v3/files", googleRefusal(413, "uploadTooLarge")};
    return cloud;
}

// One path serves many purposes: method and query tell them apart.
class GoogleDriveWorld : public SandboxWorld {
public:
    GoogleDriveWorld() : SandboxWorld(googleFacts()) {}
    std::unique_ptr<Provider> make(HttpClient &http, const std::string &base, Sizes sizes) override
    {
        google_drive::Tuning tuning;
        if (sizes == Sizes::Small) {
            tuning.simpleMax = 128LL << 10U;
            tuning.chunk = 256LL << 10U;
        }
        tuning.patience = std::chrono::milliseconds{1};
        return std::make_unique<google_drive::GoogleDriveProvider>(http, google_drive::Hosts{base, base, base, base},
                                                                   tuning);
    }
    std::unique_ptr<ContentHasher> hasher() override { return std::make_unique<DigestHasher>(DigestKind::Sha256); }

    void cause(Trouble trouble) override
    {
        switch (trouble) {
        case Trouble::CutDownload:
            return on("GET", "", "alt=media", {{"cutAfter", 500'000}});
        case Trouble::CutUpload:
            return on("PUT", "", "", {{"cutRequestAfter", 10'000}}, 3);
        case Trouble::LostCommitAnswer: {
            // A session commits with its last chunk, which looks like all the others.
            relent();
            on("", "", "uploadType=multipart", {{"loseAnswer", true}});
            const auto chunks = (sessionBytes() + chunkBytes() - 1) / chunkBytes();
            return on("PUT", "", "", {{"loseAnswer", true}}, static_cast<int>(chunks));
        }
        case Trouble::LostFolderAnswer:
            return on("POST", "/drive/v3/files$", "", {{"loseAnswer", true}});
        case Trouble::RateLimited:
            return fault("", googleRefusal(403, "userRateLimitExceeded"), 1, 0);
        default:
            return SandboxWorld::cause(trouble);
        }
    }

    bool refuse(Refusal refused, const Entry &on) override
    {
        if (refused == Refusal::Locked) { // it keeps name and content; whether it can be deleted is not documented
            mark(on, "locked");
            this->on("DELETE", "", "", googleRefusal(403, "insufficientFilePermissions"), 1, 0);
            return true;
        }
        if (refused == Refusal::Blocked) {
            mark(on, "infected");
            return true;
        }
        return SandboxWorld::refuse(refused, on);
    }

private:
    void on(const std::string &method, const std::string &route, const std::string &query, const nlohmann::json &action,
            int nth = 1, int times = 1) const
    {
        nlohmann::json command{{"do", "fault"}, {"route", route}, {"query", query},
                               {"nth", nth},    {"times", times}, {"action", action}};
        if (!method.empty())
            command["method"] = method;
        tell(command);
    }
    void mark(const Entry &entry, const char *what) const
    {
        tell({{"do", "mark"}, {"path", "/" + entry.name}, {what, true}});
    }
};

INSTANTIATE_TEST_SUITE_P(GoogleDrive, ProviderSuite,
                         ::testing::Values(Subject{"google_drive",
                                                   [] { return std::make_unique<GoogleDriveWorld>(); }}),
                         [](const auto &subject) { return subject.param.name; });

} // namespace
} // namespace connector::test
