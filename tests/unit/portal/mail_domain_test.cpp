// SPDX-License-Identifier: Apache-2.0
#include "profiles/mail_domain.h"

#include <gtest/gtest.h>

namespace connector {
namespace {

TEST(MailDomain, ComparesAsDnsDoes)
{
    EXPECT_TRUE(domainAllowed("mara@example.org", {"example.org"}));
    EXPECT_TRUE(domainAllowed("Mara@EXAMPLE.Org", {"example.ORG"}));
    EXPECT_TRUE(domainAllowed("mara@example.org", {"other.example", " example.org. "}));
    EXPECT_TRUE(domainAllowed("mara@bücher.example", {"xn--bcher-kva.example"}));
    EXPECT_TRUE(domainAllowed("mara@XN--BCHER-KVA.example", {"BÜCHER.example"}));
    EXPECT_TRUE(domainAllowed("anybody@anywhere.example", {}));
}

TEST(MailDomain, ASubdomainAParentAndALookalikeAreOthers)
{
    for (const char *email : {"mara@sub.example.org", "mara@org", "mara@example.org.evil.example",
                              "mara@notexample.org", "mara@exаmple.org" /* Cyrillic а */, "mara@example.0rg"})
        EXPECT_FALSE(domainAllowed(email, {"example.org"})) << email;
}

TEST(MailDomain, WhatIsNoAddressIsNotAllowed)
{
    std::vector<std::string> odd = {"",
                                    "example.org",
                                    "@example.org",
                                    "a@b@example.org",
                                    "mara@example.org>",
                                    "\"a@b\"@example.org",
                                    "mara@ example.org",
                                    "mara@",
                                    "mara@example..org"};
    odd.push_back(std::string("mara@example.org\0.evil.example", 30));
    std::string longer(300, 'a');
    longer.insert(0, "mara@").append(".org");
    odd.push_back(longer);
    for (const std::string &email : odd)
        EXPECT_FALSE(domainAllowed(email, {"example.org", "evil.example", ""})) << email;
}

TEST(MailDomain, AnEntryThatIsNoDomainAllowsNobody)
{
    EXPECT_FALSE(domainAllowed("mara@example.org", {""}));
    EXPECT_FALSE(domainAllowed("mara@example.org", {"*"}));
    EXPECT_FALSE(domainAllowed("mara@example.org", {"@example.org"}));
}

} // namespace
} // namespace connector
