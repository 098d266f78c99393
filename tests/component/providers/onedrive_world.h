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

Call soon();

json graphError(const char *code, const char *inner = "");

class OneDrive : public ::testing::Test {
protected:
    OneDrive();

    static test::Sandbox &sandbox();

    json tell(json command) const;

    // The account of another person, a work account or a personal one; an empty drive.
    void use(const std::string &email);
    void useWork() { use("tomas.berg@example.org"); }

    std::unique_ptr<Provider> another();

    void fault(const std::string &route, const json &action, int times = 1, int nth = 1,
               const std::string &method = "") const;

    // Every request as it leaves, and a chance to change what comes back.
    void watch(std::function<void(const HttpRequest &, HttpReply &)> change = {});
    int count(const std::string &method, const std::string &part) const;

    Result<Entry> upload(const std::string &bytes, const std::string &name = "a.bin",
                         OnConflict policy = OnConflict::Rename, const EntryId &folder = {});
    std::string get(const EntryId &file);
    std::vector<std::string> names(const EntryId &folder = {});

    std::string m_person;
    std::unique_ptr<SandboxAccount> account;
    std::unique_ptr<Provider> p;
    std::vector<HttpRequest> seen;
};

} // namespace connector::onedrive_test
