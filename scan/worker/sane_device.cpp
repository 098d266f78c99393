// SPDX-License-Identifier: Apache-2.0
#include "scan/worker/sane_device.h"

#include "scan/worker/source_names.h"

#include <sane/saneopts.h>

#include <algorithm>
#include <cstring>

namespace connector::scan_worker {

SaneDevice::SaneDevice(const std::string &name)
{
    m_status = sane_open(name.c_str(), &m_handle);
    if (m_status != SANE_STATUS_GOOD)
        m_handle = nullptr;
}

SaneDevice::~SaneDevice()
{
    if (m_handle)
        sane_close(m_handle);
}

// Looked up anew each time: setting one option may change what the others allow.
SaneDevice::Found SaneDevice::find(const char *option) const
{
    SANE_Int count = 0;
    if (!sane_get_option_descriptor(m_handle, 0) ||
        sane_control_option(m_handle, 0, SANE_ACTION_GET_VALUE, &count, nullptr) != SANE_STATUS_GOOD)
        return {};
    for (SANE_Int i = 1; i < count; ++i)
        if (const SANE_Option_Descriptor *d = sane_get_option_descriptor(m_handle, i);
            d && d->name && std::strcmp(d->name, option) == 0 && SANE_OPTION_IS_ACTIVE(d->cap))
            return {i, d};
    return {};
}

bool SaneDevice::has(const char *option) const
{
    const Found f = find(option);
    return f.descriptor && SANE_OPTION_IS_SETTABLE(f.descriptor->cap);
}

std::vector<std::string> SaneDevice::words(const char *option) const
{
    std::vector<std::string> out;
    const Found f = find(option);
    if (f.descriptor && f.descriptor->type == SANE_TYPE_STRING &&
        f.descriptor->constraint_type == SANE_CONSTRAINT_STRING_LIST)
        for (const SANE_String_Const *s = f.descriptor->constraint.string_list; s && *s; ++s)
            out.emplace_back(*s);
    return out;
}

std::optional<std::string> SaneDevice::word(const char *option) const
{
    const Found f = find(option);
    if (!f.descriptor || f.descriptor->type != SANE_TYPE_STRING || f.descriptor->size <= 0)
        return std::nullopt;
    std::string value(static_cast<std::size_t>(f.descriptor->size) + 1, '\0');
    if (sane_control_option(m_handle, f.index, SANE_ACTION_GET_VALUE, value.data(), nullptr) != SANE_STATUS_GOOD)
        return std::nullopt;
    value.resize(std::strlen(value.c_str()));
    return value;
}

namespace {

double plain(const SANE_Option_Descriptor &d, SANE_Word value)
{
    return d.type == SANE_TYPE_FIXED ? SANE_UNFIX(value) : static_cast<double>(value);
}

bool numeric(const SANE_Option_Descriptor *d)
{
    return d && (d->type == SANE_TYPE_INT || d->type == SANE_TYPE_FIXED) && d->size == sizeof(SANE_Word);
}

} // namespace

std::vector<int> SaneDevice::numbers(const char *option) const
{
    std::vector<int> out;
    const Found f = find(option);
    if (numeric(f.descriptor) && f.descriptor->constraint_type == SANE_CONSTRAINT_WORD_LIST)
        for (SANE_Word i = 1; i <= f.descriptor->constraint.word_list[0]; ++i)
            out.push_back(static_cast<int>(plain(*f.descriptor, f.descriptor->constraint.word_list[i]) + 0.5));
    return out;
}

std::optional<std::pair<double, double>> SaneDevice::range(const char *option) const
{
    const Found f = find(option);
    if (!numeric(f.descriptor) || f.descriptor->constraint_type != SANE_CONSTRAINT_RANGE)
        return std::nullopt;
    const SANE_Range &r = *f.descriptor->constraint.range;
    return std::pair{plain(*f.descriptor, r.min), plain(*f.descriptor, r.max)};
}

SANE_Unit SaneDevice::unit(const char *option) const
{
    const Found f = find(option);
    return f.descriptor ? f.descriptor->unit : SANE_UNIT_NONE;
}

bool SaneDevice::setWord(const char *option, const std::string &value)
{
    const Found f = find(option);
    if (!f.descriptor || f.descriptor->type != SANE_TYPE_STRING || !SANE_OPTION_IS_SETTABLE(f.descriptor->cap) ||
        value.size() >= static_cast<std::size_t>(std::max(1, f.descriptor->size)))
        return false;
    std::string buffer = value;
    buffer.resize(static_cast<std::size_t>(f.descriptor->size) + 1, '\0');
    return sane_control_option(m_handle, f.index, SANE_ACTION_SET_VALUE, buffer.data(), nullptr) == SANE_STATUS_GOOD;
}

bool SaneDevice::setNumber(const char *option, double value)
{
    const Found f = find(option);
    if (!numeric(f.descriptor) || !SANE_OPTION_IS_SETTABLE(f.descriptor->cap))
        return false;
    if (const auto limits = range(option))
        value = std::clamp(value, limits->first, limits->second);
    SANE_Word w = f.descriptor->type == SANE_TYPE_FIXED ? SANE_FIX(value) : static_cast<SANE_Word>(value + 0.5);
    return sane_control_option(m_handle, f.index, SANE_ACTION_SET_VALUE, &w, nullptr) == SANE_STATUS_GOOD;
}

bool SaneDevice::setBool(const char *option, bool value)
{
    const Found f = find(option);
    if (!f.descriptor || f.descriptor->type != SANE_TYPE_BOOL || !SANE_OPTION_IS_SETTABLE(f.descriptor->cap))
        return false;
    SANE_Bool b = value ? SANE_TRUE : SANE_FALSE;
    return sane_control_option(m_handle, f.index, SANE_ACTION_SET_VALUE, &b, nullptr) == SANE_STATUS_GOOD;
}

std::optional<double> SaneDevice::number(const char *option) const
{
    const Found f = find(option);
    SANE_Word w = 0;
    if (!numeric(f.descriptor) ||
        sane_control_option(m_handle, f.index, SANE_ACTION_GET_VALUE, &w, nullptr) != SANE_STATUS_GOOD)
        return std::nullopt;
    return plain(*f.descriptor, w);
}

std::vector<SaneDevice::Choice> SaneDevice::sources() const
{
    std::vector<Choice> found;
    const auto add = [&](std::string_view word, std::vector<std::pair<std::string, std::string>> options) {
        for (const Choice &c : found)
            if (c.word == word)
                return;
        found.push_back({std::string(word), std::move(options)});
    };
    std::string feeder;
    for (const std::string &name : words(SANE_NAME_SCAN_SOURCE)) {
        const std::string_view word = sourceWord(name);
        if (word.empty())
            continue;
        if (word == "feeder" && feeder.empty())
            feeder = name;
        add(word, {{SANE_NAME_SCAN_SOURCE, name}});
    }
    if (found.empty()) // nothing to choose
        add("flatbed", {});
    if (!feeder.empty()) { // some have the second side as an option of its own, active once the feeder is chosen
        for (const std::string &name : words("adf-mode"))
            if (sourceWord(name) == "feeder-duplex")
                add("feeder-duplex", {{SANE_NAME_SCAN_SOURCE, feeder}, {"adf-mode", name}});
        if (has("duplex"))
            add("feeder-duplex", {{SANE_NAME_SCAN_SOURCE, feeder}, {"duplex", "true"}});
    }
    const auto order = [](const Choice &c) { return c.word == "flatbed" ? 0 : c.word == "feeder" ? 1 : 2; };
    std::stable_sort(found.begin(), found.end(), [&](const Choice &a, const Choice &b) { return order(a) < order(b); });
    return found;
}

std::vector<SaneDevice::Choice> SaneDevice::modes()
{
    std::vector<Choice> found;
    const auto add = [&](std::string_view word, std::vector<std::pair<std::string, std::string>> options) {
        for (const Choice &c : found)
            if (c.word == word)
                return;
        found.push_back({std::string(word), std::move(options)});
    };
    std::string gray;
    for (const std::string &name : words(SANE_NAME_SCAN_MODE)) {
        const std::string_view word = modeWord(name);
        if (word.empty())
            continue;
        if (word == "gray")
            gray = name;
        add(word, {{SANE_NAME_SCAN_MODE, name}});
    }
    const std::vector<int> depths = numbers(SANE_NAME_BIT_DEPTH);
    const auto deep = [&](int bits) { return std::find(depths.begin(), depths.end(), bits) != depths.end(); };
    for (Choice &c : found)
        if (c.word != "lineart" && !depths.empty())
            c.options.emplace_back(SANE_NAME_BIT_DEPTH, deep(8) ? "8" : "16");
    if (!gray.empty() && deep(1))
        add("lineart", {{SANE_NAME_SCAN_MODE, gray}, {SANE_NAME_BIT_DEPTH, "1"}});
    if (found.empty())
        add("color", {});
    const auto order = [](const Choice &c) { return c.word == "color" ? 0 : c.word == "gray" ? 1 : 2; };
    std::stable_sort(found.begin(), found.end(), [&](const Choice &a, const Choice &b) { return order(a) < order(b); });
    return found;
}

std::vector<int> SaneDevice::resolutions() const
{
    const char *option =
        find(SANE_NAME_SCAN_RESOLUTION).descriptor ? SANE_NAME_SCAN_RESOLUTION : SANE_NAME_SCAN_X_RESOLUTION;
    std::vector<int> out = numbers(option);
    if (const auto limits = range(option))
        for (const int dpi : {75, 100, 150, 200, 300, 400, 600, 1200})
            if (dpi >= limits->first && dpi <= limits->second)
                out.push_back(dpi);
    if (out.empty())
        if (const auto value = number(option))
            out.push_back(static_cast<int>(*value));
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::pair<int, int> SaneDevice::area(int dpi) const
{
    const auto length = [&](const char *option) {
        const auto limits = range(option);
        if (!limits)
            return 0;
        const double span = limits->second - std::min(0.0, limits->first);
        return unit(option) == SANE_UNIT_PIXEL ? static_cast<int>(span * 254 / std::max(1, dpi))
                                               : static_cast<int>(span * 10 + 0.5);
    };
    return {length(SANE_NAME_SCAN_BR_X), length(SANE_NAME_SCAN_BR_Y)};
}

bool SaneDevice::apply(const Choice &choice)
{
    for (const auto &[option, value] : choice.options) {
        const Found f = find(option.c_str());
        bool done = false;
        if (!f.descriptor)
            done = option == SANE_NAME_BIT_DEPTH; // it went away with the mode: there is one depth
        else if (f.descriptor->type == SANE_TYPE_STRING)
            done = setWord(option.c_str(), value);
        else if (f.descriptor->type == SANE_TYPE_BOOL)
            done = setBool(option.c_str(), value == "true");
        else
            done = setNumber(option.c_str(), std::atoi(value.c_str()));
        if (!done)
            return false;
    }
    return true;
}

bool SaneDevice::setResolution(int dpi)
{
    if (has(SANE_NAME_SCAN_RESOLUTION))
        return setNumber(SANE_NAME_SCAN_RESOLUTION, dpi);
    if (has(SANE_NAME_SCAN_X_RESOLUTION)) {
        const bool x = setNumber(SANE_NAME_SCAN_X_RESOLUTION, dpi);
        return (!has(SANE_NAME_SCAN_Y_RESOLUTION) || setNumber(SANE_NAME_SCAN_Y_RESOLUTION, dpi)) && x;
    }
    const auto only = number(SANE_NAME_SCAN_RESOLUTION);
    return !only || static_cast<int>(*only) == dpi;
}

void SaneDevice::setArea(int width, int height, int dpi)
{
    const auto [widest, highest] = area(dpi);
    const auto set = [&](const char *option, int tenths) {
        setNumber(option, unit(option) == SANE_UNIT_PIXEL ? tenths * dpi / 254.0 : tenths / 10.0);
    };
    // Sheet-fed drivers place the area on a page whose size they want to know first.
    if (has("page-width") && width > 0)
        set("page-width", width);
    if (has("page-height") && height > 0)
        set("page-height", height);
    if (has(SANE_NAME_SCAN_TL_X))
        set(SANE_NAME_SCAN_TL_X, 0);
    if (has(SANE_NAME_SCAN_TL_Y))
        set(SANE_NAME_SCAN_TL_Y, 0);
    if (has(SANE_NAME_SCAN_BR_X) && (width > 0 || widest > 0))
        set(SANE_NAME_SCAN_BR_X, width > 0 ? width : widest);
    if (has(SANE_NAME_SCAN_BR_Y) && (height > 0 || highest > 0))
        set(SANE_NAME_SCAN_BR_Y, height > 0 ? height : highest);
}

} // namespace connector::scan_worker
