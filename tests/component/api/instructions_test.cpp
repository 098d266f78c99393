// SPDX-License-Identifier: Apache-2.0
// The instructions to link a profile, by mail through a real mail server and on paper.
#include "tests/component/api/api_house.h"
#include "tests/support/ready_program.h"

#include <cstdlib>

namespace connector::test {
namespace {

using nlohmann::json;

class InstructionsApi : public ::testing::Test {
protected:
    ReadyProgram mail{{"tests/support/mail-server", "starttls"}};
    ApiHouse house{mail.ready().at("ca").get<std::string>()};
    InProcessFace face{*house.api};

    std::string received(int number)
    {
        const auto text = readFile(
            std::filesystem::path(mail.ready().at("mails").get<std::string>()) / std::to_string(number), 1 << 20);
        return text ? *text : "";
    }
    std::string send(const std::string &id, const std::string &to)
    {
        return face.call("profiles.sendInstructions", {{"id", id}, {"to", to}}).code();
    }
};

TEST_F(InstructionsApi, AreSentByMailOnlyWhereAMailServerIsSetUp)
{
    const std::string id = house.linkedProfile("Mara");
    house.putCodeOut(id);
    EXPECT_EQ(face.call("system.status").result["mail"], false);
    EXPECT_EQ(send(id, "mara@example.org"), "mail-not-set-up");
    house.useMailServer(mail.ready());
    EXPECT_EQ(face.call("system.status").result["mail"], true);
    EXPECT_EQ(send(id, "mara@example.org"), "");
    const std::string got = received(1);
    std::string body = got.substr(got.find("\r\n\r\n") + 4);
    std::erase_if(body, [](char c) { return c == '\r' || c == '\n'; });
    const std::string text = *fromBase64(body);
    for (const char *part : {"WDJB-MJHT-KQPR", "https://portal.example.org/?code=WDJB-MJHT-KQPR",
                             "Printer in the library", "Ground floor", "Dropbox", "Mara", "If you did not ask"})
        EXPECT_NE(text.find(part), std::string::npos) << part;
    for (const char *odd : {"mara", "a@b\nBcc: c@d", "a@b,c@d", ""})
        EXPECT_EQ(send(id, odd), "mail-address-invalid") << odd;
    EXPECT_EQ(send(id, "refused@example.org"), "mail-refused");
    EXPECT_EQ(received(2), "");
}

TEST_F(InstructionsApi, MailsHaveALimitWhoeverAsks)
{
    house.useMailServer(mail.ready());
    const std::string id = house.linkedProfile("Mara");
    house.putCodeOut(id);
    std::size_t sent = 0;
    while (send(id, "mara" + std::to_string(sent) + "@example.org").empty())
        ASSERT_LE(++sent, Mailer::kMostPerHour);
    EXPECT_EQ(sent, Mailer::kMostPerHour);
    EXPECT_EQ(send(id, "mara@example.org"), "mail-too-many");
}

TEST_F(InstructionsApi, TwoTapsOrTwoFacesAreOneMail)
{
    house.useMailServer(mail.ready());
    const std::string id = house.linkedProfile("Mara");
    house.putCodeOut(id);
    InProcessFace other(*house.api);
    const json wish{{"id", id}, {"to", "mara@example.org"}};
    std::optional<InProcessFace::Answer> first;
    std::thread elsewhere([&] { first = other.call("profiles.sendInstructions", wish); });
    const auto second = face.call("profiles.sendInstructions", wish);
    elsewhere.join();
    ASSERT_TRUE(first->ok() && second.ok()) << first->error << second.error;
    EXPECT_NE(first->result["again"], second.result["again"]) << "one of them was the second";
    EXPECT_EQ(face.call("profiles.sendInstructions", {{"id", id}, {"to", "Mara@Example.org"}}).result["again"], true);
    EXPECT_NE(received(1), "");
    EXPECT_EQ(received(2), "");
    EXPECT_EQ(send(id, "jon@example.org"), "") << "another address is another mail";
    EXPECT_NE(received(2), "");
    // One that did not go out is tried again.
    EXPECT_EQ(send(id, "refused@example.org"), "mail-refused");
    EXPECT_EQ(send(id, "refused@example.org"), "mail-refused");
}

TEST_F(InstructionsApi, AreWrittenDownAndTheAddressIsNot)
{
    house.useMailServer(mail.ready());
    const std::string id = house.linkedProfile("Mara");
    house.putCodeOut(id);
    EXPECT_EQ(send(id, "mara@example.org"), "");
    EXPECT_EQ(send(id, "refused@example.org"), "mail-refused");
    const auto job = face.call("profiles.printInstructions", {{"id", id}});
    ASSERT_TRUE(job.ok()) << job.error;
    InProcessFace machine(*house.api, 0);
    ASSERT_TRUE(machine.call("session.signIn", {{"method", "machine"}}).ok());
    const json sent = machine.call("audit.list", {{"what", "instructions.sent"}}).result["entries"];
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[1]["outcome"], "ok");
    EXPECT_EQ(sent[1]["subject"], id);
    EXPECT_EQ(sent[0]["outcome"], "mail-refused");
    const json begun = machine.call("audit.list", {{"what", "job.begun"}}).result["entries"];
    ASSERT_EQ(begun.size(), 1U);
    EXPECT_EQ(begun[0]["subject"], job.result["job"]["id"]);
    EXPECT_EQ(dumpLine(machine.call("audit.list").result).find("example.org"), std::string::npos);
}

TEST_F(InstructionsApi, OfAStrangersPendingProfileAreBehindItsPinAndWithoutACodeThereAreNone)
{
    const std::string linked = house.linkedProfile("Mara");
    InProcessFace owner(*house.api);
    const std::string pending =
        owner.call("profiles.create", {{"provider", "dropbox"}, {"name", "New"}, {"pin", "1234"}})
            .result["profile"]["id"];
    for (const char *method : {"profiles.sendInstructions", "profiles.printInstructions"}) {
        EXPECT_EQ(face.call(method, {{"id", linked}, {"to", "a@b"}}).code(), "no-authorization");
        EXPECT_EQ(face.call(method, {{"id", pending}, {"to", "a@b"}}).code(), "pin-required");
        EXPECT_EQ(face.call(method,
                            {{"id", house.linkedProfile(std::string("Hers ") + method, "", "somebody")}, {"to", "a@b"}})
                      .code(),
                  "profile-gone");
    }
}

TEST_F(InstructionsApi, ArePrintedAsOnePageWhoseCodeAPhoneReads)
{
    for (const char *language : {"en", "fr"}) {
        ASSERT_TRUE(face.call("settings.set", {{"language", language}}).ok());
        const std::string id = house.linkedProfile(std::string("Mara ") + language);
        house.putCodeOut(id);
        ASSERT_TRUE(face.call("events.subscribe").ok());
        auto job = face.call("profiles.printInstructions", {{"id", id}, {"key", language}});
        ASSERT_TRUE(job.ok()) << job.error;
        const auto again = face.call("profiles.printInstructions", {{"id", id}, {"key", language}});
        EXPECT_EQ(again.result["job"]["id"], job.result["job"]["id"]) << "two taps are one page";
        const std::string jobId = job.result["job"]["id"];
        ASSERT_TRUE(face.waitForEvent([&](const json &event) {
            return event["type"] == "job.changed" && event["data"]["id"] == jobId &&
                   event["data"]["state"] == "completed";
        }));
        ASSERT_TRUE(face.call("profiles.open", {{"id", id}}).ok());
        EXPECT_EQ(face.call("jobs.again", {{"id", jobId}}).code(), "unsupported");
        const std::filesystem::path paper =
            house.folder / ("printer/" + std::string(language[0] == 'e' ? "1" : "2") + ".pdf");
        const std::string picture = house.folder / language;
        ASSERT_EQ(std::system(("pdftoppm -r 150 -png -singlefile " + paper.string() + " " + picture).c_str()), 0);
        EXPECT_EQ(std::system(("zbarimg -q --raw " + picture +
                               ".png 2>/dev/null | grep -qx "
                               "'https://portal.example.org/?code=WDJB-MJHT-KQPR'")
                                  .c_str()),
                  0);
        const std::string words = language == std::string("en") ? "Valid until" : "Valable jusqu’au";
        for (const std::string &what :
             {words, std::string("WDJB-MJHT-KQPR"), std::string("Printer in the library, Ground floor"),
              std::string("https://portal.example.org"), std::string("Mara")})
            EXPECT_EQ(std::system(("pdftotext " + paper.string() + " - | grep -q \"" + what + "\"").c_str()), 0)
                << what;
        EXPECT_EQ(std::system(("pdfinfo " + paper.string() + " | grep -q 'Pages: *1$'").c_str()), 0);
    }
}

// A page's words, its line breaks taken for spaces.
std::string wordsOn(const std::string &page, const TempFolder &folder)
{
    const std::string paper = folder / "page.pdf";
    const std::string text = folder / "page.txt";
    EXPECT_TRUE(writeFileDurably(paper, page));
    EXPECT_EQ(std::system(("pdftotext -raw " + paper + " - | tr '\\n' ' ' > " + text).c_str()), 0);
    const auto words = readFile(text, 1 << 20);
    return words ? *words : "";
}

TEST_F(InstructionsApi, APrintedPageDoesNotLeaveOutANameThatItsFontsLackWithoutSayingSo)
{
    Instructions sheet;
    sheet.cloud = "Dropbox";
    sheet.uri = "https://portal.example.org";
    sheet.uriComplete = "https://portal.example.org/?code=WDJB-MJHT-KQPR";
    sheet.userCode = "WDJB-MJHT-KQPR";
    struct Case {
        std::string language, printer, place, profile;
        std::vector<std::string> told, notTold;
    };
    for (const Case &one : {
             Case{"en",
                  "Library",
                  "Ground floor",
                  "Zoë",
                  {"names this printer.", "Library, Ground floor", "Zoë"},
                  {"cannot be printed here", "you took this sheet from"}},
             Case{"en",
                  "Library",
                  "Отдел",
                  "Zoë",
                  {"names this printer.", "Library", "Zoë"},
                  {"cannot be printed here", "?????"}},
             Case{"en",
                  "Читальный зал",
                  "Ground floor",
                  "Zoë",
                  {"you took this sheet from.", "Printer The name has letters that cannot be printed here.", "Zoë"},
                  {"names this printer.", "Ground floor"}},
             Case{"fr",
                  "図書館",
                  "",
                  "Łucja",
                  {"l’imprimante d’où vient cette feuille.",
                   "Imprimante Le nom a des lettres qui ne peuvent pas être imprimées ici.",
                   "Profil Le nom a des lettres"},
                  {"nomme bien cette imprimante."}},
         }) {
        sheet.language = one.language;
        sheet.device = {"id", one.printer, one.place};
        sheet.profile = one.profile;
        const std::string page = wordsOn(pageOf(sheet, 595, 842), house.folder);
        for (const std::string &words : one.told)
            EXPECT_NE(page.find(words), std::string::npos) << words << " in: " << page;
        for (const std::string &words : one.notTold)
            EXPECT_EQ(page.find(words), std::string::npos) << words << " in: " << page;
    }
}

TEST_F(InstructionsApi, TheMailServerIsTheAdministratorsToKnowAndItsPasswordNobodys)
{
    EXPECT_EQ(face.call("settings.set", {{"mail", {{"server", "evil.example.org"}}}}).code(), "not-allowed");
    house.useMailServer(mail.ready());
    EXPECT_FALSE(face.call("settings.get").result.contains("mail"));
    house.actor.ask([&] {
        for (const json &bad : {json{{"port", 0}}, json{{"security", "ssl"}}, json{{"server", "a b"}},
                                json{{"server", "a/b"}}, json{{"from", "a\r\nb"}}, json{{"odd", 1}}, json("x")})
            EXPECT_FALSE(house.settings.change({{"mail", bad}})) << bad;
    });
    std::string everything;
    for (const auto &file : std::filesystem::directory_iterator(house.folder.path()))
        if (file.is_regular_file())
            everything += *readFile(file.path(), 16 << 20);
    EXPECT_EQ(everything.find(mail.ready().at("password").get<std::string>()), std::string::npos);
}

} // namespace
} // namespace connector::test
