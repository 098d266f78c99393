// SPDX-License-Identifier: Apache-2.0
#include "print/printer.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace connector {

namespace {

Error refused(std::string attribute, std::string message)
{
    return Error{.code = Errc::InvalidArgument,
                 .message = std::move(message),
                 .origin = "ticket",
                 .nativeCode = std::move(attribute),
                 .stable = "ticket-refused"};
}

bool has(const std::vector<std::string> &words, const std::string &word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

// A whole number from the front of the text.
bool takeNumber(std::string_view &text, int &number)
{
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || number < 1)
        return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

} // namespace

std::string_view toString(PrinterState state) noexcept
{
    switch (state) {
    case PrinterState::Idle:
        return "idle";
    case PrinterState::Processing:
        return "processing";
    case PrinterState::Stopped:
        return "stopped";
    case PrinterState::Unreachable:
        return "unreachable";
    }
    return "unreachable";
}

std::string_view toString(PrinterJobPhase phase) noexcept
{
    switch (phase) {
    case PrinterJobPhase::Pending:
        return "pending";
    case PrinterJobPhase::PendingHeld:
        return "pending-held";
    case PrinterJobPhase::Processing:
        return "processing";
    case PrinterJobPhase::ProcessingStopped:
        return "processing-stopped";
    case PrinterJobPhase::Canceled:
        return "canceled";
    case PrinterJobPhase::Aborted:
        return "aborted";
    case PrinterJobPhase::Completed:
        return "completed";
    }
    return "aborted";
}

std::vector<std::string> PrinterStatus::keywords() const
{
    std::vector<std::string> words;
    for (const PrinterReason &reason : reasons)
        if (reason.severity != PrinterReason::Severity::Report && !has(words, reason.keyword))
            words.push_back(reason.keyword);
    return words;
}

bool JobRef::incoming() const
{
    return !isOver(state.phase) && (has(state.reasons, "job-incoming") || has(state.reasons, "job-data-insufficient"));
}

Result<std::vector<PageRange>> parsePageRanges(std::string_view text)
{
    const Error bad = refused("page-ranges", "not a list of page ranges");
    std::vector<PageRange> ranges;
    std::string compact;
    for (const char c : text)
        if (c != ' ')
            compact += c;
    std::string_view rest = compact;
    while (!rest.empty()) {
        PageRange range;
        if (!takeNumber(rest, range.first))
            return bad;
        range.last = range.first;
        if (!rest.empty() && rest.front() == '-') {
            rest.remove_prefix(1);
            if (rest.empty() || rest.front() == ',')
                range.last = std::numeric_limits<int>::max();
            else if (!takeNumber(rest, range.last))
                return bad;
        }
        if (range.last < range.first || (!ranges.empty() && range.first <= ranges.back().last))
            return bad;
        ranges.push_back(range);
        if (rest.empty())
            break;
        if (rest.front() != ',' || rest.size() == 1)
            return bad;
        rest.remove_prefix(1);
    }
    return ranges;
}

std::string formatPageRanges(const std::vector<PageRange> &ranges)
{
    std::string text;
    for (const PageRange &range : ranges) {
        if (!text.empty())
            text += ',';
        text += std::to_string(range.first);
        if (range.last == std::numeric_limits<int>::max())
            text += '-';
        else if (range.last != range.first)
            text += "-" + std::to_string(range.last);
    }
    return text;
}

Result<void> validateTicket(const Ticket &ticket, const PrinterCapabilities &capabilities)
{
    if (ticket.copies < 1 || ticket.copies > std::max(1, capabilities.maxCopies))
        return refused("copies", "the printer cannot make so many copies");
    if (!ticket.colorMode.empty() && !has(capabilities.colorModes, ticket.colorMode))
        return refused("print-color-mode", "the printer does not have this colour mode");
    if (!ticket.sides.empty() && !has(capabilities.sides, ticket.sides))
        return refused("sides", "the printer cannot print on these sides");
    if (!ticket.media.empty() && !has(capabilities.media, ticket.media))
        return refused("media", "the printer does not have this paper");
    if (!ticket.quality.empty() && !has(capabilities.qualities, ticket.quality))
        return refused("print-quality", "the printer does not have this quality");
    if (!ticket.scaling.empty() && !has(capabilities.scalings, ticket.scaling))
        return refused("print-scaling", "the printer does not have this scaling");
    if (!ticket.orientation.empty()) {
        const std::vector<std::string> known{"portrait", "landscape", "reverse-landscape", "reverse-portrait"};
        if (!has(known, ticket.orientation) || !capabilities.orientation)
            return refused("orientation-requested", "the printer cannot turn the page so");
    }
    if (!ticket.documentFormat.empty() && !has(capabilities.formats, ticket.documentFormat))
        return Error{.code = Errc::Unsupported,
                     .message = "the printer does not take this format",
                     .origin = "ticket",
                     .nativeCode = "document-format",
                     .stable = "format-unsupported"};
    return {};
}

} // namespace connector
