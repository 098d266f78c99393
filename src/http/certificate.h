// SPDX-License-Identifier: Apache-2.0
// The certificate that the service shows to browsers: the administrator's own, or one made at the first start.
#pragma once

#include "core/result.h"

#include <filesystem>
#include <openssl/ssl.h>
#include <vector>

namespace connector {

// A server's TLS context (1.2 and newer) and how people recognise its certificate.
struct TlsIdentity {
    std::shared_ptr<SSL_CTX> context;
    std::string fingerprint; // SHA-256 of the certificate: "A1:B2:…"
};

// The certificate and key of these PEM files. InvalidArgument (stable "bad-configuration") where they cannot be read or
// do not belong together.
Result<TlsIdentity> loadIdentity(const std::filesystem::path &certificate, const std::filesystem::path &key);

// The identity kept in that file (PEM, 0600); made there first, signed by itself, for these names and addresses.
Result<TlsIdentity> ownIdentity(const std::filesystem::path &file, const std::vector<std::string> &names);

// How this machine is called: its host name, that name in .local, "localhost", and its addresses.
std::vector<std::string> namesOfThisMachine();

} // namespace connector
