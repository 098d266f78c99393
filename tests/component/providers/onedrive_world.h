// SPDX-License-Identifier: Apache-2.0
// The emulated OneDrive, an account there with an empty drive, and its adapter with a tap on the wire.
#pragma once

#include "http/url.h"
#include "providers/onedrive/onedrive_provider.h"
#include "providers/onedrive/quick_xor_hash.h"
#include "support/account.h"

#include <gmock/gmock.h>

namespace connector::onedrive_test {

using namespace std::chrono_literals;
using nlohmann::json;
using test::SandboxAccount;
using test::WireTap;

constexpr std::int64_t kUnit = 320LL << 10U;
inline const std::string kThreeFragments(2 * kUnit + 1000, 'x');

inline Call soon()
{
    return Call{}.within(60s);
}

inline json graphError(const char *code, const char *inner = "")
{
    return {{"error", {{"code", code}, {"message", "see the code"}, {"innererror", {{"code", inner}}}}}};
}

class OneDrive : public ::testing::Test {
protected:
    OneDrive()
    {
        sandbox().control({{"do", "reset"}});
        use("mara.lind@example.org");
    }

    static test::Sandbox &sandbox()
    {
        static test::Sandbox instance;
        return instance;
    }

    json tell(json command) const
    {
        command["cloud"] = "onedrive";
        command["person"] = m_person;
        return sandbox().control(command);
    }

    // The account of another person, a work account or a personal one; an empty drive.
    void use(const std::string &email)
    {
        p.reset();
        m_person = email;
        account = std::make_unique<SandboxAccount>(sandbox(), "onedrive", email);
        p = another();
        const json root = tell({{"do", "list"}, {"path", "/"}});
        for (const auto &entry : root.at("entries"))
            tell({{"do", "delete"}, {"path", "/" + entry.at("name").get<std::string>()}});
    }
    void useWork() { use("tomas.berg@example.org"); }

    std::unique_ptr<Provider> another()
    {
        onedrive::Tuning tuning;
        tuning.simpleMax = kUnit;
        tuning.chunk = kUnit;
        tuning.patience = 1ms;
        return std::make_unique<onedrive::OneDriveProvider>(account->http(),
                                                            onedrive::Hosts{sandbox().base("onedrive")}, tuning);
    }

    void fault(const std::string &route, const json &action, int times = 1, int nth = 1,
               const std::string &method = "") const
    {
        json rule{{"do", "fault"}, {"cloud", "onedrive"}, {"route", route}, {"times", times}, {"nth", nth}};
        rule["action"] = action;
        if (!method.empty())
            rule["method"] = method;
        sandbox().control(rule);
    }

    // Every request as it leaves, and a chance to change what comes back.
    void watch(std::function<void(const HttpRequest &, HttpReply &)> change = {})
    {
        account->tap().set([this, change](HttpClient &next, const HttpRequest &request, ByteSink *sink,
                                          const Call &call) -> Result<HttpReply> {
            seen.push_back(request);
            auto reply = next.send(request, sink, call);
            if (reply && change)
                change(request, *reply);
            return reply;
        });
    }
    int count(const std::string &method, const std::string &part) const
    {
        return static_cast<int>(std::count_if(seen.begin(), seen.end(), [&](const HttpRequest &request) {
            return request.method == method && request.url.find(part) != std::string::npos;
        }));
    }

    Result<Entry> upload(const std::string &bytes, const std::string &name = "a.bin",
                         OnConflict policy = OnConflict::Rename, const EntryId &folder = {})
    {
        StringSource in(bytes);
        return p->upload({folder, name, policy}, in, {}, {}, soon());
    }
    std::string get(const EntryId &file)
    {
        StringSink out;
        auto done = p->download(file, "", 0, out, soon());
        EXPECT_TRUE(done) << describe(done.error());
        return out.bytes();
    }
    std::vector<std::string> names(const EntryId &folder = {})
    {
        std::vector<std::string> all;
        auto page = p->list(folder, "", {}, soon());
        EXPECT_TRUE(page) << describe(page.error());
        if (page)
            for (const auto &entry : page->entries)
                all.push_back(entry.name);
        return all;
    }

    std::string m_person;
    std::unique_ptr<SandboxAccount> account;
    std::unique_ptr<Provider> p;
    std::vector<HttpRequest> seen;
};

} // namespace connector::onedrive_test
