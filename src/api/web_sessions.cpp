// SPDX-License-Identifier: Apache-2.0
#include "api/web_sessions.h"

#include "core/encoding.h"
#include "core/random.h"

#include <sodium.h>

namespace connector {

WebSessions::WebSessions(Rules rules) : m_rules(std::move(rules)), m_secret(randomBytes(crypto_generichash_KEYBYTES)) {}

WebSessions::~WebSessions()
{
    endAll();
}

std::string WebSessions::keyed(const std::string &purpose, const std::string &token) const
{
    const std::string text = purpose + ":" + token;
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(reinterpret_cast<unsigned char *>(hash.data()), hash.size(),
                       reinterpret_cast<const unsigned char *>(text.data()), text.size(),
                       reinterpret_cast<const unsigned char *>(m_secret.data()), m_secret.size());
    return toBase64Url(hash);
}

std::string WebSessions::formToken(const std::string &token) const
{
    return keyed("form", token);
}

bool WebSessions::formTokenFits(const std::string &token, const std::string &formToken) const
{
    if (token.empty())
        return false;
    const std::string right = keyed("form", token);
    return right.size() == formToken.size() && sodium_memcmp(right.data(), formToken.data(), right.size()) == 0;
}

bool WebSessions::isOver(const Kept &kept, Time now) const
{
    return now - kept.used > m_rules.inactivity || now - kept.since > m_rules.longest || kept.session->face.over();
}

std::string WebSessions::add(std::shared_ptr<WebSession> session)
{
    const std::string token = makeToken();
    const Time now = m_rules.now();
    std::shared_ptr<WebSession> displaced; // ends outside the lock: it waits for the service
    const std::scoped_lock lock(m_mutex);
    const auto same = [&](const auto &entry) { return entry.second.session->person == session->person; };
    // Nobody displaces others by signing in again and again.
    const bool ofOne =
        static_cast<std::size_t>(std::count_if(m_sessions.begin(), m_sessions.end(), same)) >= m_rules.mostOfOne;
    if (ofOne || m_sessions.size() >= m_rules.most) {
        const auto idle = std::min_element(m_sessions.begin(), m_sessions.end(), [&](const auto &a, const auto &b) {
            const bool first = ofOne && same(a);
            const bool second = ofOne && same(b);
            return first != second ? first : a.second.used < b.second.used;
        });
        idle->second.session->face.end();
        displaced = std::move(idle->second.session);
        m_sessions.erase(idle);
    }
    m_sessions[keyed("session", token)] = {std::move(session), now, now};
    return token;
}

std::shared_ptr<WebSession> WebSessions::find(const std::string &token, bool use)
{
    if (token.empty())
        return nullptr;
    const std::scoped_lock lock(m_mutex);
    const auto at = m_sessions.find(keyed("session", token));
    if (at == m_sessions.end() || isOver(at->second, m_rules.now()))
        return nullptr;
    if (use)
        at->second.used = m_rules.now();
    return at->second.session;
}

void WebSessions::remove(const std::string &token)
{
    std::shared_ptr<WebSession> gone;
    const std::scoped_lock lock(m_mutex);
    if (const auto at = m_sessions.find(keyed("session", token)); at != m_sessions.end()) {
        gone = std::move(at->second.session);
        m_sessions.erase(at);
        gone->face.end();
    }
}

void WebSessions::sweep()
{
    std::vector<std::shared_ptr<WebSession>> gone;
    const std::scoped_lock lock(m_mutex);
    for (auto at = m_sessions.begin(); at != m_sessions.end();) {
        if (isOver(at->second, m_rules.now())) {
            at->second.session->face.end();
            gone.push_back(std::move(at->second.session));
            at = m_sessions.erase(at);
        } else {
            ++at;
        }
    }
}

void WebSessions::endAll()
{
    std::map<std::string, Kept> all;
    {
        const std::scoped_lock lock(m_mutex);
        all.swap(m_sessions);
    }
    for (auto &[key, kept] : all)
        kept.session->face.end();
}

} // namespace connector
