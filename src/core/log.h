// SPDX-License-Identifier: Apache-2.0
// The log: one line per event on standard error, with time, level and area. Callers pass no secrets.
#pragma once

#include <string_view>

namespace connector::log {

enum class Level { Debug, Info, Warning, Error };

// What is below is not written. Any thread.
void setLevel(Level level);
bool enabled(Level level);

// Json: each line is one object with "time" (RFC 3339), "level", "area" and "message". Before the first line.
enum class Format { Text, Json };
void setFormat(Format format);

void debug(std::string_view area, std::string_view message);
void info(std::string_view area, std::string_view message);
void warning(std::string_view area, std::string_view message);
void error(std::string_view area, std::string_view message);

} // namespace connector::log
