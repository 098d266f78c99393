// SPDX-License-Identifier: Apache-2.0
#include "core/bytes.h"
#include "core/files.h"
#include "support/temp_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <sys/stat.h>

namespace connector {
namespace {

using test::TempFolder;

std::string readAll(ByteSource &source)
{
    std::string all;
    std::array<char, 3> buffer{};
    for (;;) {
        auto n = source.read(buffer);
        EXPECT_TRUE(n);
        if (!n || *n == 0)
            return all;
        all.append(buffer.data(), *n);
    }
}

TEST(StringSource, IsReadInPiecesAndAgain)
{
    StringSource source("0123456789");
    EXPECT_EQ(source.size(), 10);
    EXPECT_EQ(readAll(source), "0123456789");
    ASSERT_TRUE(source.seek(7));
    EXPECT_EQ(readAll(source), "789");
    ASSERT_TRUE(source.seek(99));
    EXPECT_EQ(readAll(source), "");
    EXPECT_FALSE(source.seek(-1));
}

TEST(StringSource, MayClaimAnotherSize)
{
    EXPECT_EQ(StringSource("abc", 1000).size(), 1000);
}

TEST(StringSink, RefusesToGrowOverItsLimit)
{
    StringSink sink(5);
    ASSERT_TRUE(sink.write(std::string_view("12345")));
    auto more = sink.write(std::string_view("6"));
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, Errc::LocalIo);
    EXPECT_EQ(sink.bytes(), "12345");
    ASSERT_TRUE(sink.restart());
    EXPECT_TRUE(sink.write(std::string_view("6")));
}

TEST(Files, ASinkTruncatesOrAppendsAndIsPrivate)
{
    const TempFolder folder;
    const auto path = folder / "a";
    {
        auto sink = FileSink::open(path);
        ASSERT_TRUE(sink);
        ASSERT_TRUE(sink->write(std::string_view("first")));
        ASSERT_TRUE(sink->sync());
    }
    {
        auto sink = FileSink::open(path, FileSink::Mode::Append);
        ASSERT_TRUE(sink);
        EXPECT_EQ(sink->size(), 5);
        ASSERT_TRUE(sink->write(std::string_view(" second")));
        EXPECT_EQ(sink->size(), 12);
    }
    auto source = FileSource::open(path);
    ASSERT_TRUE(source);
    EXPECT_EQ(source->size(), 12);
    EXPECT_EQ(readAll(*source), "first second");
    ASSERT_TRUE(source->seek(6));
    EXPECT_EQ(readAll(*source), "second");
    struct stat st {};
    ASSERT_EQ(::stat(path.c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 0777U, 0600U);
    auto fresh = FileSink::open(path);
    ASSERT_TRUE(fresh);
    EXPECT_EQ(std::filesystem::file_size(path), 0U);
}

TEST(Files, ASinkStartsOver)
{
    const TempFolder folder;
    auto sink = FileSink::open(folder / "a");
    ASSERT_TRUE(sink);
    ASSERT_TRUE(sink->write(std::string_view("wrong")));
    ASSERT_TRUE(sink->restart());
    ASSERT_TRUE(sink->write(std::string_view("right")));
    EXPECT_EQ(*readFile(folder / "a"), "right");
}

TEST(Files, AFullDiskIsNamed)
{
    auto sink = FileSink::open("/dev/full", FileSink::Mode::Append);
    ASSERT_TRUE(sink);
    auto written = sink->write(std::string_view("x"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::LocalIo);
    EXPECT_EQ(stableCode(written.error()), "disk-full");
}

TEST(Files, WhatIsNotThereIsNotFoundAndAFolderIsNoFile)
{
    const TempFolder folder;
    EXPECT_EQ(FileSource::open(folder / "none").error().code, Errc::NotFound);
    EXPECT_FALSE(FileSource::open(folder.path()));
    EXPECT_EQ(readFile(folder / "none").error().code, Errc::NotFound);
}

TEST(Files, ALargerFileThanExpectedIsNotRead)
{
    const TempFolder folder;
    ASSERT_TRUE(writeFileDurably(folder / "a", "12345"));
    EXPECT_EQ(*readFile(folder / "a", 5), "12345");
    EXPECT_EQ(readFile(folder / "a", 4).error().code, Errc::LocalIo);
}

TEST(Files, ADurableWriteReplacesInOneStep)
{
    const TempFolder folder;
    ASSERT_TRUE(writeFileDurably(folder / "a", "old"));
    ASSERT_TRUE(writeFileDurably(folder / "a", "new"));
    EXPECT_EQ(*readFile(folder / "a"), "new");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    EXPECT_FALSE(writeFileDurably(folder / "none" / "a", "x"));
}

TEST(Files, APrivateFolderIsMadeWithItsParents)
{
    const TempFolder folder;
    const auto deep = folder.path() / "a" / "b";
    ASSERT_TRUE(makePrivateFolder(deep));
    ASSERT_TRUE(makePrivateFolder(deep));
    struct stat st {};
    ASSERT_EQ(::stat(deep.c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 0777U, 0700U);
}

TEST(Files, AFolderThatWasThereIsClosedToOthersUnlessEverybodyMayWriteThere)
{
    const TempFolder folder;
    const auto there = folder.path() / "there";
    ASSERT_EQ(::mkdir(there.c_str(), 0700), 0);
    ASSERT_EQ(::chmod(there.c_str(), 0755), 0);
    ASSERT_TRUE(makePrivateFolder(there));
    struct stat st {};
    ASSERT_EQ(::stat(there.c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 0777U, 0700U);
    ASSERT_EQ(::chmod(there.c_str(), 01777), 0);
    EXPECT_FALSE(makePrivateFolder(there));
    ASSERT_EQ(::stat(there.c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 07777U, 01777U);
}

} // namespace
} // namespace connector
