// SPDX-License-Identifier: Apache-2.0
#include "api/web_face.h"

namespace connector {

namespace {

constexpr std::chrono::seconds kPatience{65}; // a cloud's own is a minute
constexpr std::size_t kMostEvents = 256;
constexpr std::size_t kMostEventBytes = 1U << 20U;
constexpr std::size_t kMostUnderWay = 8;

nlohmann::json failed(const nlohmann::json &id, const std::string &code, const std::string &why)
{
    return {{"jsonrpc", "2.0"},
            {"id", id},
            {"error", {{"code", -32000}, {"message", why}, {"data", {{"code", code}, {"origin", "api"}}}}}};
}

} // namespace

WebFace::WebFace(Api &api)
    : m_api(api), m_connection(std::make_shared<ApiConnection>([this](const std::string &line) { receive(line); },
                                                               std::nullopt, Whence::Network))
{
    m_api.connected(m_connection);
}

WebFace::~WebFace()
{
    end();
    m_api.closed(m_connection);
    m_api.settle(); // behind the closing: no line is on its way to us any more
}

void WebFace::receive(const std::string &line)
{
    Json j = Json::parse(line, nullptr, false);
    if (!j.is_object())
        return;
    {
        const std::scoped_lock lock(m_mutex);
        if (j.value("method", "") == "event") {
            const Json &event = j["params"];
            // The service ended the session by itself: nobody was there, or the person was removed.
            if (event.value("type", "") == "session.changed")
                m_over = true;
            m_lastEvent = event.value("sequence", m_lastEvent + 1);
            std::string text = dumpLine(event);
            m_eventBytes += text.size();
            m_events.emplace_back(m_lastEvent, std::move(text));
            while (m_events.size() > kMostEvents || m_eventBytes > kMostEventBytes) {
                m_forgotten = m_events.front().first;
                m_eventBytes -= m_events.front().second.size();
                m_events.pop_front();
            }
        } else if (const Json id = j.value("id", Json()); id.is_number_integer()) {
            if (const auto at = m_answers.find(id.get<std::int64_t>()); at != m_answers.end())
                at->second = std::move(j);
        }
    }
    m_came.notify_all();
}

nlohmann::json WebFace::ask(Json request)
{
    const Json theirs = request["id"];
    std::unique_lock lock(m_mutex);
    if (m_over)
        return failed(theirs, "sign-in-required", "the session is over");
    if (m_answers.size() >= kMostUnderWay)
        return failed(theirs, "busy", "too many requests of one session at a time");
    const std::int64_t ours = ++m_lastId;
    const std::string key = dumpLine(theirs);
    request["id"] = ours;
    m_answers[ours] = nullptr;
    m_theirs[key] = ours;
    lock.unlock();
    m_api.receive(m_connection, dumpLine(request));
    lock.lock();
    const bool came = m_came.wait_for(lock, kPatience, [&] { return m_over || !m_answers.at(ours).is_null(); });
    Json answer = std::move(m_answers.at(ours));
    m_answers.erase(ours);
    if (const auto at = m_theirs.find(key); at != m_theirs.end() && at->second == ours)
        m_theirs.erase(at);
    if (answer.is_null())
        return came ? failed(theirs, "sign-in-required", "the session is over")
                    : failed(theirs, "timeout", "the service did not answer in time");
    answer["id"] = theirs;
    return answer;
}

WebFace::Answer WebFace::call(const std::string &method, Json params)
{
    const Json answer = ask({{"jsonrpc", "2.0"}, {"id", "web"}, {"method", method}, {"params", std::move(params)}});
    if (answer.contains("error"))
        return {nullptr, answer["error"].value("data", Json::object())};
    return {answer.value("result", Json()), nullptr};
}

std::string WebFace::forward(std::string_view line)
{
    auto parsed = parseRequest(line);
    if (auto *refused = std::get_if<std::string>(&parsed))
        return *std::move(refused);
    auto &request = std::get<ApiRequest>(parsed);
    Json whole{{"jsonrpc", "2.0"}, {"method", request.method}, {"params", request.params}};
    if (!request.id.is_null()) {
        whole["id"] = request.id;
        return dumpLine(ask(std::move(whole)));
    }
    // What is cancelled is named by the browser's id, and the service knows ours.
    if (request.method == "$/cancel") {
        const std::scoped_lock lock(m_mutex);
        const auto at = m_theirs.find(dumpLine(request.params.value("id", Json())));
        if (at == m_theirs.end())
            return {};
        whole["params"]["id"] = at->second;
    }
    m_api.receive(m_connection, dumpLine(whole));
    return {};
}

WebFace::Events WebFace::events(std::int64_t after, std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    if (!std::exchange(m_subscribed, true)) {
        lock.unlock();
        const Answer answer = call("events.subscribe");
        lock.lock();
        if (answer.ok() && m_lastEvent == 0) // none came meanwhile
            m_lastEvent = m_forgotten = answer.result.value("sequence", std::int64_t{0});
    }
    Events out;
    if (after < 0)
        after = m_lastEvent;
    // Behind our memory, or before the service was started anew.
    if (after < m_forgotten || after > m_lastEvent) {
        out.reset = true;
        after = m_lastEvent;
    }
    if (!out.reset)
        m_came.wait_for(lock, patience, [&] { return m_over || m_lastEvent > after; });
    for (const auto &event : m_events)
        if (event.first > after)
            out.lines.push_back(event);
    out.last = std::max(after, m_lastEvent);
    out.over = m_over;
    return out;
}

void WebFace::end()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_over = true;
    }
    m_came.notify_all();
}

bool WebFace::over() const
{
    const std::scoped_lock lock(m_mutex);
    return m_over;
}

} // namespace connector
