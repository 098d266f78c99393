// SPDX-License-Identifier: Apache-2.0
// The device's calls: a code, polls for what became of it, and the end.
#include "core/encoding.h"
#include "core/log.h"
#include "core/random.h"
#include "portal/portal.h"
#include "portal/user_code.h"
#include "profiles/mail_domain.h"

#include <sodium.h>

namespace connector::portal {

namespace {

DeviceAnswer cannot(const Error &error)
{
    log::error("portal", describe(error));
    return refuse(503, "busy", "the portal's store does not answer", std::chrono::seconds(10));
}

// A text of a device as it may stand on a page: one line, no control characters, none that turn the direction of
// writing around or are not seen (they could make a name look like another).
std::optional<std::string> shownText(const nlohmann::json &object, const char *name, std::size_t limit)
{
    const auto at = object.find(name);
    if (at == object.end())
        return std::string();
    if (!at->is_string())
        return std::nullopt;
    const std::string &text = at->get_ref<const std::string &>();
    if (text.size() > limit || !isUtf8(text))
        return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const auto byte = [&](std::size_t ahead) { return static_cast<unsigned char>(text[i + ahead]); }; // it is UTF-8
        if (c < 0x20 || c == 0x7F || (c == 0xC2 && byte(1) < 0xA0))
            return std::nullopt;
        if (c == 0xD8 && byte(1) == 0x9C) { // Arabic letter mark
            i += 1;
            continue;
        }
        if (c == 0xE2) {
            const auto b = byte(1);
            const auto d = byte(2);
            const bool turns = (b == 0x80 && ((d >= 0xAA && d <= 0xAE) || d == 0x8E || d == 0x8F)) ||
                               (b == 0x81 && d >= 0xA6 && d <= 0xA9);
            const bool unseen =
                (b == 0x80 && (d == 0x8B || d == 0xA8 || d == 0xA9)) || (b == 0x81 && d >= 0xA0 && d < 0xA5);
            if (turns || unseen) {
                i += 2;
                continue;
            }
        }
        if (c == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) { // byte order mark
            i += 2;
            continue;
        }
        out += text[i];
    }
    while (out.ends_with(' '))
        out.pop_back();
    return out;
}

// With a point of low order every box would open with a key that everybody knows; it could not be sealed to at the
// grant.
bool mayBeSealedTo(const std::string &publicKey)
{
    const unsigned char any[crypto_scalarmult_SCALARBYTES] = {8};
    unsigned char shared[crypto_scalarmult_BYTES];
    return crypto_scalarmult(shared, any, reinterpret_cast<const unsigned char *>(publicKey.data())) == 0;
}

std::optional<std::string> deviceCode(const std::string &body)
{
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    const auto at = json.find("deviceCode");
    if (at == json.end() || !at->is_string())
        return std::nullopt;
    const std::string &code = at->get_ref<const std::string &>();
    return code.empty() || code.size() > 256 ? std::nullopt : std::optional(code);
}

} // namespace

