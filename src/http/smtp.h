// SPDX-License-Identifier: Apache-2.0
// Mail to a mail server: one message to one address.
#pragma once

#include "core/call.h"
#include "core/time.h"

#include <string>
#include <string_view>

namespace connector {

struct MailServer {
    enum class Security { None, StartTls, Tls };
    std::string host;
    int port = 587;
    Security security = Security::StartTls; // StartTls: not sent where the server does not offer it
    std::string user;                       // "": without signing in
    std::string password;
    std::string from;        // address
    std::string fromName;    // UTF-8, or ""
    std::string extraCaFile; // trusted besides the system's certificates
};

struct Mail {
    std::string to; // address
    std::string subject;
    std::string text; // UTF-8, lines end with \n
};

// One mailbox as the product writes to: local part of RFC 5321's plain letters, a domain name as DNS knows it. Nothing
// that could end a header or name a second recipient passes.
bool isMailAddress(std::string_view text);

// The whole message (RFC 5322, MIME). What the fields hold cannot start a header of its own.
std::string composeMail(const Mail &mail, const std::string &from, const std::string &fromName, WallTime date);

// Blocks; ends within milliseconds of a stop. InvalidArgument (stable "mail-address-invalid"), Offline
// ("mail-unreachable", "tls-failed"), PermissionDenied ("mail-sign-in-refused", "mail-refused"), Unavailable
// ("mail-unreachable": the server asks to come later), Timeout, Cancelled. Origin "mail".
Result<void> sendMail(const MailServer &server, const Mail &mail, WallTime date, const Call &call);

} // namespace connector
