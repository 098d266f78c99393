// SPDX-License-Identifier: Apache-2.0
#include "profiles/mail_domain.h"

#include "core/encoding.h"

#include <algorithm>
#include <idn2.h>
#include <memory>

namespace connector {

std::string normalizeDomain(std::string_view domain)
{
    while (!domain.empty() && (domain.front() == ' ' || domain.front() == '\t'))
        domain.remove_prefix(1);
    while (!domain.empty() && (domain.back() == ' ' || domain.back() == '\t'))
        domain.remove_suffix(1);
    if (domain.ends_with('.'))
        domain.remove_suffix(1);
    if (domain.empty() || domain.size() > 1000 || domain.find('\0') != std::string_view::npos || !isUtf8(domain))
        return {};
    char *raw = nullptr;
    const std::string text(domain);
    // Non-transitional: the mapping that registries and browsers use today (ß stays apart from ss).
    if (idn2_to_ascii_8z(text.c_str(), &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
        return {};
    const std::unique_ptr<char, void (*)(void *)> owned(raw, idn2_free);
    std::string ascii = toLowerAscii(raw);
    if (ascii.size() > 253)
        return {};
    // idn2 lets plain ASCII through unseen: spaces, slashes and the like are no part of a domain name.
    std::size_t label = 0;
    for (const char c : ascii) {
        if (c == '.') {
            if (label == 0)
                return {};
            label = 0;
            continue;
        }
        const bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!fine || ++label > 63)
            return {};
    }
    return label == 0 ? std::string() : ascii;
}

std::string emailDomain(std::string_view email)
{
    const auto at = email.rfind('@');
    if (at == std::string_view::npos || at == 0 || email.size() > 1000)
        return {};
    const std::string_view local = email.substr(0, at);
    // A second @ is only possible in a quoted local part; nothing that a cloud gives as its account's address has one,
    // but a forged one might.
    const auto odd = [](char c) {
        return c == '@' || c == ',' || c == '<' || c == '>' || c == '"' || (c >= 0 && c <= 0x20);
    };
    if (std::any_of(local.begin(), local.end(), odd))
        return {};
    const std::string_view domain = email.substr(at + 1);
    if (std::any_of(domain.begin(), domain.end(), odd))
        return {};
    return normalizeDomain(domain);
}

bool domainAllowed(std::string_view email, const std::vector<std::string> &allowedDomains)
{
    if (allowedDomains.empty())
        return true;
    const std::string domain = emailDomain(email);
    if (domain.empty())
        return false;
    return std::any_of(allowedDomains.begin(), allowedDomains.end(),
                       [&](const std::string &allowed) { return normalizeDomain(allowed) == domain; });
}

} // namespace connector
