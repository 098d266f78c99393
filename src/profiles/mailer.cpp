// SPDX-License-Identifier: Apache-2.0
#include "profiles/mailer.h"

#include "core/encoding.h"
#include "core/log.h"

namespace connector {

namespace {

constexpr const char *kOwner = "settings"; // where the Vault keeps the password
constexpr const char *kPassword = "mail-password";
constexpr std::chrono::seconds kMailTime{60};

} // namespace

bool Mailer::complete() const
{
    const MailSettings &mail = m_needs.settings.get().mail;
    return !mail.server.empty() && isMailAddress(mail.from);
}

Result<void> Mailer::setPassword(const std::string &password)
{
    return password.empty() ? m_needs.vault.remove(kOwner, kPassword) : m_needs.vault.put(kOwner, kPassword, password);
}

bool Mailer::hasPassword()
{
    const auto password = m_needs.vault.get(kOwner, kPassword);
    return password && *password;
}

void Mailer::send(const Mail &mail, const std::string &fromName, Done done)
{
    if (!complete())
        return done(Error{Errc::Unsupported, "no mail server is set up", "mail", {}, 0, {}, "mail-not-set-up"});
    if (!isMailAddress(mail.to))
        return done(Error{Errc::InvalidArgument, "not a mail address", "mail", {}, 0, {}, "mail-address-invalid"});
    // Two taps, or two faces, are one mail.
    const Same same{toLowerAscii(mail.to), mail.text};
    const auto asked = std::chrono::steady_clock::now();
    std::erase_if(m_recent, [&](const auto &entry) { return entry.second.out && entry.second.at + kSameMail < asked; });
    if (const auto before = m_recent.find(same); before != m_recent.end()) {
        if (before->second.out)
            return done(Sent::Before);
        before->second.waiting.push_back(std::move(done));
        return;
    }
    // Whoever stands at the panel must not send mails without end in the organisation's name.
    const auto now = asked;
    while (!m_sent.empty() && m_sent.front() + std::chrono::hours(1) < now)
        m_sent.pop_front();
    if (m_sent.size() >= kMostPerHour)
        return done(Error{Errc::RateLimited,
                          "too many mails in an hour",
                          "mail",
                          {},
                          0,
                          std::chrono::ceil<std::chrono::seconds>(m_sent.front() + std::chrono::hours(1) - now),
                          "mail-too-many"});
    m_sent.push_back(now);
    auto password = m_needs.vault.get(kOwner, kPassword);
    if (!password)
        return done(std::move(password).error());
    const MailSettings &settings = m_needs.settings.get().mail;
    MailServer server;
    server.host = settings.server;
    server.port = settings.port;
    server.security = settings.security == "tls"    ? MailServer::Security::Tls
                      : settings.security == "none" ? MailServer::Security::None
                                                    : MailServer::Security::StartTls;
    server.user = settings.user;
    server.password = password->value_or("");
    server.from = settings.from;
    server.fromName = fromName;
    server.extraCaFile = m_needs.extraCaFile;
    m_recent[same].waiting.push_back(std::move(done));
    m_needs.workers.post(
        [this, alive = m_alive, server = std::move(server), mail, date = m_needs.now(), same](std::stop_token stop) {
            Call call;
            call.stop = std::move(stop);
            auto outcome = std::make_shared<Result<void>>(sendMail(server, mail, date, call.within(kMailTime)));
            if (!*outcome)
                log::warning("mail", "not sent: " + describe(outcome->error()));
            m_needs.actor.post([this, alive, outcome, same](std::stop_token) {
                if (*alive)
                    ended(same, *outcome);
            });
        });
}

void Mailer::ended(const Same &mail, const Result<void> &outcome)
{
    const auto entry = m_recent.find(mail);
    const std::vector<Done> waiting = std::exchange(entry->second.waiting, {});
    entry->second.out = true;
    entry->second.at = std::chrono::steady_clock::now();
    if (!outcome)
        m_recent.erase(entry); // the next try is one
    for (std::size_t i = 0; i < waiting.size(); ++i)
        waiting[i](outcome ? Result<Sent>(i == 0 ? Sent::Now : Sent::Before) : Result<Sent>(outcome.error()));
}

} // namespace connector
