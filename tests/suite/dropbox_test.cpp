// SPDX-License-Identifier: Apache-2.0
#include "providers/dropbox/content_hash.h"
#include "providers/dropbox/dropbox_provider.h"
#include "suite/sandbox_world.h"

namespace connector::test {
namespace {

nlohmann::json tree(const nlohmann::json &error)
{
    return {{"status", 409}, {"body", {{"error_summary", "see the tags/.."}, {"error", error}}}};
}

SandboxWorld::Cloud dropboxFacts()
{
    SandboxWorld::Cloud cloud;
    cloud.name = "dropbox";
    cloud.routes.download = "files/download$";
    cloud.routes.chunk = "upload_session/(start|append)";
    cloud.routes.commit = "files/upload$|upload_session/finish$";
    cloud.routes.createFolder = "files/create_folder_v2$";
    cloud.convertible = "letter.rtf";
    cloud.answers[Refusal::ScopeMissing] = {
        "files/list_folder$",
        {{"status", 401},
         {"body",
          {{"error_summary", "missing_scope/.."},
           {"error", {{".tag", "missing_scope"}, {"required_scope", "files.metadata.read"}}}}}}};
    cloud.answers[Refusal::NameInvalid] = {"files/upload$",
                                           tree({{".tag", "path"}, {"reason", {{".tag", "disallowed_name"}}}})};
    cloud.answers[Refusal::TooLarge] = {"files/upload$", tree({{".tag", "payload_too_large"}})};
    cloud.answers[Refusal::CannotConvert] = {"files/get_preview$", tree({{".tag", "unsupported_content"}})};
    return cloud;
}

class DropboxWorld : public SandboxWorld {
public:
    DropboxWorld() : SandboxWorld(dropboxFacts()) {}
    std::unique_ptr<Provider> make(HttpClient &http, const std::string &base, Sizes sizes) override
    {
        dropbox::Tuning tuning;
        if (sizes == Sizes::Small) {
            tuning.simpleMax = 128LL << 10U;
            tuning.chunk = 64LL << 10U;
        }
        tuning.patience = std::chrono::milliseconds{1};
        return std::make_unique<dropbox::DropboxProvider>(http, dropbox::Hosts{base, base}, tuning);
    }
    std::unique_ptr<ContentHasher> hasher() override { return std::make_unique<dropbox::ContentHash>(); }
};

INSTANTIATE_TEST_SUITE_P(Dropbox, ProviderSuite,
                         ::testing::Values(Subject{"dropbox", [] { return std::make_unique<DropboxWorld>(); }}),
                         [](const auto &subject) { return subject.param.name; });

} // namespace
} // namespace connector::test
