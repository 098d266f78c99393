// SPDX-License-Identifier: Apache-2.0
#include "scan/document/picture.h"

#include <array>
#include <cstring>
#include <string_view>

namespace connector {

namespace {

Error damaged()
{
    return Error{.code = Errc::DataLoss, .message = "a page's picture is damaged", .stable = "page-damaged"};
}

Error unsupported()
{
    return Error{Errc::Unsupported, "a page's picture is of a kind that a PDF cannot take over"};
}

class Reader {
public:
    explicit Reader(ByteSource &source) : m_source(source) {}
    // All of it or false.
    Result<bool> read(std::span<char> into)
    {
        while (!into.empty()) {
            Result<std::size_t> n = m_source.read(into);
            if (!n)
                return std::move(n).error();
            if (*n == 0)
                return false;
            into = into.subspan(*n);
        }
        return true;
    }
    Result<bool> at(std::int64_t offset, std::span<char> into)
    {
        if (auto r = m_source.seek(offset); !r)
            return std::move(r).error();
        return read(into);
    }

private:
    ByteSource &m_source;
};

unsigned u8(const char *p)
{
    return static_cast<unsigned char>(*p);
}
unsigned u16(const char *p)
{
    return u8(p) << 8U | u8(p + 1);
}
std::uint32_t u32(const char *p)
{
    return u16(p) << 16U | u16(p + 2);
}

Result<Picture> inspectJpeg(Reader &reader, std::int64_t size)
{
    Picture picture;
    picture.kind = Picture::Kind::Jpeg;
    picture.pieces = {{0, size}};
    std::array<char, 2> tail{};
    Result<bool> ok = reader.at(size - 2, tail);
    if (!ok)
        return std::move(ok).error();
    if (!*ok || std::string_view(tail.data(), 2) != "\xff\xd9")
        return damaged();
    for (std::int64_t at = 2; at + 4 <= size;) {
        std::array<char, 10> head{};
        ok = reader.at(at, head);
        if (!ok)
            return std::move(ok).error();
        if (!*ok || u8(head.data()) != 0xff)
            return damaged();
        const unsigned marker = u8(head.data() + 1);
        if (marker == 0xff) { // padding
            ++at;
            continue;
        }
        const unsigned length = u16(head.data() + 2);
        if (length < 2 || marker == 0xda || marker == 0xd9)
            return damaged(); // the picture begins, and its size was never told
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
            if (marker > 0xc2)
                return unsupported();
            picture.bits = static_cast<int>(u8(head.data() + 4));
            picture.height = static_cast<int>(u16(head.data() + 5));
            picture.width = static_cast<int>(u16(head.data() + 7));
            picture.channels = static_cast<int>(u8(head.data() + 9));
            if (picture.width == 0 || picture.height == 0)
                return damaged();
            if (picture.bits != 8 || (picture.channels != 1 && picture.channels != 3))
                return unsupported();
            return picture;
        }
        at += 2 + static_cast<std::int64_t>(length);
    }
    return damaged();
}

Result<Picture> inspectPng(Reader &reader, std::int64_t size)
{
    Picture picture;
    picture.kind = Picture::Kind::Png;
    for (std::int64_t at = 8; at + 12 <= size;) {
        std::array<char, 8 + 13> head{};
        Result<bool> ok = reader.at(at, std::span(head).first(8));
        if (!ok)
            return std::move(ok).error();
        const std::int64_t length = u32(head.data());
        const std::string_view type(head.data() + 4, 4);
        if (!*ok || at + 12 + length > size)
            return damaged();
        if (type == "IHDR") {
            ok = reader.read(std::span(head).subspan(8));
            if (!ok)
                return std::move(ok).error();
            if (!*ok || length != 13 || picture.width != 0)
                return damaged();
            const std::uint32_t width = u32(head.data() + 8);
            const std::uint32_t height = u32(head.data() + 12);
            if (width == 0 || height == 0 || width > 1'000'000 || height > 1'000'000)
                return damaged();
            picture.width = static_cast<int>(width);
            picture.height = static_cast<int>(height);
            picture.bits = static_cast<int>(u8(head.data() + 16));
            const unsigned color = u8(head.data() + 17);
            if ((color != 0 && color != 2) || u8(head.data() + 20) != 0) // palette, alpha, interlace
                return unsupported();
            picture.channels = color == 2 ? 3 : 1;
        } else if (type == "IDAT") {
            picture.pieces.push_back({at + 8, length});
        } else if (type == "IEND") {
            if (picture.width == 0 || picture.pieces.empty())
                return damaged();
            return picture;
        } else if (type == "tRNS") {
            return unsupported();
        }
        at += 12 + length;
    }
    return damaged();
}

} // namespace

std::int64_t Picture::bytes() const
{
    std::int64_t sum = 0;
    for (const Piece &piece : pieces)
        sum += piece.length;
    return sum;
}

Result<Picture> inspectPicture(ByteSource &file)
{
    const std::int64_t size = file.size().value_or(0);
    Reader reader(file);
    std::array<char, 8> signature{};
    Result<bool> ok = reader.at(0, signature);
    if (!ok)
        return std::move(ok).error();
    if (!*ok)
        return damaged();
    const std::string_view s(signature.data(), signature.size());
    if (s.starts_with("\xff\xd8\xff"))
        return inspectJpeg(reader, size);
    if (s == "\x89PNG\r\n\x1a\n")
        return inspectPng(reader, size);
    return damaged();
}

} // namespace connector
