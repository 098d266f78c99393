// SPDX-License-Identifier: Apache-2.0
#include "portal/user_code.h"

#include "core/random.h"

namespace connector::portal {

std::string makeUserCode()
{
    std::string code;
    for (std::size_t i = 0; i < kUserCodeLetters; ++i)
        code += kUserCodeAlphabet[randomBelow(static_cast<std::uint32_t>(kUserCodeAlphabet.size()))];
    return code;
}

std::string formatUserCode(std::string_view code)
{
    std::string text;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i > 0 && i % kUserCodeGroup == 0)
            text += '-';
        text += code[i];
    }
    return text;
}

std::string normalizeUserCode(std::string_view typed)
{
    if (typed.size() > 200)
        return {};
    // Phones put these in place of a hyphen or a space: en dash, em dash, hyphen, non-breaking hyphen and space.
    static constexpr std::string_view kSeparators[] = {"\xE2\x80\x93",
                                                       "\xE2\x80\x94",
                                                       "\xE2\x80\x90",
                                                       "\xE2\x80\x91",
                                                       "\xC2\xA0",
                                                       " ",
                                                       "\t",
                                                       "\r",
                                                       "\n",
                                                       "-",
                                                       "_",
                                                       "."};
    std::string code;
    while (!typed.empty()) {
        bool separator = false;
        for (const std::string_view s : kSeparators)
            if (typed.starts_with(s)) {
                typed.remove_prefix(s.size());
                separator = true;
                break;
            }
        if (separator)
            continue;
        char c = typed.front();
        typed.remove_prefix(1);
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
        if (kUserCodeAlphabet.find(c) == std::string_view::npos)
            return {};
        code += c;
    }
    return code.size() == kUserCodeLetters ? code : std::string();
}

} // namespace connector::portal
