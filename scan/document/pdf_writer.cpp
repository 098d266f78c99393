// SPDX-License-Identifier: Apache-2.0
#include "scan/document/pdf_writer.h"

#include "core/bytes.h"
#include "core/encoding.h"
#include "core/files.h"
#include "scan/document/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace connector {

namespace {

namespace fs = std::filesystem;

constexpr const char *kProducer = "Cloud Connector";

// 210 mm as PDF's points: "595.28".
std::string points(int pixels, int dpi)
{
    std::array<char, 32> text{};
    // Not printf's %f, which follows the locale.
    const long hundredths = std::lround(pixels * 7200.0 / dpi);
    std::snprintf(text.data(), text.size(), "%ld.%02ld", hundredths / 100, hundredths % 100);
    return text.data();
}

// A text string of the Info dictionary: UTF-16BE as hexadecimal digits.
std::string pdfText(std::string_view utf8)
{
    const std::string text = makeUtf8(utf8);
    std::string out = "<FEFF";
    const auto unit = [&](unsigned value) {
        std::array<char, 8> digits{};
        std::snprintf(digits.data(), digits.size(), "%04X", value);
        out += digits.data();
    };
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        unsigned code = length == 1 ? lead : lead & (0xffU >> (length + 1));
        for (std::size_t k = 1; k < length; ++k)
            code = code << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
        i += length;
        if (code >= 0x10000) {
            code -= 0x10000;
            unit(0xd800 + (code >> 10U));
            unit(0xdc00 + (code & 0x3ffU));
        } else {
            unit(code);
        }
    }
    return out + ">";
}

std::string xmlText(std::string_view utf8)
{
    std::string out;
    for (const char c : makeUtf8(utf8)) {
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else if (static_cast<unsigned char>(c) >= 0x20 || c == '\t')
            out += c;
    }
    return out;
}

class Writer {
public:
    Writer(FileSink &sink, const Call &call) : m_sink(sink), m_call(call) {}

    void text(std::string_view bytes)
    {
        if (m_trouble)
            return;
        m_buffer += bytes;
        m_at += static_cast<std::int64_t>(bytes.size());
        if (m_buffer.size() >= kFull)
            flush();
    }
    void begin(int object)
    {
        if (m_offsets.size() < static_cast<std::size_t>(object))
            m_offsets.resize(static_cast<std::size_t>(object));
        m_offsets[static_cast<std::size_t>(object) - 1] = m_at;
        text(std::to_string(object) + " 0 obj\n");
    }
    void end() { text("\nendobj\n"); }
    void stream(int object, const std::string &dictionary, std::string_view data)
    {
        begin(object);
        text("<<" + dictionary + "/Length " + std::to_string(data.size()) + ">>\nstream\n");
        text(data);
        text("\nendstream");
        end();
    }
    // Copies a picture's bytes out of its file.
    void copy(ByteSource &file, const Picture &picture)
    {
        std::array<char, 65536> buffer{};
        for (const Picture::Piece &piece : picture.pieces) {
            if (auto r = file.seek(piece.offset); !r)
                return fail(std::move(r).error());
            for (std::int64_t left = piece.length; left > 0 && !m_trouble;) {
                const auto want = static_cast<std::size_t>(std::min<std::int64_t>(left, buffer.size()));
                Result<std::size_t> n = file.read(std::span(buffer).first(want));
                if (!n)
                    return fail(std::move(n).error());
                if (*n == 0)
                    return fail({.code = Errc::DataLoss, .message = "a page became shorter", .stable = "page-damaged"});
                text(std::string_view(buffer.data(), *n));
                left -= static_cast<std::int64_t>(*n);
            }
        }
    }
    void crossReferences(int root, int info)
    {
        const std::int64_t xref = m_at;
        text("xref\n0 " + std::to_string(m_offsets.size() + 1) + "\n0000000000 65535 f \n");
        for (const std::int64_t offset : m_offsets) {
            std::array<char, 32> line{};
            std::snprintf(line.data(), line.size(), "%010lld 00000 n \n", static_cast<long long>(offset));
            text(line.data());
        }
        text("trailer\n<</Size " + std::to_string(m_offsets.size() + 1) + "/Root " + std::to_string(root) +
             " 0 R/Info " + std::to_string(info) + " 0 R>>\nstartxref\n" + std::to_string(xref) + "\n%%EOF\n");
    }
    void fail(Error error)
    {
        if (!m_trouble)
            m_trouble = std::move(error);
    }
    Result<void> finish()
    {
        flush();
        if (m_trouble)
            return *m_trouble;
        return {};
    }
    bool ok() const { return !m_trouble; }
    std::int64_t size() const { return m_at; }

private:
    static constexpr std::size_t kFull = 1U << 18U;

    void flush()
    {
        if (m_trouble)
            return;
        if (auto r = m_call.poll(); !r)
            return fail(std::move(r).error());
        if (auto r = m_sink.write(m_buffer); !r)
            return fail(std::move(r).error());
        m_buffer.clear();
        m_call.report({m_at, -1});
    }

    FileSink &m_sink;
    const Call &m_call;
    std::string m_buffer;
    std::int64_t m_at = 0;
    std::vector<std::int64_t> m_offsets;
    std::optional<Error> m_trouble;
};

std::tm utc(std::chrono::system_clock::time_point time)
{
    const std::time_t t = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&t, &parts);
    return parts;
}

std::string timeText(const std::tm &parts, const char *format)
{
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), format, &parts);
    return text.data();
}

