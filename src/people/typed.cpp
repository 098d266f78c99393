// SPDX-License-Identifier: Apache-2.0
#include "people/typed.h"

#include "core/encoding.h"
#include "core/name.h"

#include <algorithm>

namespace connector {

namespace {

constexpr std::size_t kLongestTyped = 1024;
constexpr std::size_t kShortestPassword = 8;
constexpr std::size_t kLongestPassword = 256;

Error refused(const char *what, const char *why)
{
    Error error{Errc::InvalidArgument, why, "people"};
    error.stable = what;
    return error;
}

} // namespace

Result<std::string> newPassword(std::string_view typed)
{
    if (!isUtf8(typed) || typed.size() > kLongestTyped)
        return refused("password-invalid", "not a text");
    std::string password = composed(typed);
    if (password.size() < kShortestPassword || password.size() > kLongestPassword)
        return refused("password-invalid", "a password of 8 to 256 bytes");
    return password;
}

std::string typedPassword(std::string_view typed)
{
    return isUtf8(typed) && typed.size() <= kLongestTyped ? composed(typed) : std::string();
}

Result<std::string> personPin(std::string_view typed)
{
    if (typed.size() < 6 || typed.size() > 8 ||
        !std::all_of(typed.begin(), typed.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return refused("pin-invalid", "a PIN of 6 to 8 digits");
    return std::string(typed);
}

Result<std::string> cardNumber(std::string_view typed)
{
    std::string number;
    for (const char c : toLowerAscii(typed))
        if (c != ' ' && c != '\r' && c != '\n' && c != '\t')
            number += c;
    if (number.size() < 4 || number.size() > 64 || !std::all_of(number.begin(), number.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        }))
        return refused("card-invalid", "a card's number has 4 to 64 letters and digits");
    return number;
}

} // namespace connector
