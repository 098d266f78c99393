// SPDX-License-Identifier: Apache-2.0
// Sealing by a TPM, at one that nobody here wrote.
#include "core/files.h"
#include "core/random.h"
#include "store/tpm_key.h"
#include "support/swtpm.h"
#include "tests/support/temp_folder.h"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <termios.h>
#include <tss2/tss2_esys.h>
#include <tss2/tss2_tctildr.h>
#include <unistd.h>

namespace connector::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string codeOf(const Result<std::string> &result)
{
    return result ? std::string() : stableCode(result.error());
}

// What the TPM's owner does to it, in the firmware's settings or with tools.
TSS2_RC asOwner(const Swtpm &tpm, const std::function<TSS2_RC(ESYS_CONTEXT *)> &deed)
{
    TSS2_TCTI_CONTEXT *tcti = nullptr;
    ESYS_CONTEXT *esys = nullptr;
    TSS2_RC rc = Tss2_TctiLdr_Initialize(tpm.tcti().c_str(), &tcti);
    if (rc == TSS2_RC_SUCCESS)
        rc = Esys_Initialize(&esys, tcti, nullptr);
    if (rc == TSS2_RC_SUCCESS)
        rc = deed(esys);
    Esys_Finalize(&esys);
    Tss2_TctiLdr_Finalize(&tcti);
    return rc;
}

TEST(TpmKey, WhatATpmSealedItOpensAlsoAfterItWasOff)
{
    TempFolder folder;
    const std::string secret = randomBytes(32);
    std::string sealed;
    {
        const Swtpm tpm(folder / "tpm");
        const auto made = sealWithTpm(tpm.tcti(), secret);
        ASSERT_TRUE(made) << describe(made.error());
        sealed = *made;
        EXPECT_THAT(sealed, Not(HasSubstr(secret)));
        const auto opened = unsealWithTpm(tpm.tcti(), sealed);
        ASSERT_TRUE(opened) << describe(opened.error());
        EXPECT_EQ(*opened, secret);
    }
    const Swtpm again(folder / "tpm");
    const auto opened = unsealWithTpm(again.tcti(), sealed);
    ASSERT_TRUE(opened) << describe(opened.error());
    EXPECT_EQ(*opened, secret);
}

// A terminal whose other end takes what is said to it and never answers.
class SilentTpm {
public:
    SilentTpm() : m_other(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        termios raw{};
        EXPECT_TRUE(::grantpt(m_other) == 0 && ::unlockpt(m_other) == 0 && ::tcgetattr(m_other, &raw) == 0);
        ::cfmakeraw(&raw);
        EXPECT_EQ(::tcsetattr(m_other, TCSANOW, &raw), 0);
    }
    ~SilentTpm() { ::close(m_other); }
    SilentTpm(const SilentTpm &) = delete;
    SilentTpm &operator=(const SilentTpm &) = delete;
    std::string tcti() const { return std::string("device:") + ::ptsname(m_other); }

private:
    int m_other;
};

TEST(TpmKey, ATpmThatNeverAnswersIsNotWaitedForWithoutEnd)
{
    TempFolder folder;
    const Swtpm tpm(folder / "tpm");
    const auto sealed = sealWithTpm(tpm.tcti(), "a secret");
    ASSERT_TRUE(sealed) << describe(sealed.error());
    const SilentTpm silent;
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(codeOf(sealWithTpm(silent.tcti(), "a secret", std::chrono::milliseconds(300))), "tpm-silent");
    EXPECT_EQ(codeOf(unsealWithTpm(silent.tcti(), *sealed, std::chrono::milliseconds(300))), "tpm-silent");
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(15));
}

TEST(TpmKey, AnotherTpmOpensNothing)
{
    TempFolder folder;
    const Swtpm tpm(folder / "tpm");
    const Swtpm other(folder / "other");
    const auto sealed = sealWithTpm(tpm.tcti(), "a secret");
    ASSERT_TRUE(sealed);
    EXPECT_EQ(codeOf(unsealWithTpm(other.tcti(), *sealed)), "tpm-other");
    EXPECT_EQ(codeOf(unsealWithTpm(tpm.tcti(), *sealed)), "") << "and it still opens here";
}

// The parent's name is only there to say so: who puts in the name of another TPM's gets no further.
TEST(TpmKey, AnotherTpmOpensNothingEitherWhenItIsToldToBeTheRightOne)
{
    TempFolder folder;
    const Swtpm tpm(folder / "tpm");
    const Swtpm other(folder / "other");
    const auto sealed = sealWithTpm(tpm.tcti(), "a secret");
    auto disguised = sealWithTpm(other.tcti(), "another");
    ASSERT_TRUE(sealed && disguised);
    const std::size_t name = sealed->find('\n') + 1;
    constexpr std::size_t kName = 2 + 2 + 32;
    disguised->replace(name + kName, std::string::npos, sealed->substr(name + kName));
    EXPECT_EQ(codeOf(unsealWithTpm(other.tcti(), *disguised)), "master-key-damaged");
}

