// SPDX-License-Identifier: Apache-2.0
// What a thief of the database reads without the master key, after people worked at the device.
#include "core/files.h"
#include "tests/component/api/api_house.h"
#include "tests/support/pdf.h"

namespace connector::test {
namespace {

TEST(StolenDatabase, TellsNoNameOfAnybodyOrOfWhatTheyPrintedAndScanned)
{
    sandbox().control({{"do", "reset"}});
    sandbox().control({{"do", "make-folder"}, {"path", "/Works council"}});
    sandbox().control(
        {{"do", "make-file"}, {"path", "/Works council/Termination.pdf"}, {"base64", toBase64(makePdf(1))}});
    ApiHouse house;
    const std::string mara = house.person({.name = "Mara Lind", .pin = "161803"});
    InProcessFace face(*house.api);
    const auto call = [&](const char *method, const json &params) {
        const auto answer = face.call(method, params);
        EXPECT_TRUE(answer.ok()) << method << answer.error;
        return answer.result;
    };
    const auto entry = [&](const json &where, const char *name) -> std::string {
        const json listed = call("files.list", where);
        for (const json &one : listed.at("entries"))
            if (one.at("name") == name)
                return one.at("id");
        return {};
    };
    call("session.signIn", {{"method", "pin"}, {"secret", "161803"}});
    const std::string profile = house.linkedProfile("Lawyer's office", "", "person:" + mara);
    call("profiles.open", {{"id", profile}});
    const std::string folder = entry({{"profile", profile}}, "Works council");
    const std::string file = entry({{"profile", profile}, {"folder", folder}}, "Termination.pdf");
    ASSERT_FALSE(folder.empty() || file.empty());
    call("shortcuts.add", {{"profile", profile}, {"kind", "print"}, {"name", "The letter"}, {"target", file}});
    const json print =
        call("jobs.print", {{"profile", profile}, {"items", {{{"id", file}, {"name", "Termination.pdf"}}}}});
    const json scan = call("jobs.scan", {{"profile", profile},
                                         {"folder", folder},
                                         {"folderName", "Works council"},
                                         {"name", "Grievance"},
                                         {"settings", {{"source", "flatbed"}}}});
    for (const json &made : {print, scan}) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (call("jobs.get", {{"id", made.at("job").at("id")}}).at("job").at("state") != "completed") {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline);
            std::this_thread::yield();
        }
    }

    // As the files lie there in the middle of the work, the WAL not yet taken over.
    const auto [database, wal] = house.actor.ask([&] {
        const auto bytes = [&](const char *name) { return readFile(house.folder / name, std::size_t{1} << 26); };
        return std::pair(*bytes("state.db"), *bytes("state.db-wal"));
    });
    EXPECT_FALSE(wal.empty());
    const auto there = [&database = database, &wal = wal](std::string_view text) {
        return database.find(text) != std::string::npos || wal.find(text) != std::string::npos;
    };
    for (const std::string &secret :
         {std::string("mara.lind@example.org"), std::string("Mara Lind"), std::string("mara lind"),
          std::string("Lawyer"), std::string("lawyer"), std::string("The letter"), std::string("the letter"),
          std::string("Termination"), std::string("termination"), std::string("Works council"),
          std::string("Grievance"), folder, file})
        EXPECT_FALSE(there(secret)) << secret;
    for (const std::string &known : {profile, "person:" + mara, std::string("job.begun")})
        EXPECT_TRUE(there(known)) << known << ": the right files are looked at";

    // And the service itself still knows all of it.
    EXPECT_EQ(call("profiles.list", json::object()).at("profiles").at(0).at("account"), "mara.lind@example.org");
    EXPECT_EQ(call("shortcuts.list", json::object()).at("shortcuts").at(0).at("targetName"), "Termination.pdf");
    const auto log = house.actor.ask([&] { return *house.audit->list(INT64_MAX, 1, "job.begun"); });
    EXPECT_EQ(log.at(0).whoName, "Mara Lind");
    EXPECT_EQ(json::parse(log.at(0).detail).at("provider"), "dropbox");
}

} // namespace
} // namespace connector::test
