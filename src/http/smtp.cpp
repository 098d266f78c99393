// SPDX-License-Identifier: Apache-2.0
#include "http/smtp.h"

#include "core/encoding.h"
#include "core/random.h"
#include "http/curl_handles.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace connector {

namespace {

constexpr std::size_t kLongestAddress = 254;
constexpr std::size_t kLongestLocal = 64;
constexpr std::size_t kLongestLine = 76;
constexpr std::size_t kWordBytes = 45; // what fits into one encoded word of RFC 2047

Error mailError(Errc code, std::string message, std::string stable, std::string native = {})
{
    return Error{code, std::move(message), "mail", std::move(native), 0, {}, std::move(stable)};
}

bool isAlnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// A header's text: as it is where that is plain, else in encoded words. No line end survives.
std::string headerText(std::string_view utf8)
{
    const bool plain = utf8.size() <= 60 && std::all_of(utf8.begin(), utf8.end(), [](char c) {
                           return isAlnum(c) || c == ' ' || c == '-' || c == '.' || c == '_';
                       });
    if (plain)
        return std::string(utf8);
    std::string out;
    while (!utf8.empty()) {
        std::size_t take = std::min(utf8.size(), kWordBytes);
        while (take < utf8.size() && take > 0 && (static_cast<unsigned char>(utf8[take]) & 0xC0U) == 0x80U)
            --take; // no letter is cut
        if (take == 0)
            take = std::min(utf8.size(), kWordBytes);
        out += (out.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + toBase64(utf8.substr(0, take)) + "?=");
        utf8.remove_prefix(take);
    }
    return out;
}

std::string mailDate(WallTime time)
{
    static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    char out[64];
    std::snprintf(out, sizeof out, "%s, %02u %s %d %02d:%02d:%02d +0000", kDays[std::chrono::weekday{day}.c_encoding()],
                  static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                  static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return out;
}

std::size_t readMessage(char *to, std::size_t size, std::size_t count, void *from)
{
    auto &rest = *static_cast<std::string_view *>(from);
    const std::size_t take = std::min(size * count, rest.size());
    std::memcpy(to, rest.data(), take);
    rest.remove_prefix(take);
    return take;
}

Error failure(CURLcode code, long answer)
{
    const std::string native = std::to_string(static_cast<int>(code)) + "/" + std::to_string(answer);
    switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CACERT_BADFILE:
        return mailError(Errc::Offline, "the connection to the mail server is not secure", "tls-failed", native);
    case CURLE_LOGIN_DENIED:
        return mailError(Errc::PermissionDenied, "the mail server refused user or password", "mail-sign-in-refused",
                         native);
    case CURLE_OPERATION_TIMEDOUT:
        return mailError(Errc::Timeout, "the mail server did not answer in time", "mail-unreachable", native);
    default:
        break;
    }
    if (answer >= 500 && answer < 600)
        return answer == 530 || answer == 535
                   ? mailError(Errc::PermissionDenied, "the mail server wants a sign-in", "mail-sign-in-refused",
                               native)
                   : mailError(Errc::PermissionDenied, "the mail server refused the message", "mail-refused", native);
    if (answer >= 400 && answer < 500)
        return mailError(Errc::Unavailable, "the mail server asks to come later", "mail-unreachable", native);
    return mailError(Errc::Offline, "the mail server cannot be reached", "mail-unreachable", native);
}

// Runs the one transfer; the stop wakes it.
Result<CURLcode> perform(CURLM *multi, CURL *easy, const Call &call)
{
    const std::stop_callback onStop(call.stop, [multi] { curl_multi_wakeup(multi); });
    curl_multi_add_handle(multi, easy);
    Result<CURLcode> outcome = CURLE_OK;
    for (int running = 1; running > 0;) {
        if (auto r = call.poll(); !r) {
            outcome = std::move(r).error();
            break;
        }
        curl_multi_perform(multi, &running);
        if (running > 0)
            curl_multi_poll(multi, nullptr, 0, 500, nullptr);
    }
    int left = 0;
    while (const CURLMsg *message = curl_multi_info_read(multi, &left))
        if (outcome && message->msg == CURLMSG_DONE)
            outcome = message->data.result;
    curl_multi_remove_handle(multi, easy);
    return outcome;
}

} // namespace

