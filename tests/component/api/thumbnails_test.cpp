// SPDX-License-Identifier: Apache-2.0
// The small pictures of files: as the cloud makes them, remembered for as long as their profile is open.
#include "api/thumbnail_cache.h"
#include "core/encoding.h"
#include "tests/component/api/api_house.h"
#include "tests/support/pdf.h"

namespace connector::test {
namespace {

class ThumbnailsTest : public ::testing::Test {
protected:
    ThumbnailsTest()
    {
        sandbox().control({{"do", "reset"}});
        sandbox().control({{"do", "clear-requests"}});
        sandbox().control({{"do", "make-file"}, {"path", "/Plan.pdf"}, {"base64", toBase64(makePdf(2))}});
        sandbox().control({{"do", "make-file"}, {"path", "/Photo.jpg"}, {"base64", toBase64(smallJpeg())}});
        house = std::make_unique<ApiHouse>();
        face = std::make_unique<InProcessFace>(*house->api);
        profile = house->linkedProfile("Mara");
        open();
    }
    ~ThumbnailsTest() override
    {
        face.reset();
        sandbox().control({{"do", "clear-faults"}});
    }

    void open() { ASSERT_TRUE(face->call("profiles.open", {{"id", profile}}).ok()); }
    // As a face asks for it: with what the list says of the file.
    json question(const std::string &name)
    {
        const auto root = face->call("files.list", {{"profile", profile}});
        EXPECT_EQ(root.result.value("thumbnails", false), true) << root.error;
        for (const json &entry : root.result.at("entries"))
            if (entry.at("name") == name)
                return {{"profile", profile}, {"file", entry.at("id")}, {"revision", entry.at("revision")}};
        ADD_FAILURE() << name << " is not there";
        return json::object();
    }
    InProcessFace::Answer ask(const json &params) { return face->call("files.thumbnail", params); }
    static std::size_t askedOfTheCloud()
    {
        return sandbox().control({{"do", "requests"}, {"route", "get_thumbnail"}}).at("requests").size();
    }

