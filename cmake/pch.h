// SPDX-License-Identifier: Apache-2.0
// The precompiled header of the Qt-free targets.
#pragma once
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

// What every file that uses JSON would otherwise compile again; pch_once.cpp has it, by the same list.
#ifndef CONNECTOR_PCH_HERE
#define CONNECTOR_PCH_HERE extern
#endif
CONNECTOR_PCH_HERE template class std::map<std::string, nlohmann::json, std::less<>>;
CONNECTOR_PCH_HERE template class std::vector<nlohmann::json>;
CONNECTOR_PCH_HERE template class nlohmann::detail::serializer<nlohmann::json>;
CONNECTOR_PCH_HERE template class nlohmann::basic_json<>;
#define CONNECTOR_PCH_PARSE(Text)                                                                                      \
    CONNECTOR_PCH_HERE template nlohmann::json nlohmann::json::parse(Text, const nlohmann::json::parser_callback_t,    \
                                                                     const bool, const bool)
CONNECTOR_PCH_PARSE(std::string &);
CONNECTOR_PCH_PARSE(std::string &&);
CONNECTOR_PCH_PARSE(const std::string &);
CONNECTOR_PCH_PARSE(std::string_view &);
CONNECTOR_PCH_PARSE(std::string_view &&);
CONNECTOR_PCH_PARSE(const std::string_view &);
