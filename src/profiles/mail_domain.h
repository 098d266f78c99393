// SPDX-License-Identifier: Apache-2.0
// The domain of an e-mail address, and whether the administrator's list of allowed domains has it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace connector {

// A domain as DNS compares it: lower case, international names as A-labels, no trailing dot. "" where the text is not a
// domain name.
std::string normalizeDomain(std::string_view domain);

// The normalized domain of an address. "" where the text is not one mailbox at one domain.
std::string emailDomain(std::string_view email);

// An empty list allows all; otherwise the domain must be one of the list (exact: a subdomain is another domain).
bool domainAllowed(std::string_view email, const std::vector<std::string> &allowedDomains);

} // namespace connector