std::string xmp(const PdfMetadata &metadata, const std::tm &created)
{
    const std::string date = timeText(created, "%Y-%m-%dT%H:%M:%SZ");
    std::string out = "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
                      "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
                      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
                      "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n";
    if (!metadata.title.empty())
        out += "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">" + xmlText(metadata.title) +
               "</rdf:li></rdf:Alt></dc:title>\n";
    if (!metadata.author.empty())
        out += "<dc:creator><rdf:Seq><rdf:li>" + xmlText(metadata.author) + "</rdf:li></rdf:Seq></dc:creator>\n";
    out += "<xmp:CreateDate>" + date + "</xmp:CreateDate><xmp:ModifyDate>" + date + "</xmp:ModifyDate>";
    out += "<xmp:CreatorTool>";
    out += kProducer;
    out += "</xmp:CreatorTool><pdf:Producer>";
    out += kProducer;
    out += "</pdf:Producer>\n</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>";
    return out;
}

void writePage(Writer &w, int object, const ScannedPage &page)
{
    Result<FileSource> file = FileSource::open(page.path);
    if (!file)
        return w.fail(std::move(file).error());
    Result<Picture> picture = inspectPicture(*file);
    if (!picture)
        return w.fail(std::move(picture).error());
    if (page.dpi < 1 || (page.width != 0 && page.width != picture->width) ||
        (page.height != 0 && page.height != picture->height))
        return w.fail({.code = Errc::DataLoss, .message = "a page is not as it was scanned", .stable = "page-damaged"});
    const std::string width = points(picture->width, page.dpi);
    const std::string height = points(picture->height, page.dpi);
    const std::string image = std::to_string(object + 2);
    w.begin(object);
    w.text("<</Type/Page/Parent 2 0 R/MediaBox[0 0 " + width + " " + height + "]/Resources<</XObject<</I " + image +
           " 0 R>>>>/Contents " + std::to_string(object + 1) + " 0 R>>");
    w.end();
    w.stream(object + 1, "", "q " + width + " 0 0 " + height + " 0 0 cm /I Do Q");
    w.begin(object + 2);
    w.text("<</Type/XObject/Subtype/Image/Width " + std::to_string(picture->width) + "/Height " +
           std::to_string(picture->height) + "/BitsPerComponent " + std::to_string(picture->bits) + "/ColorSpace" +
           (picture->channels == 3 ? "/DeviceRGB" : "/DeviceGray"));
    if (picture->kind == Picture::Kind::Jpeg)
        w.text("/Filter/DCTDecode");
    else // PNG's lines are PDF's, predictors and all
        w.text("/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors " + std::to_string(picture->channels) +
               "/BitsPerComponent " + std::to_string(picture->bits) + "/Columns " + std::to_string(picture->width) +
               ">>");
    w.text("/Length " + std::to_string(picture->bytes()) + ">>\nstream\n");
    w.copy(*file, *picture);
    w.text("\nendstream");
    w.end();
}

Result<AssembledPdf> writeAll(const std::vector<ScannedPage> &pages, const PdfMetadata &metadata,
                              const fs::path &temporary, const Call &call)
{
    Result<FileSink> sink = FileSink::open(temporary);
    if (!sink)
        return std::move(sink).error();
    Writer w(*sink, call);
    constexpr int kCatalog = 1;
    constexpr int kPages = 2;
    constexpr int kInfo = 3;
    constexpr int kMetadata = 4;
    constexpr int kFirstPage = 5; // three objects each
    const std::tm created = utc(metadata.createdAt);
    w.text("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n");
    w.begin(kCatalog);
    w.text("<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>");
    w.end();
    w.begin(kPages);
    w.text("<</Type/Pages/Count " + std::to_string(pages.size()) + "/Kids[");
    for (std::size_t i = 0; i < pages.size(); ++i)
        w.text(std::to_string(kFirstPage + 3 * static_cast<int>(i)) + " 0 R ");
    w.text("]>>");
    w.end();
    const std::string date = "(" + timeText(created, "D:%Y%m%d%H%M%SZ") + ")";
    w.begin(kInfo);
    w.text("<<");
    if (!metadata.title.empty())
        w.text("/Title " + pdfText(metadata.title));
    if (!metadata.author.empty())
        w.text("/Author " + pdfText(metadata.author));
    w.text("/Creator(");
    w.text(kProducer);
    w.text(")/Producer(");
    w.text(kProducer);
    w.text(")/CreationDate" + date + "/ModDate" + date + ">>");
    w.end();
    w.stream(kMetadata, "/Type/Metadata/Subtype/XML", xmp(metadata, created));
    for (std::size_t i = 0; i < pages.size() && w.ok(); ++i)
        writePage(w, kFirstPage + 3 * static_cast<int>(i), pages[i]);
    w.crossReferences(kCatalog, kInfo);
    if (auto r = w.finish(); !r)
        return std::move(r).error();
    if (auto r = sink->sync(); !r)
        return std::move(r).error();
    return AssembledPdf{static_cast<int>(pages.size()), w.size()};
}

} // namespace

Result<AssembledPdf> assemblePdf(const std::vector<ScannedPage> &pages, const PdfMetadata &metadata,
                                 const fs::path &out, const Call &call)
{
    if (pages.empty())
        return Error{Errc::InvalidArgument, "a document without pages"};
    fs::path temporary = out;
    temporary += ".part";
    Result<AssembledPdf> written = writeAll(pages, metadata, temporary, call);
    std::error_code failed;
    if (written) {
        fs::rename(temporary, out, failed);
        if (failed)
            written = localIoError("rename", failed.value());
        else if (auto r = syncFolder(out.parent_path()); !r)
            written = std::move(r).error();
    }
    if (!written)
        fs::remove(temporary, failed);
    return written;
}

} // namespace connector
