// SPDX-License-Identifier: Apache-2.0
#include "api/wishes.h"

#include "api/params.h"

namespace connector {

using Json = nlohmann::json;

Result<Ticket> ticketFrom(const Json &j)
{
    Ticket ticket;
    if (!j.is_object())
        return params::bad("ticket", "an object");
    auto copies = params::integer(j, "copies", 1, 1, 999);
    if (!copies)
        return std::move(copies).error();
    ticket.copies = static_cast<int>(*copies);
    std::string ranges;
    const std::pair<const char *, std::string *> words[] = {
        {"colorMode", &ticket.colorMode}, {"sides", &ticket.sides},     {"media", &ticket.media},
        {"quality", &ticket.quality},     {"scaling", &ticket.scaling}, {"orientation", &ticket.orientation},
        {"pageRanges", &ranges}};
    for (const auto &[name, word] : words) {
        auto value = params::text(j, name, "", 255);
        if (!value)
            return std::move(value).error();
        *word = *std::move(value);
    }
    if (!ranges.empty()) {
        auto parsed = parsePageRanges(ranges);
        if (!parsed)
            return std::move(parsed).error();
        ticket.pageRanges = *std::move(parsed);
    }
    return ticket;
}

Result<ScanSettingsWish> scanWishFrom(const Json &j)
{
    if (!j.is_object())
        return params::bad("settings", "an object");
    ScanSettingsWish wish;
    ScanSettings &settings = wish.settings;
    const std::pair<const char *, std::string *> words[] = {
        {"source", &settings.source}, {"colorMode", &settings.colorMode}, {"pageSize", &settings.pageSize}};
    for (const auto &[name, word] : words) {
        auto value = params::text(j, name, "", 64);
        if (!value)
            return std::move(value).error();
        *word = *std::move(value);
    }
    auto resolution = params::integer(j, "resolution", 0, 0, 9600);
    if (!resolution)
        return std::move(resolution).error();
    settings.resolution = static_cast<int>(*resolution);
    if (const auto format = params::text(j, "format", "pdf", 16); !format || *format != "pdf")
        return params::bad("format", "pdf");
    auto pages = params::text(j, "pages", "one", 16);
    if (!pages || (*pages != "one" && *pages != "many"))
        return params::bad("pages", "one or many");
    wish.manyPages = *pages == "many";
    return wish;
}

} // namespace connector
