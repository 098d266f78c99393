// SPDX-License-Identifier: Apache-2.0
// Secrets of people as they are typed, checked and brought into the one form in which they are compared.
#pragma once

#include "core/result.h"

#include <string>
#include <string_view>

namespace connector {

// Composed, 8 to 256 bytes; InvalidArgument (stable "password-invalid").
Result<std::string> newPassword(std::string_view typed);
std::string typedPassword(std::string_view typed); // composed, unchecked

// 6 to 8 digits: it finds its person alone, so it must be harder to hit than a PIN that comes with a name;
// InvalidArgument (stable "pin-invalid").
Result<std::string> personPin(std::string_view typed);
// As a reader types it: 4 to 64 letters and digits; spaces go, case does not matter. InvalidArgument (stable
// "card-invalid").
Result<std::string> cardNumber(std::string_view typed);

} // namespace connector
