// SPDX-License-Identifier: Apache-2.0
#include "suite/sandbox_world.h"

namespace connector::test {

SandboxWorld::SandboxWorld(Cloud cloud) : m_cloud(std::move(cloud))
{
    tell({{"do", "reset"}});
    const nlohmann::json root = tell({{"do", "list"}, {"path", "/"}});
    for (const auto &entry : root.at("entries"))
        tell({{"do", "delete"}, {"path", "/" + entry.at("name").get<std::string>()}});
}

Sandbox &SandboxWorld::sandbox()
{
    static Sandbox instance;
    return instance;
}

nlohmann::json SandboxWorld::tell(nlohmann::json command) const
{
    command["cloud"] = m_cloud.name;
    if (command.at("do") != "fault")
        command["person"] = m_cloud.person;
    return sandbox().control(command);
}

void SandboxWorld::fault(const std::string &route, const nlohmann::json &action, int nth, int times) const
{
    tell({{"do", "fault"}, {"route", route}, {"nth", nth}, {"times", times}, {"action", action}});
}

void SandboxWorld::faultCommit(const nlohmann::json &action)
{
    fault(m_cloud.routes.commit, action);
}

void SandboxWorld::connect()
{
    m_account = std::make_unique<SandboxAccount>(sandbox(), m_cloud.name, m_cloud.person);
}

HttpClient &SandboxWorld::http()
{
    if (!m_account)
        connect();
    return m_account->http();
}

WireTap &SandboxWorld::tap()
{
    if (!m_account)
        connect();
    return m_account->tap();
}

std::vector<std::string> SandboxWorld::secrets()
{
    return m_account ? m_account->tokens().secrets() : std::vector<std::string>();
}

int SandboxWorld::refreshes()
{
    return m_account ? m_account->tokens().refreshes() : 0;
}

void SandboxWorld::setPageSize(int entries)
{
    tell({{"do", "page-cap"}, {"cap", entries}});
}

void SandboxWorld::cause(Trouble trouble)
{
    switch (trouble) {
    case Trouble::CutDownload:
        return fault(m_cloud.routes.download, {{"cutAfter", 500'000}});
    case Trouble::CutUpload:
        return fault(m_cloud.routes.chunk, {{"cutRequestAfter", 10'000}}, 3);
    case Trouble::LostCommitAnswer:
        return faultCommit({{"loseAnswer", true}});
    case Trouble::FailedCommitAnswer:
        return faultCommit({{"failAnswer", 502}});
    case Trouble::LostFolderAnswer:
        return fault(m_cloud.routes.createFolder, {{"loseAnswer", true}});
    case Trouble::Unavailable:
        return fault("", {{"status", 503}});
    case Trouble::RateLimited:
        return fault("", {{"status", 429}, {"headers", {{"Retry-After", "300"}}}});
    case Trouble::QuotaFull:
        tell({{"do", "quota"}, {"free", 10}});
        return;
    case Trouble::PageTokensDie:
        tell({{"do", "reset-cursors"}});
        return;
    case Trouble::TokenExpires:
        tell({{"do", "expire-tokens"}});
        return;
    case Trouble::AccessRevoked:
        tell({{"do", "revoke-tokens"}});
        return;
    }
}

bool SandboxWorld::refuse(Refusal refusal, const Entry &on)
{
    if (const auto answer = m_cloud.answers.find(refusal); answer != m_cloud.answers.end()) {
        fault(answer->second.route, answer->second.action, 1, 0);
        return true;
    }
    const char *mark = refusal == Refusal::Denied    ? "readOnly"
                       : refusal == Refusal::Locked  ? "locked"
                       : refusal == Refusal::Blocked ? "restricted"
                                                     : nullptr;
    if (mark == nullptr)
        return false;
    tell({{"do", "mark"}, {"path", "/" + on.name}, {mark, true}});
    return true;
}

void SandboxWorld::relent()
{
    tell({{"do", "clear-faults"}});
}

bool SandboxWorld::makeFiles(const std::string &folder, const std::vector<std::string> &names, std::int64_t size)
{
    nlohmann::json entries = nlohmann::json::array({{{"path", "/" + folder}, {"folder", true}}});
    for (const auto &name : names)
        entries.push_back({{"path", "/" + folder + "/" + name}, {"size", size}});
    return !tell({{"do", "make-tree"}, {"entries", std::move(entries)}}).is_null();
}

bool SandboxWorld::makeMany(const std::string &folder, int count)
{
    return !tell({{"do", "make-many"}, {"path", "/" + folder}, {"count", count}}).is_null();
}

std::int64_t SandboxWorld::bytesSent() const
{
    std::int64_t sent = 0;
    const nlohmann::json log = tell({{"do", "requests"}});
    for (const auto &request : log.at("requests"))
        sent += request.value("bytesIn", std::int64_t{0});
    return sent;
}

bool SandboxWorld::isIdleSoon() const
{
    const auto until = Call::Clock::now() + std::chrono::seconds{10};
    while (Call::Clock::now() < until) {
        const nlohmann::json log = tell({{"do", "requests"}});
        const auto &requests = log.at("requests");
        if (std::all_of(requests.begin(), requests.end(),
                        [](const nlohmann::json &request) { return request.value("done", false); }))
            return true;
    }
    return false;
}

void SandboxWorld::forgetRequests() const
{
    tell({{"do", "clear-requests"}});
}

} // namespace connector::test
