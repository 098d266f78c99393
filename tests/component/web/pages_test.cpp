// SPDX-License-Identifier: Apache-2.0
// The administrators' pages as a browser without script gets them.
#include "tests/component/web/web_house.h"

#include <gmock/gmock.h>

namespace connector::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class PagesTest : public ::testing::Test {
protected:
    json settings()
    {
        return web.house.actor.ask([&] { return web.house.settings.toJson(); });
    }
    WebHouse web;
};

TEST_F(PagesTest, UntilThePasswordIsSetEveryPageLeadsToSettingIt)
{
    RawBrowser browser(web.port());
    for (const char *path : {"/", "/status", "/sign-in", "/people", "/nowhere"})
        EXPECT_EQ(browser.get(path).header("Location"), "/setup") << path;
    const std::string code = web.setupCode();
    ASSERT_EQ(code.size(), 11U);
    const RawReply page = browser.get("/setup");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, Not(HasSubstr(code)));
    std::map<std::string, std::string> fields{
        {"code", "BBBBB-BBBBB"}, {"name", "Ada"}, {"password", "a right password"}, {"again", "a right password"}};
    EXPECT_THAT(browser.post("/setup", fields).body, HasSubstr("setup-code-wrong"));
    fields["code"] = toLowerAscii(code);
    fields["again"] = "another password";
    EXPECT_THAT(browser.post("/setup", fields).body, HasSubstr("differ"));
    fields["password"] = fields["again"] = "short";
    EXPECT_THAT(browser.post("/setup", fields).body, HasSubstr("password-invalid"));
    fields["password"] = fields["again"] = "a right password";
    EXPECT_EQ(browser.post("/setup", fields).header("Location"), "/status?done=setup.done");
    EXPECT_THAT(browser.get("/status").body, HasSubstr("Ada"));
    // Once is enough.
    RawBrowser late(web.port());
    EXPECT_EQ(late.get("/setup").header("Location"), "/");
    EXPECT_EQ(web.setupCode(), "");
}

TEST_F(PagesTest, WhoeverIsNotAtTheDeviceIsNotToldTheSetupCode)
{
    const std::string code = web.setupCode();
    InProcessFace elsewhere(*web.house.api);
    EXPECT_FALSE(elsewhere.call("setup.get").result.contains("code"));
    // The socket alone does not make an administrator: it is its group's too.
    const std::uint32_t another = 54321;
    InProcessFace group(*web.house.api, another);
    EXPECT_FALSE(group.call("setup.get").result.contains("code"));
    EXPECT_TRUE(group.call("setup.get").result["web"].is_object());
    InProcessFace panel(*web.house.api, ApiHouse::kPanelUser);
    EXPECT_EQ(panel.call("setup.get").result.value("code", ""), code);
    RawBrowser browser(web.port());
    EXPECT_EQ(browser.rpc(R"({"jsonrpc":"2.0","id":1,"method":"setup.get","params":{}})").status, 401);
}

TEST(Pages, GuessingTheSetupCodeIsSlowedDown)
{
    HttpsOptions options;
    options.signIns = {2, 1.0 / 30};
    WebHouse web(options);
    const std::string code = web.setupCode();
    RawBrowser browser(web.port());
    browser.get("/setup");
    std::map<std::string, std::string> fields{
        {"code", "BBBBB-BBBBB"}, {"name", "Ada"}, {"password", "a right password"}, {"again", "a right password"}};
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(browser.post("/setup", fields).status, 422);
    fields["code"] = code;
    EXPECT_EQ(browser.post("/setup", fields).status, 429);
}

