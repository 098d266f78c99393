// SPDX-License-Identifier: Apache-2.0
// Shortcuts through the local API: made from a file or folder, used with one call, gone with their profile.
#include "tests/component/api/api_house.h"
#include "tests/support/pdf.h"

#include <gmock/gmock.h>

namespace connector::test {
namespace {

class ShortcutsTest : public ::testing::Test {
protected:
    ShortcutsTest()
    {
        sandbox().control({{"do", "reset"}});
        sandbox().control({{"do", "make-file"}, {"path", "/Plan.pdf"}, {"base64", toBase64(makePdf(2))}});
        sandbox().control({{"do", "make-file"}, {"path", "/Song.mp3"}, {"text", "la"}});
        sandbox().control({{"do", "make-folder"}, {"path", "/Scans"}});
        house = std::make_unique<ApiHouse>();
        face = std::make_unique<InProcessFace>(*house->api);
    }
    ~ShortcutsTest() override { face.reset(); }

    std::string opened(const std::string &name, const std::string &pin = "")
    {
        const std::string profile = house->linkedProfile(name, pin);
        EXPECT_TRUE(face->call("profiles.open", {{"id", profile}, {"pin", pin}}).ok());
        return profile;
    }
    std::string entry(const std::string &profile, const std::string &name)
    {
        const auto root = face->call("files.list", {{"profile", profile}});
        for (const json &one : root.result.at("entries"))
            if (one.at("name") == name)
                return one.at("id");
        ADD_FAILURE() << "no " << name;
        return {};
    }
    InProcessFace::Answer add(const std::string &profile, const std::string &kind, const std::string &name,
                              const std::string &target, json more = json::object())
    {
        more.update({{"profile", profile}, {"kind", kind}, {"name", name}, {"target", target}});
        return face->call("shortcuts.add", more);
    }
    std::string printShortcut(const std::string &profile, const std::string &name = "Plan")
    {
        const auto made = add(profile, "print", name, entry(profile, "Plan.pdf"), {{"ticket", {{"copies", 2}}}});
        EXPECT_TRUE(made.ok()) << made.error;
        return made.result["shortcut"]["id"];
    }
    std::string scanShortcut(const std::string &profile, const std::string &name = "Receipts")
    {
        const auto made = add(profile, "scan", name, entry(profile, "Scans"), {{"settings", {{"source", "flatbed"}}}});
        EXPECT_TRUE(made.ok()) << made.error;
        return made.result["shortcut"]["id"];
    }
    json ended(const InProcessFace::Answer &ran)
    {
        EXPECT_TRUE(ran.ok()) << ran.error;
        if (!ran.ok())
            return {};
        const std::string id = ran.result["job"]["id"];
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        for (;;) {
            const json job = face->call("jobs.get", {{"id", id}}).result.value("job", json());
            if (!job.at("endedAt").is_null() || std::chrono::steady_clock::now() > deadline)
                return job;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    void moveInCloud(const std::string &from, const std::string &to)
    {
        HttpRequest request;
        request.method = "POST";
        request.url = sandbox().base("dropbox") + "/2/files/move_v2";
        request.headers.set("Authorization",
                            "Bearer " + sandbox().person("dropbox")["access_token"].get<std::string>());
        request.headers.set("Content-Type", "application/json");
        request.body = dumpLine({{"from_path", from}, {"to_path", to}});
        const auto reply = house->http.send(request, nullptr, {});
        ASSERT_TRUE(reply && reply->status == 200) << (reply ? reply->body : describe(reply.error()));
    }
    json list() { return face->call("shortcuts.list").result.at("shortcuts"); }
    std::unique_ptr<ApiHouse> house;
    std::unique_ptr<InProcessFace> face;
};

TEST_F(ShortcutsTest, PrintsItsFileWithItsSettingsByOneCall)
{
    const std::string id = printShortcut(opened("Mara"));
    const json job = ended(face->call("shortcuts.run", {{"id", id}, {"key", "one"}}));
    EXPECT_EQ(job["state"], "completed");
    EXPECT_EQ(job["name"], "Plan.pdf");
    EXPECT_EQ(*readFile(house->folder / "printer/1.pdf"), makePdf(2));
    const json shortcut = list().at(0);
    EXPECT_EQ(shortcut["ticket"]["copies"], 2);
    EXPECT_EQ(shortcut["targetType"], "pdf") << "what its icon shows";
    EXPECT_TRUE(shortcut["lastUsedAt"].is_string());
}

TEST_F(ShortcutsTest, ASecondTapMakesNoSecondJob)
{
    const std::string id = printShortcut(opened("Mara"));
    const auto first = face->call("shortcuts.run", {{"id", id}, {"key", "tap"}});
    const auto second = face->call("shortcuts.run", {{"id", id}, {"key", "tap"}});
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_EQ(first.result["job"]["id"], second.result["job"]["id"]);
    EXPECT_EQ(face->call("jobs.list").result["jobs"].size(), 1U);
    EXPECT_EQ(face->call("shortcuts.run", {{"id", id}}).code(), "bad-request") << "without a key nobody can tell";
}

TEST_F(ShortcutsTest, TwoFacesThatTapAtOnceMakeOneJob)
{
    const std::string profile = opened("Mara");
    const std::string id = printShortcut(profile);
    InProcessFace other(*house->api);
    ASSERT_TRUE(other.call("profiles.open", {{"id", profile}}).ok());
    std::thread there([&] { EXPECT_TRUE(other.call("shortcuts.run", {{"id", id}, {"key", "tap"}}).ok()); });
    EXPECT_TRUE(face->call("shortcuts.run", {{"id", id}, {"key", "tap"}}).ok());
    there.join();
    EXPECT_EQ(face->call("jobs.list").result["jobs"].size(), 1U);
}

TEST_F(ShortcutsTest, ARenamedAndMovedFileIsPrintedAndShownUnderItsNewName)
{
    const std::string id = printShortcut(opened("Mara"));
    moveInCloud("/Plan.pdf", "/Scans/Final plan.pdf");
    const auto checked = face->call("shortcuts.check", {{"id", id}});
    ASSERT_TRUE(checked.ok()) << checked.error;
    EXPECT_EQ(checked.result["shortcut"]["targetName"], "Final plan.pdf");
    EXPECT_TRUE(checked.result["shortcut"]["problem"].is_null());
    EXPECT_EQ(ended(face->call("shortcuts.run", {{"id", id}, {"key", "one"}}))["state"], "completed");
    EXPECT_EQ(list().at(0)["name"], "Plan") << "its own name is the person's";
}

TEST_F(ShortcutsTest, ScansIntoItsFolderUnderANameWithTheTime)
{
    const std::string id = scanShortcut(opened("Mara"), "Receipts 11/2026");
    const json job = ended(face->call("shortcuts.run", {{"id", id}, {"key", "one"}}));
    EXPECT_EQ(job["state"], "completed");
    EXPECT_EQ(job["folderName"], "Scans");
    EXPECT_EQ(list().at(0)["targetType"], "folder");
    EXPECT_THAT(job["resultName"].get<std::string>(),
                ::testing::MatchesRegex("Receipts 11-2026 [0-9-]{10} [0-9-]{8}\\.pdf"));
    EXPECT_EQ(sandbox().control({{"do", "list"}, {"path", "/Scans"}})["entries"].size(), 1U);
}

TEST_F(ShortcutsTest, TwoScansInOneSecondGetDifferentNames)
{
    const auto second = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    std::set<std::string> names;
    Shortcuts frozen =
        house->actor.ask([&] { return Shortcuts(house->db, house->vault, [second] { return second; }); });
    for (int i = 0; i < 3; ++i)
        names.insert(frozen.stamped("Receipts"));
    EXPECT_EQ(names.size(), 3U);
}

TEST_F(ShortcutsTest, SettingsGivenWithARunHoldForThatRunOnly)
{
    const std::string id = printShortcut(opened("Mara"));
    EXPECT_EQ(face->call("shortcuts.run", {{"id", id}, {"key", "a"}, {"ticket", {{"copies", 5000}}}}).code(),
              "bad-request");
    EXPECT_EQ(ended(face->call("shortcuts.run", {{"id", id}, {"key", "b"}, {"ticket", {{"copies", 1}}}}))["state"],
              "completed");
    EXPECT_EQ(list().at(0)["ticket"]["copies"], 2);
}

TEST_F(ShortcutsTest, ItsNameIsUniqueForItsOwner)
{
    const std::string profile = opened("Mara");
    const std::string id = printShortcut(profile);
    EXPECT_EQ(add(profile, "scan", "PLAN", "").code(), "name-taken");
    EXPECT_EQ(add(profile, "scan", "  ", "").code(), "name-invalid");
    EXPECT_EQ(add(profile, "scan", std::string(41, 'x'), "").code(), "name-invalid");
    scanShortcut(profile);
    EXPECT_EQ(face->call("shortcuts.update", {{"id", id}, {"name", "receipts"}}).code(), "name-taken");
    EXPECT_EQ(face->call("shortcuts.update", {{"id", id}, {"name", "Receipt plan"}}).result["shortcut"]["name"],
              "Receipt plan");
}

TEST_F(ShortcutsTest, WhatCannotBePrintedOrScannedToGetsNoShortcut)
{
    const std::string profile = opened("Mara");
    EXPECT_EQ(add(profile, "print", "Song", entry(profile, "Song.mp3")).code(), "unsupported-type");
    EXPECT_EQ(add(profile, "print", "Folder", entry(profile, "Scans")).code(), "file-gone");
    EXPECT_EQ(add(profile, "scan", "File", entry(profile, "Plan.pdf")).code(), "file-gone");
    EXPECT_EQ(add(profile, "scan", "Nowhere", "id:nothing").code(), "file-gone");
    EXPECT_EQ(add(profile, "fax", "Fax", "").code(), "bad-request");
    EXPECT_EQ(add(profile, "scan", "Odd", "", {{"settings", {{"fileName", "a/b"}}}}).code(), "name-invalid");
    EXPECT_TRUE(list().empty());
    EXPECT_TRUE(add(profile, "scan", "Root", "").ok());
}

TEST_F(ShortcutsTest, AFileThatIsGoneIsSaidAndAnotherCanTakeItsPlace)
{
    const std::string profile = opened("Mara");
    const std::string id = printShortcut(profile);
    sandbox().control({{"do", "delete"}, {"path", "/Plan.pdf"}});
    EXPECT_EQ(face->call("shortcuts.run", {{"id", id}, {"key", "one"}}).code(), "file-gone");
    EXPECT_TRUE(face->call("jobs.list").result["jobs"].empty());
    EXPECT_EQ(face->call("shortcuts.check", {{"id", id}}).result["shortcut"]["problem"], "file-gone");
    EXPECT_EQ(list().at(0)["problem"], "file-gone");
    EXPECT_EQ(list().at(0)["targetName"], "Plan.pdf");
    sandbox().control({{"do", "make-file"}, {"path", "/New.pdf"}, {"base64", toBase64(makePdf(1))}});
    const auto edited = face->call("shortcuts.update", {{"id", id}, {"target", entry(profile, "New.pdf")}});
    ASSERT_TRUE(edited.ok()) << edited.error;
    EXPECT_TRUE(edited.result["shortcut"]["problem"].is_null());
    EXPECT_EQ(ended(face->call("shortcuts.run", {{"id", id}, {"key", "two"}}))["state"], "completed");
}

TEST_F(ShortcutsTest, AFolderThatIsGoneIsSaidBeforeAnythingIsScanned)
{
    const std::string id = scanShortcut(opened("Mara"));
    sandbox().control({{"do", "delete"}, {"path", "/Scans"}});
    EXPECT_EQ(face->call("shortcuts.run", {{"id", id}, {"key", "one"}}).code(), "file-gone");
    EXPECT_TRUE(face->call("jobs.list").result["jobs"].empty());
}

TEST_F(ShortcutsTest, ALookThatFailsLeavesTheProblemThatIsKnown)
{
    const std::string id = printShortcut(opened("Mara"));
    sandbox().control({{"do", "delete"}, {"path", "/Plan.pdf"}});
    EXPECT_EQ(face->call("shortcuts.check", {{"id", id}}).result["shortcut"]["problem"], "file-gone");
    sandbox().control({{"do", "fault"}, {"route", "get_metadata"}, {"times", 0}, {"action", {{"status", 503}}}});
    const auto checked = face->call("shortcuts.check", {{"id", id}});
    EXPECT_FALSE(checked.ok()) << checked.result;
    EXPECT_NE(checked.code(), "file-gone") << "that is known, but was not seen";
    EXPECT_EQ(list().at(0)["problem"], "file-gone");
    EXPECT_EQ(face->call("shortcuts.run", {{"id", id}, {"key", "one"}}).code(), "file-gone");
    sandbox().control({{"do", "clear-faults"}});
    EXPECT_TRUE(face->call("jobs.list").result["jobs"].empty());
}

TEST_F(ShortcutsTest, AFolderThatTakesNothingAnyMoreIsSaid)
{
    const std::string id = scanShortcut(opened("Mara"));
    sandbox().control({{"do", "mark"}, {"path", "/Scans"}, {"readOnly", true}});
    EXPECT_EQ(face->call("shortcuts.check", {{"id", id}}).result["shortcut"]["problem"], "no-permission");
    sandbox().control({{"do", "mark"}, {"path", "/Scans"}, {"readOnly", nullptr}});
    EXPECT_TRUE(face->call("shortcuts.check", {{"id", id}}).result["shortcut"]["problem"].is_null());
}

TEST_F(ShortcutsTest, ItsProfilesPinGuardsItWithTheSameLock)
{
    const std::string profile = opened("Mara", "1234");
    const std::string id = printShortcut(profile);
    InProcessFace stranger(*house->api);
    ASSERT_TRUE(stranger.call("events.subscribe").ok());
    const json seen = stranger.call("shortcuts.list").result["shortcuts"].at(0);
    EXPECT_EQ(seen["name"], "Plan");
    EXPECT_TRUE(seen["hasPin"]);
    for (const char *hidden : {"target", "targetName", "targetType", "ticket"})
        EXPECT_TRUE(seen[hidden].is_null()) << hidden;
    for (const char *method :
         {"shortcuts.run", "shortcuts.check", "shortcuts.delete", "shortcuts.update", "shortcuts.pin"})
        EXPECT_EQ(stranger.call(method, {{"id", id}, {"key", "k"}, {"name", "Mine"}}).code(), "pin-required") << method;
    ASSERT_TRUE(face->call("shortcuts.pin", {{"id", id}}).ok());
    const auto told = stranger.waitForEvent([](const json &e) { return e["type"] == "shortcut.changed"; });
    ASSERT_TRUE(told);
    EXPECT_TRUE((*told)["data"]["targetName"].is_null()) << "nor do the events tell";
    for (int i = 0; i < 5; ++i)
        stranger.call("profiles.open", {{"id", profile}, {"pin", "9999"}});
    EXPECT_EQ(stranger.call("profiles.open", {{"id", profile}, {"pin", "1234"}}).code(), "profile-locked");
    EXPECT_EQ(stranger.call("shortcuts.run", {{"id", id}, {"key", "k"}}).code(), "pin-required");
    face->call("session.end");
    EXPECT_EQ(face->call("shortcuts.run", {{"id", id}, {"key", "k"}}).code(), "pin-required");
}

TEST_F(ShortcutsTest, ADomainThatIsNoLongerAllowedClosesItAndAllowedAgainItWorks)
{
    const std::string id = printShortcut(opened("Mara"));
    const auto allow = [&](const json &domains) {
        house->actor.ask([&] { EXPECT_TRUE(house->settings.change({{"allowedDomains", domains}})); });
    };
    allow({"example.net"});
    EXPECT_EQ(list().at(0)["state"], "domain-refused");
    EXPECT_EQ(face->call("shortcuts.run", {{"id", id}, {"key", "k"}}).code(), "domain-refused");
    EXPECT_EQ(face->call("shortcuts.check", {{"id", id}}).code(), "domain-refused");
    allow(json::array());
    EXPECT_EQ(list().at(0)["state"], "ready");
    EXPECT_EQ(ended(face->call("shortcuts.run", {{"id", id}, {"key", "k"}}))["state"], "completed");
}

TEST_F(ShortcutsTest, ARevokedProfileKeepsItsShortcuts)
{
    const std::string id = printShortcut(opened("Mara"));
    sandbox().control({{"do", "revoke-tokens"}});
    EXPECT_EQ(face->call("shortcuts.run", {{"id", id}, {"key", "k"}}).code(), "access-revoked");
    house->api->settle();
    EXPECT_EQ(list().at(0)["state"], "revoked");
    EXPECT_TRUE(list().at(0)["problem"].is_null());
}

TEST_F(ShortcutsTest, ADeletedProfileTakesItsShortcutsWithIt)
{
    const std::string profile = opened("Mara");
    const std::string gone = printShortcut(profile);
    scanShortcut(opened("Other"), "Stays");
    ASSERT_TRUE(face->call("events.subscribe").ok());
    ASSERT_TRUE(face->call("profiles.delete", {{"id", profile}}).ok());
    EXPECT_TRUE(
        face->waitForEvent([&](const json &e) { return e["type"] == "shortcut.removed" && e["data"]["id"] == gone; }));
    ASSERT_EQ(list().size(), 1U);
    EXPECT_EQ(list().at(0)["name"], "Stays");
    EXPECT_EQ(face->call("shortcuts.get", {{"id", gone}}).code(), "shortcut-gone");
}

TEST_F(ShortcutsTest, WhatACrashLeftOfADeletedProfileIsSweptAtTheNextStart)
{
    const std::string profile = opened("Mara");
    printShortcut(profile);
    house->actor.ask([&] {
        EXPECT_TRUE(ProfileTable(house->db, house->vault).remove(profile));
        Shortcuts again(house->db, house->vault);
        EXPECT_TRUE(again.list("guest")->empty());
    });
}

TEST_F(ShortcutsTest, AnotherOwnersShortcutIsNotThereForAnyMethod)
{
    const std::string theirs = house->linkedProfile("Hers", "", "person:somebody");
    const std::string id = house->actor.ask([&] {
        Shortcut shortcut;
        shortcut.owner = "person:somebody";
        shortcut.profile = theirs;
        shortcut.kind = "scan";
        shortcut.name = "Hers alone";
        shortcut.wish = "{}";
        return house->shortcuts->add(shortcut)->id;
    });
    ASSERT_TRUE(face->call("events.subscribe").ok());
    EXPECT_TRUE(list().empty());
    for (const std::string &method : house->api->methods()) {
        if (!method.starts_with("shortcuts.") || method == "shortcuts.list")
            continue;
        const auto answer = face->call(
            method, {{"id", id}, {"profile", theirs}, {"key", "k"}, {"name", "n"}, {"kind", "scan"}, {"target", ""}});
        EXPECT_EQ(answer.code(), method == "shortcuts.add" ? "profile-gone" : "shortcut-gone") << method;
    }
    house->actor.ask([&] { EXPECT_TRUE(house->shortcuts->remove("person:somebody", id)); });
    const std::string profile = opened("Mine");
    scanShortcut(profile, "Hers alone");
    const auto told =
        face->waitForEvent([](const json &e) { return e["type"].get<std::string>().starts_with("shortcut."); });
    ASSERT_TRUE(told);
    EXPECT_NE((*told)["data"]["id"], id);
}

TEST_F(ShortcutsTest, WhoLeavesDuringTheLookStartsNoJob)
{
    const std::string id = printShortcut(opened("Mara"));
    sandbox().control({{"do", "fault"}, {"route", "get_metadata"}, {"action", {{"delayMs", 700}}}});
    std::thread tap([&] {
        EXPECT_EQ(face->call("shortcuts.run", {{"id", id}, {"key", "k"}}).code(), "profile-not-open");
    });
    const auto asked = [] {
        return dumpLine(sandbox().control({{"do", "requests"}, {"route", "get_metadata"}})).find("get_metadata") !=
               std::string::npos;
    };
    while (!asked())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    house->api->receive(face->connection(), dumpLine({{"jsonrpc", "2.0"}, {"method", "session.end"}}));
    tap.join();
    EXPECT_TRUE(face->call("jobs.list").result["jobs"].empty());
}

TEST_F(ShortcutsTest, AScanIsTakenAlsoWhileTheCloudCannotBeAsked)
{
    const std::string id = scanShortcut(opened("Mara"));
    sandbox().control({{"do", "fault"}, {"route", "get_metadata"}, {"times", 0}, {"action", {{"status", 503}}}});
    const auto ran = face->call("shortcuts.run", {{"id", id}, {"key", "k"}});
    sandbox().control({{"do", "clear-faults"}});
    EXPECT_EQ(ended(ran)["state"], "completed");
}

} // namespace
} // namespace connector::test