bool isMailAddress(std::string_view text)
{
    const auto at = text.find('@');
    if (text.size() > kLongestAddress || at == std::string_view::npos || at == 0 || at > kLongestLocal)
        return false;
    const std::string_view local = text.substr(0, at);
    const std::string_view domain = text.substr(at + 1);
    const auto letter = [](char c) {
        return isAlnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
    };
    if (!std::all_of(local.begin(), local.end(), letter) || local.front() == '.' || local.back() == '.' ||
        local.find("..") != std::string_view::npos)
        return false;
    std::size_t label = 0;
    for (std::size_t i = 0; i < domain.size(); ++i) {
        const char c = domain[i];
        if (c == '.') {
            if (label == 0 || domain[i - 1] == '-')
                return false;
            label = 0;
        } else if ((!isAlnum(c) && (c != '-' || label == 0)) || ++label > 63) {
            return false;
        }
    }
    return label > 0 && domain.back() != '-';
}

std::string composeMail(const Mail &mail, const std::string &from, const std::string &fromName, WallTime date)
{
    const std::string sender = fromName.empty() ? "<" + from + ">" : headerText(fromName) + " <" + from + ">";
    std::string out = "Date: " + mailDate(date) + "\r\nFrom: " + sender + "\r\nTo: <" + mail.to +
                      ">\r\nSubject: " + headerText(mail.subject) + "\r\nMessage-ID: <" + makeUuid() + "@" +
                      from.substr(from.find('@') + 1) +
                      ">\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
                      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    std::string text;
    for (const char c : mail.text)
        text += c == '\n' ? "\r\n" : std::string(1, c);
    const std::string encoded = toBase64(text);
    for (std::size_t at = 0; at < encoded.size(); at += kLongestLine)
        out += encoded.substr(at, kLongestLine) + "\r\n";
    return out;
}

Result<void> sendMail(const MailServer &server, const Mail &mail, WallTime date, const Call &call)
{
    if (!isMailAddress(mail.to) || !isMailAddress(server.from))
        return mailError(Errc::InvalidArgument, "not a mail address", "mail-address-invalid");
    const CurlEasy easy(curl_easy_init());
    const CurlMulti multi(curl_multi_init());
    const CurlList to(curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()));
    if (!easy || !multi || !to)
        return Error{Errc::LocalIo, "no memory for a mail", "mail", {}, 0, {}, "no-memory"};
    CURL *const e = easy.get();
    const bool tls = server.security == MailServer::Security::Tls;
    const std::string host = server.host.find(':') == std::string::npos ? server.host : "[" + server.host + "]";
    const std::string url = std::string(tls ? "smtps://" : "smtp://") + host + ":" + std::to_string(server.port) + "/" +
                            server.from.substr(server.from.find('@') + 1); // what EHLO says
    const std::string message = composeMail(mail, server.from, server.fromName, date);
    std::string_view rest = message;
    curl_easy_setopt(e, CURLOPT_URL, url.c_str());
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, tls ? "smtps" : "smtp");
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(
        e, CURLOPT_USE_SSL,
        static_cast<long>(server.security == MailServer::Security::None ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(e, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!server.extraCaFile.empty())
        curl_easy_setopt(e, CURLOPT_CAINFO, server.extraCaFile.c_str()); // beside CAPATH, the system's own
    if (!server.user.empty()) {
        curl_easy_setopt(e, CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(e, CURLOPT_PASSWORD, server.password.c_str());
    }
    curl_easy_setopt(e, CURLOPT_MAIL_FROM, ("<" + server.from + ">").c_str());
    curl_easy_setopt(e, CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(e, CURLOPT_READFUNCTION, readMessage);
    curl_easy_setopt(e, CURLOPT_READDATA, &rest);
    curl_easy_setopt(e, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, 15L);
    curl_easy_setopt(e, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    const auto outcome = perform(multi.get(), e, call);
    if (!outcome)
        return outcome.error();
    if (*outcome == CURLE_OK)
        return {};
    long answer = 0;
    curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &answer);
    return failure(*outcome, answer);
}

} // namespace connector
