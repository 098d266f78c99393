// SPDX-License-Identifier: Apache-2.0
#include "providers/webdav/multistatus.h"

#include "core/encoding.h"
#include "providers/webdav/paths.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <expat.h>
#include <vector>

namespace connector::webdav {

namespace {

constexpr std::size_t kDeepest = 24;
constexpr std::size_t kLongestText = 64U << 10U;
constexpr std::int64_t kLongestToken = 1LL << 20U;
constexpr std::int64_t kLongestResource = 4LL << 20U; // with all that nobody asked for
constexpr char kSeparator = ' ';                      // between namespace and name; a URI holds none

Error bad(const char *what)
{
    return Error{Errc::BadReply, what, "webdav"};
}

// The elements that mean something to us.
enum class Element {
    Other,
    Multistatus,
    Response,
    Href,
    Status,
    Propstat,
    Prop,
    ResourceType,
    Collection,
    Length,
    Modified,
    Etag,
    ContentType,
    QuotaUsed,
    QuotaAvailable,
    FileId,
    Checksums,
    Checksum,
    Permissions,
    HasPreview,
    Encrypted,
};

struct Word {
    std::string_view name;
    Element element;
    Element parent;
};

// Each counts only where it belongs.
constexpr std::array kWords{
    Word{"DAV: multistatus", Element::Multistatus, Element::Other},
    Word{"DAV: response", Element::Response, Element::Multistatus},
    Word{"DAV: href", Element::Href, Element::Response},
    Word{"DAV: status", Element::Status, Element::Response},
    Word{"DAV: propstat", Element::Propstat, Element::Response},
    Word{"DAV: status", Element::Status, Element::Propstat},
    Word{"DAV: prop", Element::Prop, Element::Propstat},
    Word{"DAV: resourcetype", Element::ResourceType, Element::Prop},
    Word{"DAV: collection", Element::Collection, Element::ResourceType},
    Word{"DAV: getcontentlength", Element::Length, Element::Prop},
    Word{"DAV: getlastmodified", Element::Modified, Element::Prop},
    Word{"DAV: getetag", Element::Etag, Element::Prop},
    Word{"DAV: getcontenttype", Element::ContentType, Element::Prop},
    Word{"DAV: quota-used-bytes", Element::QuotaUsed, Element::Prop},
    Word{"DAV: quota-available-bytes", Element::QuotaAvailable, Element::Prop},
    Word{"http://owncloud.org/ns fileid", Element::FileId, Element::Prop},
    Word{"http://owncloud.org/ns checksums", Element::Checksums, Element::Prop},
    Word{"http://owncloud.org/ns checksum", Element::Checksum, Element::Checksums},
    Word{"http://owncloud.org/ns permissions", Element::Permissions, Element::Prop},
    Word{"http://nextcloud.org/ns has-preview", Element::HasPreview, Element::Prop},
    Word{"http://nextcloud.org/ns is-encrypted", Element::Encrypted, Element::Prop},
};

bool hasText(Element element)
{
    switch (element) {
    case Element::Other:
    case Element::Multistatus:
    case Element::Response:
    case Element::Propstat:
    case Element::Prop:
    case Element::ResourceType:
    case Element::Collection:
    case Element::Checksums:
        return false;
    default:
        return true;
    }
}

std::string_view trimmed(std::string_view text)
{
    const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && space(text.back()))
        text.remove_suffix(1);
    return text;
}

std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// "HTTP/1.1 200 OK"
int statusOf(std::string_view line)
{
    const std::size_t space = line.find(' ');
    int status = 0;
    if (space != std::string_view::npos)
        std::from_chars(line.data() + space + 1, line.data() + line.size(), status);
    return status;
}

// "SHA1:ab12 MD5:cd34 ADLER32:…"
std::string sha1Of(std::string_view checksums)
{
    while (!checksums.empty()) {
        const std::size_t end = std::min(checksums.find(' '), checksums.size());
        const std::string one = toLowerAscii(checksums.substr(0, end));
        checksums.remove_prefix(std::min(end + 1, checksums.size()));
        if (one.starts_with("sha1:") && one.size() == 5 + 40 &&
            one.find_first_not_of("0123456789abcdef", 5) == std::string::npos)
            return one.substr(5);
    }
    return {};
}

} // namespace