DeviceAnswer Portal::begin(const std::string &body, const std::string &address)
{
    const WallTime now = m_now();
    const auto mayAsk = take("new-code", address, m_rules.newCodes, now);
    if (!mayAsk)
        return cannot(mayAsk.error());
    if (!mayAsk->taken)
        return refuse(429, "rate-limited", "too many new codes from this address", mayAsk->wait);

    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object())
        return refuse(400, "bad-request", "not a JSON object");
    const auto device = json.find("device");
    const auto keyText = json.find("publicKey");
    const auto provider = json.find("provider");
    if (device == json.end() || !device->is_object() || keyText == json.end() || !keyText->is_string() ||
        provider == json.end() || !provider->is_string())
        return refuse(400, "bad-request", "publicKey, provider and device are needed");
    const auto publicKey = fromBase64Url(keyText->get_ref<const std::string &>());
    if (!publicKey || publicKey->size() != crypto_box_PUBLICKEYBYTES)
        return refuse(400, "bad-request", "publicKey is not an X25519 key");
    if (!mayBeSealedTo(*publicKey))
        return refuse(400, "key-refused", "publicKey is a point of low order");
    if (!m_providers.contains(provider->get<std::string>()))
        return refuse(400, "provider-unsupported", "this portal does not serve that provider");

    Authorization a;
    const auto name = shownText(*device, "name", 200);
    const auto place = shownText(*device, "place", 200);
    if (!name || !place || name->empty())
        return refuse(400, "bad-request", "device needs a name, and may have a place");
    a.publicKey = *publicKey;
    a.provider = provider->get<std::string>();
    a.deviceName = *name;
    a.devicePlace = *place;
    if (const auto domains = json.find("allowedDomains"); domains != json.end() && !domains->is_null()) {
        if (!domains->is_array() || domains->size() > 256)
            return refuse(400, "bad-request", "allowedDomains is not a list of domains");
        for (const auto &domain : *domains) {
            const std::string normal =
                domain.is_string() ? normalizeDomain(domain.get_ref<const std::string &>()) : std::string();
            // One that nobody can match must not become "all are allowed".
            if (normal.empty())
                return refuse(400, "bad-request", "allowedDomains has an entry that is not a domain");
            a.domains.push_back(normal);
        }
    }
    a.created = now;
    a.expires = now + m_rules.codeLife;

    for (int attempt = 0; attempt < 3; ++attempt) {
        const std::string code = makeToken();
        const std::string userCode = makeUserCode();
        a.deviceHash = keyed("device-code", code);
        a.userHash = keyed("user-code", userCode);
        auto added = m_store->add(a, m_rules.mostLiveCodes);
        if (!added && added.error().code == Errc::Conflict)
            continue;
        if (!added) {
            warnSeldom(describe(added.error()));
            return refuse(503, "busy", "no new code can be made now", std::chrono::seconds(60));
        }
        const std::string shown = formatUserCode(userCode);
        return answer({{"deviceCode", code},
                       {"userCode", shown},
                       {"verificationUri", m_publicUrl + "/"},
                       {"verificationUriComplete", m_publicUrl + "/?code=" + shown},
                       {"expiresAt", formatRfc3339(a.expires)},
                       {"expiresIn", m_rules.codeLife.count()},
                       {"interval", m_rules.pollInterval.count()}});
    }
    return refuse(503, "busy", "no new code can be made now", std::chrono::seconds(60));
}

DeviceAnswer Portal::strange(const std::string &address)
{
    const auto mayAsk = take("strange-poll", address, m_rules.strangePolls, m_now());
    if (!mayAsk)
        return cannot(mayAsk.error());
    if (!mayAsk->taken)
        return refuse(429, "rate-limited", "too many unknown codes from this address", mayAsk->wait);
    return answer({{"state", "expired"}});
}

DeviceAnswer Portal::poll(const std::string &body, const std::string &address)
{
    const auto code = deviceCode(body);
    if (!code)
        return refuse(400, "bad-request", "deviceCode is needed");
    const FineTime now = m_fineNow();
    Pace pace;
    pace.first = m_rules.pollInterval;
    auto found = m_store->poll(keyed("device-code", *code), now, pace);
    if (!found)
        return cannot(found.error());
    if (!*found)
        return strange(address);
    const Polled &polled = **found;
    if (polled.expires <= now)
        return answer({{"state", "expired"}});
    if (polled.early)
        return answer({{"state", "slow-down"}, {"interval", polled.interval.count()}});
    if (polled.state == Authorization::State::Granted)
        return answer({{"state", "granted"}, {"sealed", toBase64Url(polled.sealed)}});
    if (!polled.refusal.empty()) {
        const bool domain = polled.refusal == toString(Outcome::DomainRefused);
        return answer({{"state", "denied"},
                       {"reason", polled.refusal},
                       {"domains", domain ? polled.domains : std::vector<std::string>()},
                       {"interval", polled.interval.count()}});
    }
    return answer({{"state", "pending"}, {"interval", polled.interval.count()}});
}

DeviceAnswer Portal::end(const std::string &body, const std::string &address)
{
    const auto code = deviceCode(body);
    if (!code)
        return refuse(400, "bad-request", "deviceCode is needed");
    const auto gone = m_store->removeByDevice(keyed("device-code", *code));
    if (!gone)
        return cannot(gone.error());
    if (!*gone)
        if (auto refused = strange(address); refused.status != 200)
            return refused;
    return answer(nlohmann::json::object());
}

} // namespace connector::portal
