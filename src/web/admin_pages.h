// SPDX-License-Identifier: Apache-2.0
// The pages on which administrators look after the device: server-rendered, made of API calls alone.
#pragma once

#include "api/web_visit.h"

namespace connector {

struct AdminSite {
    std::string device; // its name and place
    std::string place;
    std::string version;
    std::string fingerprint; // of the certificate, where it signed itself
};

// For HttpsCarrier. Any thread.
WebPages makeAdminPages(AdminSite site);

} // namespace connector
