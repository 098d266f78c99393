// SPDX-License-Identifier: Apache-2.0
#include "core/encoding.h"
#include "scan/document/picture.h"

#include <gmock/gmock.h>

#include <random>

namespace connector {
namespace {

// A PNG's frame: the picture's data need not be right here.
std::string png(int colorType, int interlace = 0)
{
    const auto chunk = [](const std::string &type, const std::string &data) {
        std::string out(3, '\0');
        out += static_cast<char>(data.size());
        return out + type + data + "CRC!";
    };
    std::string header("\0\0\0\x0a\0\0\0\x14\x08", 9);
    header += static_cast<char>(colorType);
    header += std::string(2, '\0');
    header += static_cast<char>(interlace);
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", "first") + chunk("IDAT", "second") +
           chunk("IEND", "");
}

std::string jpeg(const std::string &frame)
{
    return std::string("\xff\xd8\xff\xe0\0\x04xx", 8) + frame + "picture\xff\xd9";
}

Result<Picture> inspect(const std::string &bytes)
{
    StringSource source(bytes);
    return inspectPicture(source);
}

TEST(Pictures, AJpegsSizeIsInItsFrame)
{
    auto picture = inspect(jpeg(std::string("\xff\xc0\0\x0b\x08\0\x14\0\x0a\x03", 10)));
    ASSERT_TRUE(picture) << describe(picture.error());
    EXPECT_EQ(picture->width, 10);
    EXPECT_EQ(picture->height, 20);
    EXPECT_EQ(picture->channels, 3);
}

TEST(Pictures, APngsDataIsInPieces)
{
    auto picture = inspect(png(2));
    ASSERT_TRUE(picture) << describe(picture.error());
    EXPECT_EQ(picture->width, 10);
    EXPECT_EQ(picture->height, 20);
    EXPECT_EQ(picture->channels, 3);
    EXPECT_EQ(picture->pieces.size(), 2U);
    EXPECT_EQ(picture->bytes(), 11);
}

TEST(Pictures, WhatAPdfCannotTakeOverIsUnsupported)
{
    for (const std::string &bytes :
         {png(3), png(6), png(0, 1), jpeg(std::string("\xff\xc3\0\x0b\x08\0\x14\0\x0a\x03", 10)),
          jpeg(std::string("\xff\xc0\0\x0b\x08\0\x14\0\x0a\x04", 10))}) {
        auto picture = inspect(bytes);
        ASSERT_FALSE(picture);
        EXPECT_EQ(picture.error().code, Errc::Unsupported);
    }
}

TEST(Pictures, HalfAPictureIsDamagedAndNothingCrashes)
{
    const std::string goods[] = {jpeg(std::string("\xff\xc0\0\x0b\x08\0\x14\0\x0a\x03", 10)), png(0)};
    for (const std::string &good : goods) {
        for (std::size_t length = 0; length < good.size(); ++length) {
            auto picture = inspect(good.substr(0, length));
            ASSERT_FALSE(picture) << length;
            EXPECT_EQ(picture.error().code, Errc::DataLoss);
        }
        std::minstd_rand random(11);
        for (int i = 0; i < 3000; ++i) {
            std::string bad = good;
            for (int k = 0; k < 2; ++k)
                bad[random() % bad.size()] = static_cast<char>(random());
            (void)inspect(bad).has_value();
        }
    }
}

} // namespace
} // namespace connector
