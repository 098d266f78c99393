// SPDX-License-Identifier: Apache-2.0
#include "core/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace connector::log {

namespace {

spdlog::logger &logger()
{
    static const auto instance = [] {
        auto made = spdlog::stderr_logger_mt("connector");
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%L%$ %v");
        made->flush_on(spdlog::level::debug);
        return made;
    }();
    return *instance;
}

void write(spdlog::level::level_enum level, std::string_view area, std::string_view message)
{
    logger().log(level, "{}: {}", area, message);
}

} // namespace

void setLevel(Level level)
{
    switch (level) {
    case Level::Debug:
        return logger().set_level(spdlog::level::debug);
    case Level::Info:
        return logger().set_level(spdlog::level::info);
    case Level::Warning:
        return logger().set_level(spdlog::level::warn);
    case Level::Error:
        return logger().set_level(spdlog::level::err);
    }
}

void debug(std::string_view area, std::string_view message)
{
    write(spdlog::level::debug, area, message);
}

void info(std::string_view area, std::string_view message)
{
    write(spdlog::level::info, area, message);
}

void warning(std::string_view area, std::string_view message)
{
    write(spdlog::level::warn, area, message);
}

void error(std::string_view area, std::string_view message)
{
    write(spdlog::level::err, area, message);
}

} // namespace connector::log
