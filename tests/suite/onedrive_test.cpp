// SPDX-License-Identifier: Apache-2.0
#include "providers/onedrive/onedrive_provider.h"
#include "providers/onedrive/quick_xor_hash.h"
#include "suite/sandbox_world.h"

namespace connector::test {
namespace {

nlohmann::json graphError(int status, const char *code, const char *inner = nullptr)
{
    nlohmann::json error{{"code", code}, {"message", "see the code"}};
    if (inner != nullptr)
        error["innerError"] = {{"code", inner}};
    return {{"status", status}, {"body", {{"error", error}}}};
}

SandboxWorld::Cloud oneDriveFacts(const std::string &person)
{
    SandboxWorld::Cloud cloud;
    cloud.name = "onedrive";
    cloud.person = person;
    cloud.routes.download = "/transfer/content";
    cloud.routes.chunk = "/transfer/upload";
    cloud.routes.commit = ":/content";
    cloud.routes.createFolder = "/(root|items/[^/:]+)/children$";
    cloud.convertible = "letter.rtf";
    cloud.answers[Refusal::ScopeMissing] = {"/children", graphError(403, "Authorization_RequestDenied")};
    cloud.answers[Refusal::NameInvalid] = {":/content|createUploadSession",
                                           graphError(400, "invalidRequest", "invalidPath")};
    cloud.answers[Refusal::TooLarge] = {":/content|createUploadSession",
                                        graphError(413, "invalidRequest", "maxStreamSizeExceeded")};
    return cloud;
}

class OneDriveWorld : public SandboxWorld {
public:
    explicit OneDriveWorld(const std::string &person = "mara.lind@example.org") : SandboxWorld(oneDriveFacts(person)) {}
    std::unique_ptr<Provider> make(HttpClient &http, const std::string &base, Sizes sizes) override
    {
        onedrive::Tuning tuning;
        if (sizes == Sizes::Small) {
            tuning.simpleMax = 320LL << 10U;
            tuning.chunk = 320LL << 10U;
        }
        tuning.patience = std::chrono::milliseconds{1};
        return std::make_unique<onedrive::OneDriveProvider>(http, onedrive::Hosts{base}, tuning);
    }
    std::unique_ptr<ContentHasher> hasher() override { return std::make_unique<onedrive::QuickXorHash>(); }

    void cause(Trouble trouble) override
    {
        if (trouble == Trouble::PageTokensDie) { // 400 and 410 have both been seen
            faultOn("skiptoken", m_dead, 1);
            return;
        }
        SandboxWorld::cause(trouble);
    }
    void faultCommit(const nlohmann::json &action) override
    {
        // A session commits with its last fragment, which looks like all the others.
        relent();
        SandboxWorld::faultCommit(action);
        const auto fragments = (sessionBytes() + chunkBytes() - 1) / chunkBytes();
        fault(cloud().routes.chunk, action, static_cast<int>(fragments));
    }
    bool refuse(Refusal refusal, const Entry &on) override
    {
        if (refusal != Refusal::CannotConvert)
            return SandboxWorld::refuse(refusal, on);
        faultOn("format=pdf", graphError(406, "notSupported", "InputFormatNotSupported"), 0);
        return true;
    }

protected:
    nlohmann::json m_dead = graphError(410, "resyncRequired");

private:
    void faultOn(const std::string &query, const nlohmann::json &action, int times) const
    {
        tell({{"do", "fault"}, {"query", query}, {"times", times}, {"action", action}});
    }
};

// A work account: the same adapter, another kind of drive.
class OneDriveBusinessWorld : public OneDriveWorld {
public:
    OneDriveBusinessWorld() : OneDriveWorld("tomas.berg@example.org")
    {
        m_dead = graphError(400, "invalidRequest", "invalidSkipToken");
    }
    std::string personName() override { return "Tomas Berg"; }
    std::string personEmail() override { return "tomas.berg@example.org"; }
};

INSTANTIATE_TEST_SUITE_P(OneDrive, ProviderSuite,
                         ::testing::Values(Subject{"onedrive", [] { return std::make_unique<OneDriveWorld>(); }}),
                         [](const auto &subject) { return subject.param.name; });
INSTANTIATE_TEST_SUITE_P(OneDriveBusiness, ProviderSuite,
                         ::testing::Values(Subject{"onedrive_business",
                                                   [] { return std::make_unique<OneDriveBusinessWorld>(); }}),
                         [](const auto &subject) { return subject.param.name; });

} // namespace
} // namespace connector::test
