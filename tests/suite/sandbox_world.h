// SPDX-License-Identifier: Apache-2.0
// A World in cloud-sandbox: troubles and refusals as commands of its control door. An adapter's own file says where
// its requests go, how its refusals look, and how it is made.
#pragma once

#include "suite/provider_suite.h"
#include "support/account.h"

namespace connector::test {

// Regular expressions on the paths of requests, below the cloud's own prefix.
struct Routes {
    std::string download; // whose answer has the file's bytes
    std::string chunk;    // that bring bytes of a session
    std::string commit;   // after which a file is there, simple or by session
    std::string createFolder;
};

// Sizes of simple uploads and chunks.
enum class Sizes { Small /* a few chunks are few bytes */, Real /* as in the product */ };

class SandboxWorld : public World {
public:
    struct Cloud {
        std::string name;                             // in the sandbox and in the registry
        std::string person = "mara.lind@example.org"; // whose account
        Routes routes;
        // What the cloud says, for the refusals that its emulation does not come to by itself.
        struct Answer {
            std::string route;
            nlohmann::json action; // of a fault
        };
        std::map<Refusal, Answer> answers = {};
        std::string convertible = {}; // a name with an ending that the cloud converts
    };

    // Empties the account. One sandbox serves all tests of a program.
    explicit SandboxWorld(Cloud cloud);

    // The adapter on that client; all its endpoints are at `base`.
    virtual std::unique_ptr<Provider> make(HttpClient &http, const std::string &base, Sizes sizes) = 0;

    // The client stack. Made anew by connect(), as in another process.
    virtual void connect();
    virtual HttpClient &http();
    virtual WireTap &tap();
    virtual std::vector<std::string> secrets(); // tokens and passwords that are in use

    std::unique_ptr<Provider> provider() override { return make(http(), base(), Sizes::Small); }
    void cause(Trouble trouble) override;
    void setPageSize(int entries) override;
    bool refuse(Refusal refusal, const Entry &on) override;
    void relent() override;
    bool makeFiles(const std::string &folder, const std::vector<std::string> &names, std::int64_t size) override;
    bool makeMany(const std::string &folder, int count) override;
    std::string convertibleName() override { return m_cloud.convertible; }
    int refreshes() override;
    SandboxWorld *overHttp() override { return this; }

    static Sandbox &sandbox();
    std::string base() const { return sandbox().base(m_cloud.name); }
    const Cloud &cloud() const { return m_cloud; }
    // The most bytes of one request of a session as the product sends it.
    virtual std::int64_t realChunkBytes() { return make(http(), base(), Sizes::Real)->features().chunkSize; }
    // A command of the control door; cloud and person are added.
    nlohmann::json tell(nlohmann::json command) const;
    // A fault on the nth request to that route, and the `times - 1` after it; for ever with 0.
    void fault(const std::string &route, const nlohmann::json &action, int nth = 1, int times = 1) const;
    // Does that to the answer by which the next upload, simple or by session, becomes a file.
    virtual void faultCommit(const nlohmann::json &action);
    // Bytes that requests brought since forgetRequests(), also those of requests that were cut.
    std::int64_t bytesSent() const;
    void forgetRequests() const;
    // Waits until no request is under way; false after ten seconds.
    bool isIdleSoon() const;

protected:
    std::unique_ptr<SandboxAccount> m_account;

private:
    Cloud m_cloud;
};

} // namespace connector::test