    std::unique_ptr<ApiHouse> house;
    std::unique_ptr<InProcessFace> face;
    std::string profile;
};

TEST_F(ThumbnailsTest, APictureIsOneAndTheSecondTimeNeedsNoCloud)
{
    const json photo = question("Photo.jpg");
    const auto first = ask(photo);
    ASSERT_TRUE(first.ok()) << first.error;
    EXPECT_EQ(first.result["type"], "image/jpeg");
    EXPECT_TRUE(fromBase64(first.result["data"].get<std::string>())->starts_with("\xff\xd8\xff"));
    EXPECT_EQ(ask(photo).result, first.result);
    EXPECT_EQ(askedOfTheCloud(), 1U);
    json larger = photo;
    larger["pixels"] = 256;
    EXPECT_TRUE(ask(larger).ok());
    EXPECT_EQ(askedOfTheCloud(), 2U) << "another size is another picture";
    json another = photo;
    another["revision"] = "another";
    EXPECT_TRUE(ask(another).ok());
    EXPECT_EQ(askedOfTheCloud(), 3U) << "so is another revision";
}

TEST_F(ThumbnailsTest, WhatIsRememberedGoesWithTheProfileAndTheSession)
{
    house->person({.name = "Mara Lind", .pin = "161803"});
    const json photo = question("Photo.jpg");
    std::size_t asked = 0;
    const auto isAskedAnew = [&](const char *after) {
        EXPECT_TRUE(ask(photo).ok()) << after;
        EXPECT_EQ(askedOfTheCloud(), ++asked) << after;
    };
    isAskedAnew("at first");
    face->call("profiles.close", {{"id", profile}});
    EXPECT_EQ(ask(photo).code(), "profile-not-open");
    open();
    isAskedAnew("closed and opened again");
    face->call("session.end");
    EXPECT_EQ(ask(photo).code(), "profile-not-open");
    open();
    isAskedAnew("the guest's session ended");
    ASSERT_TRUE(face->call("session.signIn", {{"method", "pin"}, {"secret", "161803"}}).ok());
    EXPECT_EQ(ask(photo).code(), "profile-gone");
    ASSERT_TRUE(face->call("session.signOut").ok());
    open();
    isAskedAnew("somebody else was signed in meanwhile");
}

TEST_F(ThumbnailsTest, WhatIsRememberedOnOneConnectionIsNotThereOnAnother)
{
    const json photo = question("Photo.jpg");
    ASSERT_TRUE(ask(photo).ok());
    InProcessFace other(*house->api);
    EXPECT_EQ(other.call("files.thumbnail", photo).code(), "profile-not-open");
    EXPECT_EQ(askedOfTheCloud(), 1U);
}

TEST_F(ThumbnailsTest, WhereTheCloudHasNoneThereIsNoneAndItIsAskedOnce)
{
    const json plan = question("Plan.pdf");
    const auto answer = ask(plan);
    ASSERT_TRUE(answer.ok()) << answer.error;
    EXPECT_TRUE(answer.result["type"].is_null());
    EXPECT_TRUE(answer.result["data"].is_null());
    EXPECT_TRUE(ask(plan).ok());
    EXPECT_EQ(askedOfTheCloud(), 1U);
}

TEST_F(ThumbnailsTest, WhatIsNoPictureOrTooLargeIsNone)
{
    json photo = question("Photo.jpg");
    for (const std::string &body : {std::string("<html>a page instead</html>"),
                                    std::string("GIF89a, which no face draws"), std::string(300'000, 'x')}) {
        photo["revision"] = std::to_string(body.size());
        sandbox().control(
            {{"do", "fault"},
             {"route", "get_thumbnail"},
             {"action", {{"status", 200}, {"headers", {{"Content-Type", "image/jpeg"}}}, {"body", body}}}});
        const auto answer = ask(photo);
        ASSERT_TRUE(answer.ok()) << answer.error;
        EXPECT_TRUE(answer.result["data"].is_null()) << body.substr(0, 20);
    }
}

TEST_F(ThumbnailsTest, ATroubleIsNamedAndNotRemembered)
{
    const json photo = question("Photo.jpg");
    sandbox().control({{"do", "delete"}, {"path", "/Photo.jpg"}});
    EXPECT_EQ(ask(photo).code(), "file-gone");
    EXPECT_EQ(ask(photo).code(), "file-gone");
    EXPECT_EQ(askedOfTheCloud(), 2U);
    for (const json &pixels : {json(31), json(513), json("large")}) {
        json odd = photo;
        odd["pixels"] = pixels;
        EXPECT_EQ(ask(odd).code(), "bad-request") << pixels;
    }
}

TEST(ThumbnailCacheTest, TheOldestPicturesMakeRoomAndOneProfilesGoAlone)
{
    ThumbnailCache cache(10'000);
    const auto key = [](const std::string &profile, int number) {
        return ThumbnailCache::Key{profile, std::to_string(number), "1", 128};
    };
    for (int i = 0; i < 100; ++i)
        cache.put(key(i % 2 == 0 ? "even" : "odd", i), {"image/png", std::string(800, 'x')});
    EXPECT_EQ(cache.find(key("even", 0)), nullptr);
    ASSERT_NE(cache.find(key("odd", 99)), nullptr);
    ASSERT_NE(cache.find(key("even", 98)), nullptr);
    cache.forget("odd");
    EXPECT_EQ(cache.find(key("odd", 99)), nullptr);
    EXPECT_NE(cache.find(key("even", 98)), nullptr);
    cache.put({"even", "file", "", 128}, {"image/png", "x"});
    EXPECT_EQ(cache.find({"even", "file", "", 128}), nullptr) << "nobody could tell when it is another one";
    cache.put(key("even", 200), {"image/png", std::string(20'000, 'x')});
    EXPECT_EQ(cache.find(key("even", 200)), nullptr) << "larger than all";
    cache.clear();
    EXPECT_EQ(cache.find(key("even", 98)), nullptr);
}

} // namespace
} // namespace connector::test
