// SPDX-License-Identifier: Apache-2.0
#include "providers/box/box_provider.h"
#include "providers/digest.h"
#include "suite/sandbox_world.h"

namespace connector::test {
namespace {

nlohmann::json boxRefusal(int status, const char *code)
{
    return {{"status", status}, {"body", {{"type", "error"}, {"status", status}, {"code", code}}}};
}

SandboxWorld::Cloud boxFacts()
{
    SandboxWorld::Cloud cloud;
    cloud.name = "box";
    cloud.routes.download = "^/d/1/";
    cloud.routes.chunk = "files/upload_sessions/[0-9A-F]+$";
    cloud.routes.commit = "^/api/2.0/files/(\\d+/)?content$|/commit$";
    cloud.routes.createFolder = "^/2.0/folders$";
    cloud.convertible = "letter.rtf";
    cloud.answers[Refusal::ScopeMissing] = {"/items$", boxRefusal(403, "insufficient_scope")};
    cloud.answers[Refusal::NameInvalid] = {"^/2.0/files/content$", boxRefusal(400, "item_name_invalid")};
    cloud.answers[Refusal::TooLarge] = {"^/2.0/files/content$", boxRefusal(403, "file_size_limit_exceeded")};
    cloud.answers[Refusal::CannotConvert] = {
        "/representations/pdf$",
        {{"status", 200},
         {"body",
          {{"representation", "pdf"}, {"status", {{"state", "error"}, {"code", "error_unsupported_format"}}}}}}};
    return cloud;
}

class BoxWorld : public SandboxWorld {
public:
    BoxWorld() : SandboxWorld(boxFacts()) {}
    std::unique_ptr<Provider> make(HttpClient &http, const std::string &base, Sizes sizes) override
    {
        box::Tuning tuning;
        const bool small = sizes == Sizes::Small;
        if (small) {
            tuning.simpleMax = 128LL << 10U;
            tuning.usualPart = 64LL << 10U;
            tuning.buffers = 3 * tuning.usualPart;
            tuning.settle = std::chrono::milliseconds{100};
        }
        tuning.patience = std::chrono::milliseconds{1};
        tell({{"do", "tune"}, {"partSize", tuning.usualPart}, {"smallestSession", small ? 1 : 20'000'000}});
        return std::make_unique<box::BoxProvider>(http, box::Hosts{base, base, base}, tuning);
    }
    std::unique_ptr<ContentHasher> hasher() override { return std::make_unique<DigestHasher>(DigestKind::Sha1); }
    void cause(Trouble trouble) override
    {
        // An offset does not die; the service refuses one by and by.
        if (trouble == Trouble::PageTokensDie)
            fault("/items$", boxRefusal(400, "invalid_parameter"));
        else
            SandboxWorld::cause(trouble);
    }
};

INSTANTIATE_TEST_SUITE_P(Box, ProviderSuite,
                         ::testing::Values(Subject{"box", [] { return std::make_unique<BoxWorld>(); }}),
                         [](const auto &subject) { return subject.param.name; });

} // namespace
} // namespace connector::test