std::optional<WallTime> parseHttpDate(std::string_view text)
{
    static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::string line(text.substr(0, 64));
    std::array<char, 4> month{};
    unsigned day = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    const bool read = std::sscanf(line.c_str(), "%*3[A-Za-z], %2u %3[A-Za-z] %4d %2d:%2d:%2d", &day, month.data(),
                                  &year, &hour, &minute, &second) == 6 ||
                      std::sscanf(line.c_str(), "%*[A-Za-z], %2u-%3[A-Za-z]-%4d %2d:%2d:%2d", &day, month.data(), &year,
                                  &hour, &minute, &second) == 6 ||
                      std::sscanf(line.c_str(), "%*3[A-Za-z] %3[A-Za-z] %2u %2d:%2d:%2d %4d", month.data(), &day, &hour,
                                  &minute, &second, &year) == 6;
    if (!read)
        return std::nullopt;
    if (year < 100)
        year += year < 70 ? 2000 : 1900;
    const auto *at = std::find(kMonths.begin(), kMonths.end(), std::string_view(month.data()));
    if (at == kMonths.end())
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(at - kMonths.begin()) + 1),
                                           std::chrono::day(day)};
    if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

std::string bareEtag(std::string_view etag)
{
    etag = trimmed(etag);
    if (etag.starts_with("W/"))
        etag.remove_prefix(2);
    if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"'))
        etag = etag.substr(1, etag.size() - 2);
    const bool sound = etag.size() <= 512 &&
                       std::all_of(etag.begin(), etag.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '"'; });
    return sound ? std::string(etag) : std::string();
}

class MultistatusReader::Parser {
public:
    Parser(std::string host, std::string base, std::function<Result<void>(Resource &&)> found)
        : m_host(std::move(host)), m_base(std::move(base)), m_found(std::move(found)),
          m_xml(XML_ParserCreateNS(nullptr, kSeparator))
    {
        XML_SetUserData(m_xml, this);
        XML_SetElementHandler(m_xml, &Parser::started, &Parser::ended);
        XML_SetCharacterDataHandler(m_xml, &Parser::letters);
        XML_SetStartDoctypeDeclHandler(m_xml, &Parser::doctype);
    }
    Parser(const Parser &) = delete;
    Parser &operator=(const Parser &) = delete;
    ~Parser() { XML_ParserFree(m_xml); }

    Result<void> feed(std::span<const char> bytes, bool last)
    {
        if (m_error)
            return *m_error;
        // In pieces, so that the length of a single token is noticed before it is held.
        do {
            const auto piece = bytes.first(std::min<std::size_t>(bytes.size(), 64U << 10U));
            bytes = bytes.subspan(piece.size());
            m_fed += static_cast<std::int64_t>(piece.size());
            const auto status =
                XML_Parse(m_xml, piece.data(), static_cast<int>(piece.size()), last && bytes.empty() ? 1 : 0);
            if (m_error)
                return *m_error;
            if (status != XML_STATUS_OK)
                return fail(bad("the answer is not well-formed XML"));
            if (m_fed - XML_GetCurrentByteIndex(m_xml) > kLongestToken || m_fed - m_given > kLongestResource)
                return fail(bad("the answer holds something endless"));
        } while (!bytes.empty());
        if (last && !m_sawMultistatus)
            return fail(bad("the answer is not a multistatus"));
        return {};
    }

private:
    Error fail(Error error)
    {
        m_error = std::move(error);
        return *m_error;
    }

    void stop(Error error)
    {
        if (!m_error)
            m_error = std::move(error);
        XML_StopParser(m_xml, XML_FALSE);
    }

    Element top() const { return m_open.empty() ? Element::Other : m_open.back(); }

    static void XMLCALL doctype(void *self, const XML_Char *, const XML_Char *, const XML_Char *, int)
    {
        static_cast<Parser *>(self)->stop(bad("the answer declares a document type"));
    }

    static void XMLCALL started(void *self, const XML_Char *name, const XML_Char **)
    {
        static_cast<Parser *>(self)->start(name);
    }
    static void XMLCALL ended(void *self, const XML_Char *) { static_cast<Parser *>(self)->end(); }
    static void XMLCALL letters(void *self, const XML_Char *text, int length)
    {
        static_cast<Parser *>(self)->text({text, static_cast<std::size_t>(length)});
    }

    void start(std::string_view name)
    {
        if (m_open.size() >= kDeepest)
            return stop(bad("the answer is nested too deeply"));
        const Element parent = top();
        Element element = Element::Other;
        for (const Word &word : kWords)
            if (word.parent == parent && word.name == name)
                element = word.element;
        if (element == Element::Multistatus && !m_open.empty())
            element = Element::Other;
        m_open.push_back(element);
        m_text.clear();
        if (element == Element::Multistatus)
            m_sawMultistatus = true;
        if (element == Element::Response) {
            m_resource = {};
            m_href.clear();
        }
        if (element == Element::Propstat) {
            m_said = {};
            m_saidStatus = 200;
        }
        if (element == Element::Collection)
            m_said.collection = true;
    }

