// SPDX-License-Identifier: Apache-2.0
#include "core/name.h"

#include "core/encoding.h"

#include <cstdlib>
#include <memory>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <vector>

namespace connector {

namespace {

constexpr std::size_t kLongestBytes = 4096;
constexpr ucs4_t kZeroWidthNonJoiner = 0x200C; // Persian and the like write with these two, and emoji are made of them
constexpr ucs4_t kZeroWidthJoiner = 0x200D;

const std::uint8_t *bytesOf(std::string_view text)
{
    return reinterpret_cast<const std::uint8_t *>(text.data());
}

std::string owned(std::uint8_t *bytes, std::size_t size)
{
    const std::unique_ptr<std::uint8_t, void (*)(void *)> keep(bytes, std::free);
    return bytes == nullptr ? std::string() : std::string(reinterpret_cast<char *>(bytes), size);
}

std::string folded(std::string_view text)
{
    std::size_t size = 0;
    std::uint8_t *const out = u8_casefold(bytesOf(text), text.size(), "", UNINORM_NFKC, nullptr, &size);
    return owned(out, size);
}

std::vector<ucs4_t> lettersOf(std::string_view utf8)
{
    std::vector<ucs4_t> letters;
    const std::uint8_t *at = bytesOf(utf8);
    for (std::size_t left = utf8.size(); left > 0;) {
        ucs4_t letter = 0;
        const int n = u8_mbtouc(&letter, at, left);
        letters.push_back(letter);
        at += n;
        left -= static_cast<std::size_t>(n);
    }
    return letters;
}

void append(std::string &out, ucs4_t letter)
{
    std::uint8_t bytes[6];
    const int n = u8_uctomb(bytes, letter, sizeof bytes);
    if (n > 0)
        out.append(reinterpret_cast<char *>(bytes), static_cast<std::size_t>(n));
}

bool isSpace(ucs4_t letter)
{
    return letter == ' ' || uc_is_general_category(letter, UC_SPACE_SEPARATOR);
}

bool mayStand(ucs4_t letter)
{
    if (letter == kZeroWidthNonJoiner || letter == kZeroWidthJoiner)
        return true;
    // Tag characters (category Cf) make the flags of some countries, but hide whole texts too.
    return !uc_is_general_category_withtable(letter, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cs |
                                                         UC_CATEGORY_MASK_Co | UC_CATEGORY_MASK_Zl |
                                                         UC_CATEGORY_MASK_Zp);
}

} // namespace

Result<std::string> checkedName(std::string_view name, std::size_t longest)
{
    const Error refused{Errc::InvalidArgument, "not a name", "profiles", {}, 0, {}, "name-invalid"};
    if (name.size() > kLongestBytes || !isUtf8(name))
        return refused;
    std::string out;
    std::size_t count = 0;
    bool space = false;
    for (const ucs4_t letter : lettersOf(composed(name))) {
        if (isSpace(letter)) {
            space = true;
            continue;
        }
        if (!mayStand(letter))
            return refused;
        if (space && !out.empty()) {
            out += ' ';
            ++count;
        }
        space = false;
        append(out, letter);
        ++count;
    }
    if (count > longest || nameKey(out).empty())
        return refused;
    return out;
}

std::string nameKey(std::string_view name)
{
    if (name.size() > kLongestBytes || !isUtf8(name))
        return std::string(name);
    std::string out;
    bool space = false;
    // Folded twice: also what the compatibility forms made of it.
    for (const ucs4_t letter : lettersOf(folded(folded(name)))) {
        if (uc_is_property_default_ignorable_code_point(letter))
            continue;
        if (isSpace(letter)) {
            space = true;
            continue;
        }
        if (space && !out.empty())
            out += ' ';
        space = false;
        append(out, letter);
    }
    return out;
}

std::string composed(std::string_view text)
{
    std::size_t size = 0;
    std::uint8_t *const out = u8_normalize(UNINORM_NFC, bytesOf(text), text.size(), nullptr, &size);
    return owned(out, size);
}

} // namespace connector
