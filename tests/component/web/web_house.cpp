// SPDX-License-Identifier: Apache-2.0
#include "tests/component/web/web_house.h"

namespace connector::test {

WebHouse::WebHouse(HttpsOptions options)
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

std::string WebHouse::setupCode()
{
    InProcessFace atTheDevice(*house.api, 0);
    return atTheDevice.call("setup.get").result.value("code", "");
}

std::string WebHouse::add(const std::string &name, const std::string &password, bool administrator)
{
    InProcessFace machine(*house.api, 0);
    EXPECT_TRUE(machine.call("session.signIn", {{"method", "machine"}}).ok());
    const auto added = machine.call(
        "people.add", {{"name", name}, {"password", password}, {"role", administrator ? "administrator" : "person"}});
    EXPECT_TRUE(added.ok()) << added.code();
    return added.ok() ? added.result["person"]["id"].get<std::string>() : "";
}

RawReply WebHouse::signIn(RawBrowser &browser, const std::string &name, const std::string &password)
{
    browser.get("/sign-in");
    return browser.post("/sign-in", {{"name", name}, {"password", password}});
}

RawBrowser WebHouse::administrator()
{
    add("Ada", "a right password", true);
    RawBrowser browser(port());
    EXPECT_EQ(signIn(browser, "Ada", "a right password").status, 303);
    browser.get("/people"); // for its form token
    return browser;
}

} // namespace connector::test
