// SPDX-License-Identifier: Apache-2.0
#include "api/in_process.h"

namespace connector {

using nlohmann::json;

InProcessFace::InProcessFace(Api &api, std::optional<std::uint32_t> peer)
    : m_api(api),
      m_connection(std::make_shared<ApiConnection>([this](const std::string &line) { receive(line); }, peer))
{
    m_api.connected(m_connection);
}

InProcessFace::~InProcessFace()
{
    m_api.closed(m_connection);
    m_api.settle(); // behind the closing: no line is on its way to us any more
}

void InProcessFace::receive(const std::string &line)
{
    json j = json::parse(line);
    {
        std::scoped_lock lock(m_mutex);
        if (j.value("method", "") == "event")
            m_events.push_back(std::move(j["params"]));
        else if (const json id = j.value("id", json()); id.is_number_integer() && id.get<std::int64_t>() <= m_lastId)
            m_answers[id.get<std::int64_t>()] = std::move(j);
        else
            m_raw.push_back(line);
    }
    m_came.notify_all();
}

InProcessFace::Answer InProcessFace::call(const std::string &method, json params, std::chrono::milliseconds patience)
{
    std::int64_t id = 0;
    {
        std::scoped_lock lock(m_mutex);
        id = ++m_lastId;
    }
    m_api.receive(m_connection,
                  dumpLine({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}}));
    std::unique_lock lock(m_mutex);
    if (!m_came.wait_for(lock, patience, [&] { return m_answers.contains(id); }))
        return {nullptr, {{"code", "timeout"}}};
    json answer = std::move(m_answers.at(id));
    m_answers.erase(id);
    if (answer.contains("error"))
        return {nullptr, answer["error"].value("data", json::object())};
    return {answer["result"], nullptr};
}

std::optional<json> InProcessFace::waitForEvent(const std::function<bool(const json &)> &fits,
                                                std::chrono::milliseconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::unique_lock lock(m_mutex);
    for (;;) {
        while (!m_events.empty()) {
            json event = std::move(m_events.front());
            m_events.pop_front();
            if (fits(event))
                return event;
        }
        if (!m_came.wait_until(lock, deadline, [&] { return !m_events.empty(); }))
            return std::nullopt;
    }
}

std::string InProcessFace::sendRaw(const std::string &line, std::chrono::milliseconds patience)
{
    m_api.receive(m_connection, line);
    std::unique_lock lock(m_mutex);
    if (!m_came.wait_for(lock, patience, [&] { return !m_raw.empty(); }))
        return {};
    std::string answer = std::move(m_raw.front());
    m_raw.pop_front();
    return answer;
}

} // namespace connector