    void text(std::string_view more)
    {
        if (!hasText(top()))
            return;
        if (m_text.size() + more.size() > kLongestText)
            return stop(bad("the answer holds something endless"));
        m_text += more;
    }

    void end()
    {
        const Element element = top();
        m_open.pop_back();
        const std::string_view text = trimmed(m_text);
        switch (element) {
        case Element::Href:
            if (m_href.empty()) // a response for several resources tells nothing that we ask for
                m_href = text;
            break;
        case Element::Status:
            (top() == Element::Propstat ? m_saidStatus : m_resource.status) = statusOf(text);
            break;
        case Element::Propstat:
            if (m_saidStatus >= 200 && m_saidStatus < 300)
                merge();
            break;
        case Element::Response:
            return give();
        case Element::Length:
            m_said.size = number(text);
            if (m_said.size && *m_said.size < 0)
                m_said.size.reset();
            break;
        case Element::Modified:
            m_said.modified = parseHttpDate(text);
            break;
        case Element::Etag:
            m_said.etag = bareEtag(text);
            break;
        case Element::ContentType:
            m_said.contentType = makeUtf8(text.substr(0, 128));
            break;
        case Element::QuotaUsed:
            m_said.quotaUsed = number(text);
            break;
        case Element::QuotaAvailable:
            m_said.quotaAvailable = number(text);
            break;
        case Element::FileId:
            if (text.size() <= 20 && text.find_first_not_of("0123456789") == std::string_view::npos)
                m_said.fileId = text;
            break;
        case Element::Checksum:
            if (m_said.sha1.empty())
                m_said.sha1 = sha1Of(text);
            break;
        case Element::Permissions:
            m_said.permissions = text.substr(0, 32);
            break;
        case Element::HasPreview:
            m_said.hasPreview = text == "true" || text == "1";
            break;
        case Element::Encrypted:
            m_said.encrypted = text == "true" || text == "1";
            break;
        default:
            break;
        }
    }

    void merge()
    {
        const auto take = [](auto &into, const auto &from) {
            if (from != std::decay_t<decltype(from)>{})
                into = from;
        };
        take(m_resource.collection, m_said.collection);
        take(m_resource.size, m_said.size);
        take(m_resource.modified, m_said.modified);
        take(m_resource.etag, m_said.etag);
        take(m_resource.contentType, m_said.contentType);
        take(m_resource.quotaUsed, m_said.quotaUsed);
        take(m_resource.quotaAvailable, m_said.quotaAvailable);
        take(m_resource.fileId, m_said.fileId);
        take(m_resource.sha1, m_said.sha1);
        take(m_resource.permissions, m_said.permissions);
        take(m_resource.hasPreview, m_said.hasPreview);
        take(m_resource.encrypted, m_said.encrypted);
    }

    void give()
    {
        m_given = m_fed;
        auto path = pathBelow(m_href, m_host, m_base);
        if (!path)
            return stop(std::move(path).error());
        m_resource.path = *std::move(path);
        if (auto r = m_found(std::move(m_resource)); !r)
            stop(std::move(r).error());
        m_resource = {};
    }

    std::string m_host;
    std::string m_base;
    std::function<Result<void>(Resource &&)> m_found;
    XML_Parser m_xml;
    std::vector<Element> m_open;
    std::string m_text;
    std::string m_href;
    Resource m_resource;
    Resource m_said; // by the propstat that is open
    int m_saidStatus = 200;
    bool m_sawMultistatus = false;
    std::int64_t m_fed = 0;
    std::int64_t m_given = 0; // of m_fed, when the last resource was handed on
    std::optional<Error> m_error;
};

MultistatusReader::MultistatusReader(std::string host, std::string base, std::function<Result<void>(Resource &&)> found)
    : m_parser(std::make_unique<Parser>(std::move(host), std::move(base), std::move(found)))
{
}

MultistatusReader::~MultistatusReader() = default;

Result<void> MultistatusReader::write(std::span<const char> bytes)
{
    return m_parser->feed(bytes, false);
}

Result<void> MultistatusReader::finish()
{
    return m_parser->feed({}, true);
}

} // namespace connector::webdav
