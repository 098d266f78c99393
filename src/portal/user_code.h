// SPDX-License-Identifier: Apache-2.0
// The code that people carry from a printer's panel to the portal: RFC 8628's twenty consonants, in groups.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace connector::portal {

// No vowels (no words), no digits, no look-alikes.
constexpr std::string_view kUserCodeAlphabet = "BCDFGHJKLMNPQRSTVWXZ";
// docs/portal-protocol.md has the arithmetic behind the length; a test repeats it.
constexpr std::size_t kUserCodeLetters = 15;
constexpr std::size_t kUserCodeGroup = 5;

std::string makeUserCode();                        // "BCDFGHJKLMNPQRS"
std::string formatUserCode(std::string_view code); // "BCDFG-HJKLM-NPQRS"
// What somebody typed, as makeUserCode() writes it: any case, spaces, hyphens and dots anywhere. "" when it cannot be a
// code (another letter, another length).
std::string normalizeUserCode(std::string_view typed);

} // namespace connector::portal