TEST_F(PagesTest, AllowedDomainsAreSavedAndARefusalKeepsWhatWasTyped)
{
    RawBrowser browser = web.administrator();
    const char *page = "/applications/cloud-connector";
    const auto save = [&](const std::string &typed) {
        return browser.post(page, {{"section", "advanced"}, {"domains", typed}});
    };
    EXPECT_EQ(save("Example.org, example.com").status, 303);
    EXPECT_EQ(settings()["allowedDomains"], json({"example.org", "example.com"}));
    EXPECT_THAT(browser.get(page).body, HasSubstr(">example.org, example.com</textarea>"));
    for (const std::string bad :
         {"exa/mple.org", "a:b.org", "*.org", "a?.org", "\"a.org", "<a.org", "a>.org", "a|b.org", "a+b.org"}) {
        const RawReply refused = save("example.net, " + bad);
        EXPECT_EQ(refused.status, 422) << bad;
        EXPECT_THAT(refused.body, HasSubstr("None of these characters")) << bad;
        EXPECT_THAT(refused.body, HasSubstr("aria-invalid")) << bad;
    }
    EXPECT_THAT(save("example.net, a/b").body, HasSubstr(">example.net, a/b</textarea>"));
    EXPECT_THAT(save("<script>alert(1)</script>").body, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(save("me@example.org").body, HasSubstr("no @."));
    std::string longList = "a.example";
    while (longList.size() <= 512)
        longList += ",a.example";
    EXPECT_THAT(save(longList).body, HasSubstr("512"));
    EXPECT_EQ(settings()["allowedDomains"], json({"example.org", "example.com"}));
    EXPECT_EQ(save(" ").status, 303);
    EXPECT_EQ(settings()["allowedDomains"], json::array());
}

TEST_F(PagesTest, NothingButCommasDoesNotAllowEveryDomain)
{
    RawBrowser browser = web.administrator();
    browser.get("/applications/cloud-connector");
    const auto save = [&](const std::string &domains) {
        return browser.post("/applications/cloud-connector", {{"section", "advanced"}, {"domains", domains}}).status;
    };
    EXPECT_EQ(save("example.org"), 303);
    EXPECT_EQ(save(" , "), 422);
    EXPECT_EQ(web.house.actor.ask([&] { return web.house.settings.get().allowedDomains.size(); }), 1U);
    EXPECT_EQ(save(" "), 303) << "empty allows all";
}

TEST_F(PagesTest, TheOtherSettingsAreSavedAndExplained)
{
    RawBrowser browser = web.administrator();
    const char *page = "/applications/cloud-connector";
    EXPECT_EQ(browser.post(page, {{"section", "panel"}, {"timeout", "90"}, {"language", "fr"}}).status, 303);
    EXPECT_EQ(settings()["sessionTimeout"], 90);
    EXPECT_EQ(settings()["language"], "fr");
    for (const std::string bad : {"", "x", "9", "3601", "60.5"}) {
        const RawReply refused = browser.post(page, {{"section", "panel"}, {"timeout", bad}, {"language", "fr"}});
        EXPECT_EQ(refused.status, 422) << bad;
        EXPECT_THAT(refused.body, HasSubstr("timeout-problem")) << bad;
    }
    EXPECT_EQ(browser.post(page, {{"section", "sign-in"}, {"methods", "pin"}}).status, 303);
    EXPECT_EQ(settings()["signInMethods"], json({"pin"}));
    EXPECT_EQ(settings()["guests"], false);
    EXPECT_EQ(browser.post(page, {{"section", "nothing"}}).status, 404);
}

TEST_F(PagesTest, HowLongThingsAreKeptIsSetInDaysAndARefusalStandsAtItsField)
{
    RawBrowser browser = web.administrator();
    const char *page = "/applications/cloud-connector";
    const auto save = [&](const std::string &guests, const std::string &audit) {
        return browser.post(page, {{"section", "keeping"}, {"guest-profile-days", guests}, {"audit-days", audit}});
    };
    EXPECT_THAT(browser.get(page).body, HasSubstr(R"(name="guest-profile-days" inputmode="numeric" value="90")"));
    EXPECT_EQ(save("1", "3650").status, 303);
    EXPECT_EQ(settings()["guestProfileDays"], 1);
    EXPECT_EQ(settings()["auditDays"], 3650);
    EXPECT_THAT(browser.get(page).body, HasSubstr(R"(name="audit-days" inputmode="numeric" value="3650")"));
    for (const std::string bad : {"", "0", "-1", "3651", "7.5", "x", "99999999999999999999"}) {
        const RawReply guests = save(bad, "30");
        EXPECT_EQ(guests.status, 422) << bad;
        EXPECT_THAT(guests.body, HasSubstr(R"(id="guest-profile-days-problem" role="alert">A whole number)")) << bad;
        EXPECT_THAT(guests.body, Not(HasSubstr("audit-days-problem"))) << bad;
        EXPECT_THAT(guests.body, HasSubstr("value=\"" + bad + "\"")) << "what was typed stays";
        const RawReply audit = save("30", bad);
        EXPECT_EQ(audit.status, 422) << bad;
        EXPECT_THAT(audit.body, HasSubstr(R"(id="audit-days-problem" role="alert">A whole number)")) << bad;
        EXPECT_THAT(audit.body, Not(HasSubstr("guest-profile-days-problem"))) << bad;
    }
    EXPECT_EQ(settings()["guestProfileDays"], 1) << "both are refused together";
    EXPECT_THAT(browser.get(std::string(page) + "?lang=fr").body, HasSubstr("Un profil d’invité"));
}

TEST_F(PagesTest, PeopleAreAddedChangedAndRemoved)
{
    RawBrowser browser = web.administrator();
    const RawReply added = browser.post("/people/add", {{"name", "Mara <b>"}, {"role", "person"}, {"pin", "482915"}});
    ASSERT_EQ(added.status, 303);
    const RawReply list = browser.follow(added);
    EXPECT_THAT(list.body, HasSubstr("Mara &lt;b&gt; is added."));
    EXPECT_THAT(list.body, HasSubstr("data-name=\"Mara &lt;b&gt;\""));
    EXPECT_THAT(list.body, Not(HasSubstr("482915")));
    const std::string where = added.header("Location");
    const std::string id = where.substr(where.find("&id=") + 4);
    EXPECT_THAT(browser.post("/people/add", {{"name", "ada"}, {"role", "person"}}).body, HasSubstr("name-problem"));
    EXPECT_THAT(browser.post("/people/add", {{"name", "Bo"}, {"role", "person"}, {"pin", "12"}}).body,
                HasSubstr("pin-problem"));
    EXPECT_THAT(browser.get("/people/" + id).body, HasSubstr("no-pin"));
    EXPECT_EQ(browser.post("/people/" + id, {{"name", "Mara"}, {"role", "person"}, {"no-pin", "yes"}}).status, 303);
    EXPECT_THAT(browser.get("/people/" + id).body, Not(HasSubstr("no-pin")));
    EXPECT_THAT(browser.get("/people/" + id + "/remove").body, HasSubstr("Remove Mara?"));
    EXPECT_EQ(browser.post("/people/" + id + "/remove", {}).header("Location"), "/people?done=removed");
    EXPECT_EQ(browser.get("/people/" + id).status, 404);
}

TEST_F(PagesTest, TheLastAdministratorStays)
{
    RawBrowser browser = web.administrator();
    const std::string list = browser.get("/people").body;
    const auto at = list.find("href=\"/people/", list.find("data-name=\"Ada\""));
    const std::string path = list.substr(at + 6, list.find('"', at + 6) - at - 6);
    const RawReply removed = browser.post(path + "/remove", {});
    EXPECT_EQ(removed.status, 422);
    EXPECT_THAT(removed.body, HasSubstr("last-administrator"));
    const RawReply changed = browser.post(path, {{"name", "Ada"}, {"role", "person"}});
    EXPECT_EQ(changed.status, 422);
    EXPECT_THAT(changed.body, HasSubstr("last administrator"));
}

TEST_F(PagesTest, WhoeverDoesNotAdministerSeesNothingHere)
{
    web.add("Ada", "a right password", true);
    web.add("Mara", "her own password", false);
    RawBrowser browser(web.port());
    EXPECT_EQ(web.signIn(browser, "Mara", "her own password").status, 303);
    for (const char *path : {"/", "/status", "/applications/cloud-connector", "/people", "/profiles", "/audit"}) {
        const RawReply page = browser.get(path);
        EXPECT_EQ(page.status, 403) << path;
        EXPECT_THAT(page.body, HasSubstr("not-administrator")) << path;
    }
    EXPECT_EQ(browser.post("/people/add", {{"name", "Bo"}, {"role", "administrator"}}).status, 403);
}

TEST_F(PagesTest, ProfilesAreListedWithTheirOwnersAndNothingOfTheirContents)
{
    const std::string mara = web.add("Mara", "her own password", false);
    web.house.linkedProfile("Hers", "", "person:" + mara);
    web.house.linkedProfile("Everybody's", "1234");
    RawBrowser browser = web.administrator();
    const RawReply page = browser.get("/profiles");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("data-name=\"Hers\""));
    EXPECT_THAT(page.body, HasSubstr("<bdi>Mara</bdi>"));
    EXPECT_THAT(page.body, HasSubstr("<bdi>Guests</bdi>"));
    EXPECT_THAT(page.body, HasSubstr("mara.lind@example.org"));
}