TEST(TpmKey, WhatWasChangedAnywhereIsNamedAndNeverOpens)
{
    TempFolder folder;
    const Swtpm tpm(folder / "tpm");
    const auto sealed = sealWithTpm(tpm.tcti(), "a secret");
    ASSERT_TRUE(sealed);
    for (std::size_t at = 0; at < sealed->size(); ++at) {
        std::string changed = *sealed;
        changed[at] = static_cast<char>(changed[at] ^ 0x41);
        EXPECT_THAT(codeOf(unsealWithTpm(tpm.tcti(), changed)), testing::AnyOf("master-key-damaged", "tpm-other"))
            << "byte " << at;
    }
    for (std::size_t length = 0; length < sealed->size(); length += 7)
        EXPECT_EQ(codeOf(unsealWithTpm(tpm.tcti(), sealed->substr(0, length))), "master-key-damaged") << length;
    EXPECT_EQ(codeOf(unsealWithTpm(tpm.tcti(), *sealed + "x")), "master-key-damaged");
    EXPECT_EQ(codeOf(unsealWithTpm(tpm.tcti(), *sealed)), "") << "and none of it locked the TPM";
}

TEST(TpmKey, AMissingTpmIsNamed)
{
    TempFolder folder;
    std::string tcti;
    {
        const Swtpm tpm(folder / "tpm");
        tcti = tpm.tcti();
    }
    for (const std::string &way : {tcti, std::string("device:/nowhere/tpmrm0"), std::string("no-such-way")})
        EXPECT_EQ(codeOf(sealWithTpm(way, "a secret")), "tpm-missing") << way;
}

TEST(TpmKey, AClearedTpmIsAnotherOne)
{
    TempFolder folder;
    const Swtpm tpm(folder / "tpm");
    const auto sealed = sealWithTpm(tpm.tcti(), "a secret");
    ASSERT_TRUE(sealed);
    ASSERT_EQ(asOwner(tpm,
                      [](ESYS_CONTEXT *esys) {
                          return Esys_Clear(esys, ESYS_TR_RH_LOCKOUT, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE);
                      }),
              TSS2_RC_SUCCESS);
    EXPECT_EQ(codeOf(unsealWithTpm(tpm.tcti(), *sealed)), "tpm-other");
    const auto anew = sealWithTpm(tpm.tcti(), "a secret");
    ASSERT_TRUE(anew);
    EXPECT_EQ(codeOf(unsealWithTpm(tpm.tcti(), *anew)), "");
}

TEST(TpmKey, ARefusalIsNamedInTheTpmsOwnWord)
{
    TempFolder folder;
    const Swtpm tpm(folder / "tpm");
    ASSERT_EQ(asOwner(tpm,
                      [](ESYS_CONTEXT *esys) {
                          TPM2B_AUTH password{};
                          password.size = 1;
                          password.buffer[0] = 'x';
                          return Esys_HierarchyChangeAuth(esys, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                                          ESYS_TR_NONE, &password);
                      }),
              TSS2_RC_SUCCESS);
    const auto sealed = sealWithTpm(tpm.tcti(), "a secret");
    ASSERT_FALSE(sealed);
    EXPECT_EQ(stableCode(sealed.error()), "tpm-failed");
    EXPECT_THAT(sealed.error().nativeCode, HasSubstr("authorization failure"));
}

// What a probe on the wires between processor and TPM sees.
TEST(TpmKey, TheSecretTravelsEncrypted)
{
    TempFolder folder;
    const Swtpm tpm(folder / "tpm");
    const std::string secret = "known plaintext of a key, 32 byt";
    const auto file = folder / "wire.pcap";
    ASSERT_EQ(::setenv("TCTI_PCAP_FILE", file.c_str(), 1), 0);
    const std::string heard = "pcap:" + tpm.tcti();
    const auto sealed = sealWithTpm(heard, secret);
    ASSERT_TRUE(sealed) << describe(sealed.error());
    const auto first = *readFile(file);
    const auto opened = unsealWithTpm(heard, *sealed);
    ::unsetenv("TCTI_PCAP_FILE");
    ASSERT_TRUE(opened) << describe(opened.error());
    EXPECT_EQ(*opened, secret);
    const auto second = *readFile(file);
    EXPECT_GT(first.size(), 500U);
    EXPECT_GT(second.size(), 500U);
    for (const std::string &wire : {first, second})
        EXPECT_EQ(wire.find(secret), std::string::npos);
}

} // namespace
} // namespace connector::test
