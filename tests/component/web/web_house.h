// SPDX-License-Identifier: Apache-2.0
// The service's rooms behind an HTTPS door, as a browser meets them.
#pragma once

#include "api/https_carrier.h"
#include "tests/component/api/api_house.h"
#include "tests/support/raw_https.h"
#include "web/admin_pages.h"

namespace connector::test {

struct WebHouse {
    ApiHouse house;
    std::unique_ptr<HttpsCarrier> carrier;

    explicit WebHouse(HttpsOptions options = {});
    ~WebHouse() { carrier.reset(); }

    int port() const { return carrier->port(); }

    std::string setupCode();

    // A person with a password.
    std::string add(const std::string &name, const std::string &password, bool administrator);

    RawReply signIn(RawBrowser &browser, const std::string &name, const std::string &password);

    // A browser with an administrator's session.
    RawBrowser administrator();
};

} // namespace connector::test
