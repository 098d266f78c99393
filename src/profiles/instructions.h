// SPDX-License-Identifier: Apache-2.0
// How to link a profile, for reading away from the panel: as a mail, and on a sheet of paper.
#pragma once

#include "http/smtp.h"
#include "profiles/portal_client.h"
#include "profiles/profile.h"

namespace connector {

struct Instructions {
    std::string language; // "en", "fr"
    std::string cloud;    // "Dropbox"
    std::string profile;  // its name
    PortalDevice device;
    std::string userCode; // "" where nothing is typed
    std::string uri;
    std::string uriComplete;
    WallTime expiresAt{};
};

Mail mailOf(const Instructions &instructions, const std::string &to);

// One page as PDF, for paper of that size in points.
std::string pageOf(const Instructions &instructions, double width, double height);
std::string titleOf(const Instructions &instructions); // what the print job is called

// "Sunday 22 November 2026, 10:00" in the machine's time zone.
std::string inWords(WallTime time, const std::string &language);

} // namespace connector
