// SPDX-License-Identifier: Apache-2.0
// render-worker: the one program that opens documents from strangers. One command, one JSON document on standard
// output:
// {"pages", "encrypted", "repaired", "width", "height"} of the document read or written, or {"code", "message"}.
//
//   render-worker inspect FILE
//   render-worker subset FILE OUT RANGES              ("" keeps all pages)
//   render-worker wrap-image FILE OUT WIDTH HEIGHT    (JPEG, PNG; the paper in points)
//   render-worker wrap-text FILE OUT WIDTH HEIGHT     (UTF-8)
#include "print/printer.h"
#include "print/render_worker/qpdf.h"
#include "print/render_worker/wrap.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace {

using namespace connector;
using nlohmann::json;

void say(const json &document)
{
    std::puts(document.dump(-1, ' ', false, json::error_handler_t::replace).c_str());
    std::fflush(stdout);
}

void open(QPDF &pdf, const std::string &path)
{
    pdf.setSuppressWarnings(true);
    try {
        pdf.processFile(path.c_str());
    } catch (const QPDFExc &e) {
        if (e.getErrorCode() == qpdf_e_password)
            throw render::Refusal{"document-encrypted", "the document needs a password"};
        throw;
    }
}

json describe(QPDF &pdf)
{
    const std::vector<QPDFPageObjectHelper> pages = QPDFPageDocumentHelper(pdf).getAllPages();
    if (pages.empty())
        throw render::Refusal{"document-damaged", "the document has no pages"};
    double width = 0;
    double height = 0;
    QPDFPageObjectHelper first = pages.front();
    QPDFObjectHandle box = first.getMediaBox();
    if (box.isRectangle()) {
        const QPDFObjectHandle::Rectangle r = box.getArrayAsRectangle();
        width = r.urx - r.llx;
        height = r.ury - r.lly;
    }
    return {{"pages", pages.size()},
            {"encrypted", pdf.isEncrypted()},
            {"repaired", pdf.anyWarnings()},
            {"width", width},
            {"height", height}};
}

// Aside, synced, renamed.
void write(QPDF &pdf, const std::string &out)
{
    const std::string temporary = out + ".part";
    try {
        QPDFWriter writer(pdf, temporary.c_str());
        writer.setPreserveEncryption(false);
        writer.setDeterministicID(true);
        writer.write();
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
    const int fd = ::open(temporary.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    if (fd >= 0)
        ::close(fd);
    if (!synced || std::rename(temporary.c_str(), out.c_str()) != 0) {
        ::unlink(temporary.c_str());
        throw render::Refusal{"local-io", "the document cannot be written"};
    }
}

void subset(const std::string &path, const std::string &out, const std::string &ranges)
{
    QPDF source;
    open(source, path);
    json about = describe(source);
    if (ranges.empty()) {
        write(source, out);
        about["encrypted"] = false;
        about["repaired"] = false;
        return say(about);
    }
    const Result<std::vector<PageRange>> wanted = parsePageRanges(ranges);
    if (!wanted)
        throw render::Refusal{"ticket-refused", "not a list of page ranges"};
    const std::vector<QPDFPageObjectHelper> pages = QPDFPageDocumentHelper(source).getAllPages();
    QPDF picked;
    picked.emptyPDF();
    QPDFPageDocumentHelper target(picked);
    int count = 0;
    for (const PageRange &range : *wanted)
        for (std::size_t i = static_cast<std::size_t>(range.first);
             i <= std::min(pages.size(), static_cast<std::size_t>(range.last)); ++i, ++count)
            target.addPage(pages[i - 1], false);
    if (count == 0)
        throw render::Refusal{"ticket-refused", "none of the pages is in the document"};
    write(picked, out);
    say(describe(picked));
}

void run(int argc, char **argv)
{
    const std::string command = argc > 2 ? argv[1] : "";
    if (command == "inspect" && argc == 3) {
        QPDF pdf;
        open(pdf, argv[2]);
        // Reads every page's own objects: what is damaged there would otherwise first show at the printer.
        for (QPDFPageObjectHelper &page : QPDFPageDocumentHelper(pdf).getAllPages())
            (void)page.getObjectHandle().getKey("/Contents").isNull();
        say(describe(pdf));
    } else if (command == "subset" && argc == 5) {
        subset(argv[2], argv[3], argv[4]);
    } else if ((command == "wrap-image" || command == "wrap-text") && argc == 6) {
        const render::Paper paper{std::atof(argv[4]), std::atof(argv[5])};
        QPDF pdf;
        pdf.emptyPDF();
        if (command == "wrap-image")
            render::wrapImage(pdf, argv[2], paper);
        else
            render::wrapText(pdf, argv[2], paper);
        write(pdf, argv[3]);
        say(describe(pdf));
    } else {
        throw render::Refusal{"usage", "not a command of this program"};
    }
}

} // namespace

int main(int argc, char **argv)
{
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        run(argc, argv);
        return 0;
    } catch (const render::Refusal &refusal) {
        say({{"code", refusal.code}, {"message", refusal.message}});
    } catch (const QPDFSystemError &e) {
        const bool full = e.getErrno() == ENOSPC || e.getErrno() == EDQUOT || e.getErrno() == EFBIG;
        say({{"code", full ? "disk-full" : "local-io"}, {"message", "the document cannot be read or written"}});
    } catch (const std::exception &) { // qpdf's words may hold a path or the document's own text
        say({{"code", "document-damaged"}, {"message", "the document cannot be understood"}});
    }
    return 3;
}
