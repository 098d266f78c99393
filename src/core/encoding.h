// SPDX-License-Identifier: Apache-2.0
// Bytes as text: hexadecimal, base64, base64url, percent encoding; and UTF-8 checks.
#pragma once

#include "core/result.h"

#include <span>
#include <string>
#include <string_view>

namespace connector {

std::string toHex(std::string_view bytes);                                  // lower case
Result<std::string> fromHex(std::string_view text);                         // InvalidArgument
std::string toBase64(std::string_view bytes);                               // RFC 4648 section 4, padded
std::string toBase64Url(std::string_view bytes);                            // RFC 4648 section 5, without padding
Result<std::string> fromBase64(std::string_view text);                      // padded or not
Result<std::string> fromBase64Url(std::string_view text);                   // padded or not
std::string percentEncode(std::string_view text);                           // all but RFC 3986's unreserved characters
std::string percentDecode(std::string_view text, bool plusIsSpace = false); // leaves what is malformed as it is
bool isUtf8(std::string_view text);          // well-formed, no surrogates, no overlong forms
std::string makeUtf8(std::string_view text); // U+FFFD in place of what is not UTF-8
std::string toLowerAscii(std::string_view text);

} // namespace connector
