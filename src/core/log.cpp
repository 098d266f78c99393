// SPDX-License-Identifier: Apache-2.0
#include "core/log.h"

#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>

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

std::atomic<bool> json = false;

std::string quoted(std::string_view text)
{
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write(spdlog::level::level_enum level, std::string_view area, std::string_view message)
{
    if (!logger().should_log(level))
        return;
    if (json)
        logger().log(level, "\"area\":{},\"message\":{}", quoted(area), quoted(message));
    else
        logger().log(level, "{}: {}", area, message);
}

spdlog::level::level_enum levelOf(Level level)
{
    switch (level) {
    case Level::Debug:
        return spdlog::level::debug;
    case Level::Info:
        return spdlog::level::info;
    case Level::Warning:
        return spdlog::level::warn;
    case Level::Error:
        return spdlog::level::err;
    }
    return spdlog::level::err;
}

} // namespace

void setFormat(Format format)
{
    json = format == Format::Json;
    if (json)
        logger().set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
}

bool enabled(Level level)
{
    return logger().should_log(levelOf(level));
}

void setLevel(Level level)
{
    logger().set_level(levelOf(level));
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
