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

    explicit WebHouse(HttpsOptions options = {})
    {
        options.listen = "127.0.0.1";
        options.port = 0;
        auto identity = ownIdentity(house.folder / "web.pem", {"localhost"});
        EXPECT_TRUE(identity) << describe(identity.error());
        auto made = HttpsCarrier::listen(*house.api, *identity, std::move(options),
                                         makeAdminPages({"Printer in the library", "Ground floor", "1.0", "AA:BB"}));
        EXPECT_TRUE(made) << describe(made.error());
        carrier = *std::move(made);
        house.api->setWebDoor(carrier->port(), carrier->fingerprint());
    }
    ~WebHouse() { carrier.reset(); }

    int port() const { return carrier->port(); }

    std::string setupCode()
    {
        InProcessFace atTheDevice(*house.api, 0);
        return atTheDevice.call("setup.get").result.value("code", "");
    }

    // A person with a password.
    std::string add(const std::string &name, const std::string &password, bool administrator)
    {
        InProcessFace machine(*house.api, 0);
        EXPECT_TRUE(machine.call("session.signIn", {{"method", "machine"}}).ok());
        const auto added = machine.call(
            "people.add",
            {{"name", name}, {"password", password}, {"role", administrator ? "administrator" : "person"}});
        EXPECT_TRUE(added.ok()) << added.code();
        return added.ok() ? added.result["person"]["id"].get<std::string>() : "";
    }

    RawReply signIn(RawBrowser &browser, const std::string &name, const std::string &password)
    {
        browser.get("/sign-in");
        return browser.post("/sign-in", {{"name", name}, {"password", password}});
    }

    // A browser with an administrator's session.
    RawBrowser administrator()
    {
        add("Ada", "a right password", true);
        RawBrowser browser(port());
        EXPECT_EQ(signIn(browser, "Ada", "a right password").status, 303);
        browser.get("/people"); // for its form token
        return browser;
    }
};

} // namespace connector::test