TEST_F(PagesTest, AnybodysProfileIsDeletedOnceItWasAsked)
{
    const std::string id = web.house.linkedProfile("Everybody's", "1234");
    const std::string path = "/profiles/" + id + "/delete";
    web.add("Jon", "his own password", false);
    RawBrowser jon(web.port());
    web.signIn(jon, "Jon", "his own password");
    EXPECT_EQ(jon.post(path, {}).status, 403);
    RawBrowser browser = web.administrator();
    EXPECT_THAT(browser.get("/profiles").body, HasSubstr("href=\"" + path + "\""));
    EXPECT_THAT(browser.get(path).body, HasSubstr("Delete Everybody"));
    EXPECT_THAT(browser.get("/profiles").body, HasSubstr("Everybody")) << "asking is not deleting";
    EXPECT_EQ(browser.post(path, {}).header("Location"), "/profiles?done=deleted");
    EXPECT_THAT(browser.get("/profiles").body, Not(HasSubstr("Everybody")));
    EXPECT_EQ(browser.post(path, {}).status, 404);
}

TEST_F(PagesTest, ThePagesSpeakFrenchToWhoeverWantsIt)
{
    web.add("Ada", "a right password", true);
    RawBrowser browser(web.port());
    browser.more = "Accept-Language: fr-CA, en;q=0.5\r\n";
    EXPECT_THAT(browser.get("/sign-in").body, HasSubstr("Mot de passe"));
    EXPECT_THAT(browser.get("/sign-in?lang=en").body, HasSubstr("Password"));
    EXPECT_THAT(browser.get("/sign-in").body, HasSubstr("Password")); // as chosen
}

} // namespace
} // namespace connector::test
