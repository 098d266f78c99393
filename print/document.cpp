// SPDX-License-Identifier: Apache-2.0
#include "print/document.h"

#include "core/encoding.h"
#include "core/log.h"
#include "core/process.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace connector {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kWorkLimit = 60s;

Error damaged(std::string native)
{
    return Error{.code = Errc::DataLoss,
                 .message = "the document is damaged",
                 .origin = "render",
                 .nativeCode = std::move(native),
                 .stable = "document-damaged"};
}

Error errorFrom(const json &said)
{
    const auto text = [&](const char *key) {
        const auto at = said.find(key);
        return at != said.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    Error error{.code = Errc::BadReply, .message = text("message"), .origin = "render", .stable = text("code")};
    if (error.stable == "document-damaged")
        error.code = Errc::DataLoss;
    else if (error.stable == "document-encrypted" || error.stable == "format-unsupported")
        error.code = Errc::Unsupported;
    else if (error.stable == "ticket-refused")
        error.code = Errc::InvalidArgument;
    else if (error.stable == "disk-full")
        error.code = Errc::LocalIo;
    else {
        error.stable.clear();
        error.code = Errc::LocalIo;
    }
    return error;
}

double number(const json &object, const char *key)
{
    const auto at = object.find(key);
    return at != object.end() && at->is_number() ? at->get<double>() : 0;
}

bool truth(const json &object, const char *key)
{
    const auto at = object.find(key);
    return at != object.end() && at->is_boolean() && at->get<bool>();
}

std::string decimal(double value) // whatever the locale
{
    const auto hundredths = static_cast<long>(std::lround(value * 100));
    return std::to_string(hundredths / 100) + "." + std::to_string(hundredths % 100 + 100).substr(1);
}

} // namespace

PaperSize paperSizeOf(std::string_view media)
{
    // The last part: "210x297mm", "8.5x11in".
    const std::string_view size = media.substr(media.rfind('_') + 1); // npos + 1 is 0
    const double unit = size.ends_with("mm") ? 72 / 25.4 : size.ends_with("in") ? 72 : 0;
    const std::size_t x = size.find('x');
    if (unit == 0 || x == std::string_view::npos)
        return {};
    const auto value = [](std::string_view digits) {
        double v = 0;
        double scale = 0;
        for (const char c : digits) {
            if (c == '.' && scale == 0) {
                scale = 1;
            } else if (c >= '0' && c <= '9') {
                v = v * 10 + (c - '0');
                scale *= 10;
            } else {
                return 0.0;
            }
        }
        return scale > 1 ? v / scale : v;
    };
    const PaperSize paper{value(size.substr(0, x)) * unit, value(size.substr(x + 1, size.size() - x - 3)) * unit};
    if (paper.width < 36 || paper.height < 36 || paper.width > 14400 || paper.height > 14400)
        return {};
    return paper;
}

Result<DocumentInfo> RenderWorker::inspectPdf(const std::filesystem::path &file, const Call &call) const
{
    return run({"inspect", file.string()}, call);
}

Result<DocumentInfo> RenderWorker::subsetPdf(const std::filesystem::path &file, const std::filesystem::path &out,
                                             const std::vector<PageRange> &ranges, const Call &call) const
{
    return run({"subset", file.string(), out.string(), formatPageRanges(ranges)}, call);
}

Result<DocumentInfo> RenderWorker::toPdf(const std::filesystem::path &file, const std::string &format,
                                         const std::filesystem::path &out, const PaperSize &paper,
                                         const Call &call) const
{
    const char *command = format == "text/plain" ? "wrap-text" : "wrap-image";
    return run({command, file.string(), out.string(), decimal(paper.width), decimal(paper.height)}, call);
}

Result<DocumentInfo> RenderWorker::run(std::vector<std::string> arguments, const Call &call) const
{
    ProcessSpec spec;
    spec.command = std::move(arguments);
    spec.command.insert(spec.command.begin(), m_program.string());
    spec.environment = {"LC_ALL=C"};
    json said;
    const Result<int> ended = runProcess(
        spec, [&](std::string_view line) { said = json::parse(line, nullptr, false); }, call.within(kWorkLimit));
    if (!ended) {
        // It crashed, or took too long while the caller would have waited on: that is the document's doing.
        if (ended.error().code == Errc::Unavailable)
            return damaged(ended.error().nativeCode);
        if (ended.error().code == Errc::Timeout && call.poll())
            return damaged("timeout");
        return ended.error();
    }
    if (!said.is_object())
        return damaged("exit " + std::to_string(*ended));
    if (*ended != 0 || said.contains("code"))
        return errorFrom(said);
    DocumentInfo info;
    info.pages = static_cast<int>(std::clamp(number(said, "pages"), 0.0, 1e6));
    info.encrypted = truth(said, "encrypted");
    info.repaired = truth(said, "repaired");
    info.width = number(said, "width");
    info.height = number(said, "height");
    if (info.pages == 0)
        return damaged("no pages");
    return info;
}

std::string formatOfName(std::string_view fileName)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kFormats{{{"pdf", "application/pdf"},
                                                                                             {"jpg", "image/jpeg"},
                                                                                             {"jpeg", "image/jpeg"},
                                                                                             {"png", "image/png"},
                                                                                             {"txt", "text/plain"},
                                                                                             {"text", "text/plain"},
                                                                                             {"log", "text/plain"},
                                                                                             {"gif", "image/gif"},
                                                                                             {"bmp", "image/bmp"},
                                                                                             {"tif", "image/tiff"},
                                                                                             {"tiff", "image/tiff"}}};
    const std::size_t dot = fileName.rfind('.');
    if (dot == std::string_view::npos)
        return {};
    const std::string extension = toLowerAscii(fileName.substr(dot + 1));
    for (const auto &[known, format] : kFormats)
        if (extension == known)
            return std::string(format);
    return {};
}

Conversion conversionFor(std::string_view format, const std::vector<std::string> &printerFormats)
{
    const auto takes = [&](std::string_view f) {
        return std::find(printerFormats.begin(), printerFormats.end(), f) != printerFormats.end();
    };
    if (format.empty())
        return {};
    // Texts always go through the worker: printers lay them out each in their own way, and few know UTF-8.
    if (format != "text/plain" && takes(format))
        return {Conversion::Route::AsIs, std::string(format)};
    if ((format == "image/jpeg" || format == "image/png" || format == "text/plain") && takes("application/pdf"))
        return {Conversion::Route::ThroughWorker, "application/pdf"};
    return {};
}

} // namespace connector
