// SPDX-License-Identifier: Apache-2.0
#include "providers/webdav/paths.h"

#include "core/encoding.h"
#include "http/url.h"

namespace connector::webdav {

namespace {

Error outside(const char *what)
{
    return Error{Errc::BadReply, what, "webdav"};
}

// Old servers have names in the charset of their disk. Latin-1 is right for most of them and wrong for none: each byte
// becomes a letter.
std::string latin1ToUtf8(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0U | (byte >> 6U));
            out += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return out;
}

} // namespace

std::optional<std::string> canonicalPath(std::string_view path)
{
    if (!path.starts_with('/'))
        return std::nullopt;
    std::string out;
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string segment = percentDecode(path.substr(0, end));
        path.remove_prefix(end);
        if (segment == "." || segment == ".." || segment.find('\0') != std::string::npos)
            return std::nullopt;
        if (segment.empty()) {
            if (path.empty() && !out.empty()) // the slash at the end; double ones fall away
                out += '/';
            continue;
        }
        out += '/' + percentEncode(segment);
    }
    return out;
}

Result<std::string> pathBelow(std::string_view href, std::string_view host, std::string_view base)
{
    while (!href.empty() && static_cast<unsigned char>(href.front()) <= ' ')
        href.remove_prefix(1);
    while (!href.empty() && static_cast<unsigned char>(href.back()) <= ' ')
        href.remove_suffix(1);
    std::string path(href);
    if (!href.starts_with('/')) {
        auto url = splitUrl(path);
        // The path is all that we use of it: a proxy in front may have another scheme and port than the server thinks.
        if (!url || url->host != host)
            return outside("an href leads to another host");
        path = url->path;
    }
    if (path.starts_with("//"))
        return outside("an href leads to another host");
    path.resize(std::min(path.find_first_of("?#"), path.size()));
    const auto canonical = canonicalPath(path);
    if (!canonical || !canonical->starts_with(base))
        return outside("an href leads out of the folder");
    std::string below = canonical->substr(base.size());
    if (below.empty())
        return std::string("/");
    if (!below.starts_with('/'))
        return outside("an href leads out of the folder");
    return below;
}

std::string nameOf(std::string_view path)
{
    while (path.ends_with('/'))
        path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    std::string name = percentDecode(slash == std::string_view::npos ? path : path.substr(slash + 1));
    if (!isUtf8(name))
        name = latin1ToUtf8(name);
    for (std::size_t at = 0; (at = name.find('/', at)) != std::string::npos;)
        name.replace(at, 1, "\xE2\x88\x95"); // a slash within a name looks like one, and is none
    return name;
}

std::string parentOf(std::string_view path)
{
    while (path.ends_with('/'))
        path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? "/" : std::string(path.substr(0, slash + 1));
}

std::string childOf(std::string_view folder, std::string_view name)
{
    std::string path(folder);
    if (!path.ends_with('/'))
        path += '/';
    return path + percentEncode(name);
}

} // namespace connector::webdav
