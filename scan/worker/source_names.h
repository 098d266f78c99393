// SPDX-License-Identifier: Apache-2.0
// What the many SANE drivers call their sources and modes, in the product's words. Pure; header only.
#pragma once

#include <string>
#include <string_view>

namespace connector::scan_worker {

inline std::string simplified(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out += c;
        else if (c >= 'A' && c <= 'Z')
            out += static_cast<char>(c - 'A' + 'a');
    return out;
}

// "flatbed", "feeder", "feeder-duplex", or "" for what is none of them (a film holder, the back side alone).
inline std::string_view sourceWord(std::string_view name)
{
    const std::string s = simplified(name);
    const auto has = [&](std::string_view part) { return s.find(part) != std::string::npos; };
    const bool feeder = has("adf") || has("feed") || has("automaticdocument");
    if (has("transparen") || has("negative") || has("slide") || has("film") || has("tpu"))
        return "";
    if (has("duplex") || has("bothsides") || has("frontandback") || has("doublesided") || has("2sided") ||
        has("twosided"))
        return "feeder-duplex";
    if (has("back") || has("rear"))
        return "";
    if (feeder)
        return "feeder";
    if (has("flatbed") || has("platen") || has("glass") || has("normal") || s == "fb")
        return "flatbed";
    return "";
}

// "color", "gray", "lineart", or "".
inline std::string_view modeWord(std::string_view name)
{
    const std::string s = simplified(name);
    const auto has = [&](std::string_view part) { return s.find(part) != std::string::npos; };
    if (has("halftone") || has("dither") || has("diffusion") || has("infrared"))
        return "";
    if (has("lineart") || has("blackwhite") || has("blackandwhite") || has("binary") || has("mono") || has("bilevel") ||
        has("text") || s == "bw")
        return "lineart";
    if (has("gray") || has("grey"))
        return "gray";
    if (has("colo") || has("rgb"))
        return "color";
    return "";
}

} // namespace connector::scan_worker
