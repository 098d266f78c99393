// SPDX-License-Identifier: Apache-2.0
// Mails to a real mail server (aiosmtpd): plain, STARTTLS and TLS, signed in, refused, unreachable.
#include "core/encoding.h"
#include "core/files.h"
#include "http/smtp.h"
#include "tests/support/ready_program.h"

#include <gtest/gtest.h>

namespace connector::test {
namespace {

class MailDoor : public ::testing::TestWithParam<const char *> {
protected:
    ReadyProgram program{{"tests/support/mail-server", GetParam()}};
    MailServer server()
    {
        MailServer s;
        s.host = "127.0.0.1";
        s.port = program.ready().at("port");
        s.security = GetParam() == std::string("tls")     ? MailServer::Security::Tls
                     : GetParam() == std::string("plain") ? MailServer::Security::None
                                                          : MailServer::Security::StartTls;
        s.user = program.ready().at("user");
        s.password = program.ready().at("password");
        s.from = "printer@example.org";
        s.fromName = "Drucker im Büro";
        s.extraCaFile = program.ready().at("ca");
        return s;
    }
    std::string mail(int number)
    {
        auto text = readFile(
            std::filesystem::path(program.ready().at("mails").get<std::string>()) / std::to_string(number), 1 << 20);
        return text ? *text : "";
    }
    static std::string stable(const Result<void> &r) { return r ? "" : stableCode(r.error()); }
};

TEST_P(MailDoor, AMailArrivesAsItWasWritten)
{
    const Mail mail{"mara.lind@example.org",
                    "Zugang für Ihr Konto – Drucker im ganz langen Flur des dritten Stockwerks",
                    "Grüße\n.\nEine Zeile mit einem Punkt\n"};
    ASSERT_EQ(stable(sendMail(server(), mail, fromUnix(1'790'000'000), {})), "");
    const std::string got = this->mail(1);
    const auto envelope = nlohmann::json::parse(got.substr(0, got.find('\n')));
    EXPECT_EQ(envelope["from"], "printer@example.org");
    EXPECT_EQ(envelope["to"], nlohmann::json({"mara.lind@example.org"}));
    EXPECT_EQ(envelope["secure"], GetParam() != std::string("plain"));
    EXPECT_NE(got.find("\r\nTo: <mara.lind@example.org>\r\n"), std::string::npos);
    EXPECT_NE(got.find("Date: Mon, 21 Sep 2026 14:13:20 +0000\r\n"), std::string::npos) << got;
    std::string body = got.substr(got.find("\r\n\r\n") + 4);
    std::erase_if(body, [](char c) { return c == '\r' || c == '\n'; });
    EXPECT_EQ(*fromBase64(body), "Grüße\r\n.\r\nEine Zeile mit einem Punkt\r\n");
}

TEST_P(MailDoor, WhatAServerRefusesIsNamed)
{
    const auto to = [&](const std::string &address) { return stable(sendMail(server(), {address, "s", "t"}, {}, {})); };
    EXPECT_EQ(to("refused@example.org"), "mail-refused");
    EXPECT_EQ(to("later@example.org"), "mail-unreachable");
    EXPECT_EQ(to("mara@example.org\r\nBcc: all@example.org"), "mail-address-invalid");
    MailServer wrong = server();
    wrong.password = "wrong";
    if (GetParam() != std::string("plain")) { // curl does not sign in where the server did not offer it
        EXPECT_EQ(stable(sendMail(wrong, {"mara@example.org", "s", "t"}, {}, {})), "mail-sign-in-refused");
        wrong = server();
        wrong.user.clear();
        EXPECT_EQ(stable(sendMail(wrong, {"mara@example.org", "s", "t"}, {}, {})), "mail-sign-in-refused");
        wrong = server();
        wrong.extraCaFile.clear();
        EXPECT_EQ(stable(sendMail(wrong, {"mara@example.org", "s", "t"}, {}, {})), "tls-failed");
    } else {
        wrong.security = MailServer::Security::StartTls;
        EXPECT_EQ(stable(sendMail(wrong, {"mara@example.org", "s", "t"}, {}, {})), "tls-failed")
            << "no password to a server that cannot keep it secret";
    }
    EXPECT_EQ(mail(1), "");
}

TEST_P(MailDoor, AServerThatIsGoneIsNamedAndACallThatIsStoppedEndsAtOnce)
{
    MailServer gone = server();
    gone.port = 1;
    EXPECT_EQ(stable(sendMail(gone, {"mara@example.org", "s", "t"}, {}, {})), "mail-unreachable");
    std::stop_source stop;
    stop.request_stop();
    Call call;
    call.stop = stop.get_token();
    const auto r = sendMail(server(), {"mara@example.org", "s", "t"}, {}, call);
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code, Errc::Cancelled);
}

INSTANTIATE_TEST_SUITE_P(All, MailDoor, ::testing::Values("plain", "starttls", "tls"),
                         [](const auto &mode) { return std::string(mode.param); });

TEST(MailAddress, OnlyOnePlainMailboxPasses)
{
    for (const char *good :
         {"a@b", "mara.lind@example.org", "o'neil+print@sub.example-2.org", "x@xn--bcher-kva.example"})
        EXPECT_TRUE(isMailAddress(good)) << good;
    for (const char *bad :
         {"",       "a",       "@b",    "a@",          "a@b@c", "a b@c",  "a@b c",  "a@b\n", "a@b\r\nBcc: c@d",
          "<a@b>",  "a@b,c@d", "a@b;c", "\"a\"@b",     "a@.b",  "a@b.",   "a@b..c", ".a@b",  "a.@b",
          "a..b@c", "a@-b",    "a@b-",  "a@[1.2.3.4]", "ü@b",   "a@ü.org"})
        EXPECT_FALSE(isMailAddress(bad)) << bad;
    EXPECT_FALSE(isMailAddress(std::string(65, 'a') + "@b"));
    EXPECT_FALSE(isMailAddress("a@" + std::string(64, 'b')));
    EXPECT_FALSE(isMailAddress(std::string("a\0@b", 4)));
}

TEST(MailText, NoFieldStartsAHeaderOfItsOwn)
{
    const std::string mail = composeMail({"a@b", "Hello\r\nBcc: evil@example.org", "text\r\n\r\nX: y"}, "p@example.org",
                                         "Printer\r\nX-Evil: 1\" <x@y>", {});
    EXPECT_EQ(mail.find("Bcc"), std::string::npos);
    EXPECT_EQ(mail.find("X-Evil"), std::string::npos);
    EXPECT_EQ(mail.find("X: y"), std::string::npos);
    for (std::size_t at = 0, end = 0; (end = mail.find("\r\n", at)) != std::string::npos; at = end + 2)
        EXPECT_LE(end - at, 78U);
}

} // namespace
} // namespace connector::test
