// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"

#include <sodium.h>

#include <cctype>

namespace connector {

namespace {

std::string encode64(std::string_view bytes, int variant)
{
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), static_cast<unsigned>(variant)), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size(),
                      variant);
    out.pop_back(); // the terminating NUL
    return out;
}

Result<std::string> decode64(std::string_view text, int variant)
{
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    std::string out(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const char *end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char *>(out.data()), out.size(), text.data(), text.size(), nullptr,
                          &size, &end, variant) != 0 ||
        end != text.data() + text.size())
        return Error{Errc::InvalidArgument, "not base64"};
    out.resize(size);
    return out;
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// Length of the well-formed sequence at the start of text, 0 if there is none (Unicode 15, table 3-7).
std::size_t utf8Sequence(std::string_view text)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto tail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
        return i < text.size() && at(i) >= low && at(i) <= high;
    };
    const unsigned lead = at(0);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return tail(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF)
        return tail(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && tail(2) ? 3 : 0;
    if (lead >= 0xF0 && lead <= 0xF4)
        return tail(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && tail(2) && tail(3) ? 4 : 0;
    return 0;
}

} // namespace

std::string toHex(std::string_view bytes)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4U];
        out += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

Result<std::string> fromHex(std::string_view text)
{
    if (text.size() % 2 != 0)
        return Error{Errc::InvalidArgument, "not hexadecimal"};
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hexDigit(text[i]);
        const int low = hexDigit(text[i + 1]);
        if (high < 0 || low < 0)
            return Error{Errc::InvalidArgument, "not hexadecimal"};
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

std::string toBase64(std::string_view bytes)
{
    return encode64(bytes, sodium_base64_VARIANT_ORIGINAL);
}

std::string toBase64Url(std::string_view bytes)
{
    return encode64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

Result<std::string> fromBase64(std::string_view text)
{
    return decode64(text, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

Result<std::string> fromBase64Url(std::string_view text)
{
    return decode64(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string percentEncode(std::string_view text)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if ((u < 0x80 && std::isalnum(u) != 0) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += kDigits[u >> 4U];
            out += kDigits[u & 15U];
        }
    }
    return out;
}

std::string percentDecode(std::string_view text, bool plusIsSpace)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
            out += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            out += plusIsSpace && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t n = utf8Sequence(text);
        if (n == 0)
            return false;
        text.remove_prefix(n);
    }
    return true;
}

std::string makeUtf8(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t n = utf8Sequence(text);
        out += n == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, n);
        text.remove_prefix(n == 0 ? 1 : n);
    }
    return out;
}

std::string toLowerAscii(std::string_view text)
{
    std::string out(text);
    for (char &c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

} // namespace connector
