// SPDX-License-Identifier: Apache-2.0
// The configuration files: the examples are right, what is wrong is named.
#include "core/files.h"
#include "portal/config.h"
#include "service/configuration.h"
#include "tests/support/temp_folder.h"

#include <gmock/gmock.h>

namespace connector {
namespace {

const std::filesystem::path kExamples = std::filesystem::path(CONNECTOR_SOURCE) / "packaging/examples";

TEST(Configuration, TheServicesExampleHasEveryCloud)
{
    const auto read = loadConfiguration(kExamples / "connectord.toml");
    ASSERT_TRUE(read) << describe(read.error());
    for (const ProviderInfo &info : allProviders())
        EXPECT_TRUE(read->clouds.contains(info.id)) << info.id;
    EXPECT_EQ(read->portalUrl, "https://connect.example.org");
}

TEST(Configuration, CloudsStandInTheOrderOfTheirTiles)
{
    std::vector<std::string> ids;
    for (const ProviderInfo &info : allProviders())
        ids.push_back(info.id);
    EXPECT_THAT(ids, testing::ElementsAre("box", "dropbox", "google-drive", "onedrive", "webdav"));
}

TEST(Configuration, ThePortalsExampleHasEveryCloudThatSignsInThroughIt)
{
    test::TempFolder folder;
    std::filesystem::copy_file(kExamples / "portal.toml", folder / "portal.toml");
    for (const char *cloud : {"box", "google-drive", "onedrive"})
        ASSERT_TRUE(writeFileDurably(folder / (std::string(cloud) + ".secret"), "s3cret\n"));
    const std::string file = folder / "portal.toml";
    const char *words[] = {"connector-portal", "--config", file.c_str()};
    std::optional<int> exitCode;
    const auto config = portal::readConfig(3, words, exitCode);
    ASSERT_TRUE(config) << config.error().message;
    const auto providers = portal::makeProviders(*config);
    ASSERT_TRUE(providers) << providers.error().message;
    for (const ProviderInfo &info : allProviders())
        EXPECT_EQ(providers->contains(info.id), info.signIn == SignIn::OAuth) << info.id;
    for (const char *cloud : {"box", "google-drive", "onedrive"})
        EXPECT_TRUE(providers->at(cloud).oauth.usesSecretOf(providers->at(cloud).client)) << cloud;
    EXPECT_FALSE(providers->at("dropbox").oauth.usesSecretOf(providers->at("dropbox").client));
}

TEST(Configuration, WhatIsWrongWithACloudIsNamed)
{
    test::TempFolder folder;
    const auto why = [&](const std::string &clouds) {
        const std::string text =
            "[portal]\nurl = \"https://p.example\"\n[printer]\nuri = \"ipp://p.example/ipp\"\n" + clouds;
        EXPECT_TRUE(writeFileDurably(folder / "c.toml", text));
        const auto read = loadConfiguration(folder / "c.toml");
        return read ? std::string() : read.error().message;
    };
    EXPECT_EQ(why("[clouds.box]\nclient_id = \"x\"\n"), "");
    EXPECT_THAT(why("[clouds.box]\n"), testing::HasSubstr("clouds.box.client_id is missing"));
    EXPECT_THAT(why("[clouds.nocloud]\nclient_id = \"x\"\n"), testing::HasSubstr("clouds.nocloud"));
    EXPECT_THAT(why("[clouds.box]\nclient_id = \"x\"\nclient_secret = \"y\"\n"),
                testing::HasSubstr("clouds.box.client_secret is not known"));
    EXPECT_THAT(why("[clouds.google-drive]\nclient_id = \"x\"\n[clouds.google-drive.endpoints]\nwww = \"http://x\"\n"),
                testing::HasSubstr("clouds.google-drive.endpoints.www is not known"));
    EXPECT_EQ(why("[web]\nenabled = false\nport = 0\nnames = [\"a.example\"]\nsession_timeout = 600\n"), "");
    EXPECT_THAT(why("[web]\nport = 70000\n"), testing::HasSubstr("web.port is a whole number, 0 to 65535"));
    EXPECT_THAT(why("[web]\nnames = \"a.example\"\n"), testing::HasSubstr("web.names is a list of texts"));
    EXPECT_THAT(why("[web]\ncertificate = \"/x\"\n"), testing::HasSubstr("web.key is missing"));
    EXPECT_THAT(why("[clouds.webdav]\n"), testing::HasSubstr("clouds.webdav.server is missing"));
}

TEST(Configuration, ADirectoryIsNeverAskedInTheClear)
{
    test::TempFolder folder;
    const auto read = [&](const std::string &directory) {
        const std::string text = "[portal]\nurl = \"https://p.example\"\n[printer]\nuri = \"ipp://p.example/ipp\"\n"
                                 "[directory]\nbase = \"dc=example,dc=org\"\n" +
                                 directory;
        EXPECT_TRUE(writeFileDurably(folder / "c.toml", text));
        return loadConfiguration(folder / "c.toml");
    };
    const auto why = [&](const std::string &directory) {
        const auto configuration = read(directory);
        return configuration ? std::string() : configuration.error().message;
    };
    EXPECT_EQ(why("url = \"ldaps://d.example\"\n"), "");
    EXPECT_EQ(why("url = \"ldap://d.example\"\nstart_tls = true\n"), "");
    EXPECT_THAT(why("url = \"ldap://d.example\"\n"), testing::HasSubstr("directory.start_tls must be true"));
    EXPECT_THAT(why("url = \"https://d.example\"\n"), testing::HasSubstr("directory.url is ldap:// or ldaps://"));
    EXPECT_THAT(why("url = \"ldaps://d.example\"\nfilter = \"(uid=x)\"\n"),
                testing::HasSubstr("directory.filter must hold %s"));
    EXPECT_THAT(why("url = \"ldaps://d.example\"\nsearch_password_file = \"/nowhere\"\n"),
                testing::HasSubstr("directory.search_password_file cannot be read"));
    ASSERT_TRUE(writeFileDurably(folder / "password", "a secret\n"));
    const auto with =
        read("url = \"ldaps://d.example\"\nsearch_password_file = \"" + (folder / "password").string() + "\"\n");
    ASSERT_TRUE(with);
    EXPECT_EQ(with->directory->searchPassword, "a secret");
}

} // namespace
} // namespace connector
