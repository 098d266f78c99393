// SPDX-License-Identifier: Apache-2.0
// The service and its command line, with its key in a TPM.
#include "core/files.h"
#include "service/service.h"
#include "store/schema.h"
#include "support/swtpm.h"
#include "tests/support/temp_folder.h"

#include <gmock/gmock.h>

#include <sys/wait.h>

namespace connector::test {
namespace {

using testing::HasSubstr;

struct ConnectordKeyTest : ::testing::Test {
    // Writes the configuration, and runs connectord on it to its end: what it says on standard error.
    std::string run(const std::string &masterKey, const std::string &words)
    {
        EXPECT_TRUE(writeFileDurably(folder / "c.toml", "[service]\nstate = \"" + (folder / "state").string() +
                                                            "\"\nsocket = \"" + (folder / "api.sock").string() +
                                                            "\"\n[portal]\nurl = \"http://127.0.0.1:9\"\n"
                                                            "[printer]\nuri = \"ipp://127.0.0.1:9/ipp/print\"\n"
                                                            "[web]\nenabled = false\n[master_key]\n" +
                                                            masterKey));
        const std::string command =
            std::string(CONNECTORD) + " --config " + (folder / "c.toml").string() + " " + words + " 2>&1 >/dev/null";
        FILE *pipe = ::popen(command.c_str(), "r");
        std::string out;
        for (int c = 0; (c = std::fgetc(pipe)) != EOF;)
            out += static_cast<char>(c);
        code = WEXITSTATUS(::pclose(pipe));
        return out;
    }
    static std::string tpm(const Swtpm &tpm) { return "kind = \"tpm\"\ntcti = \"" + tpm.tcti() + "\"\n"; }

    // One life of the service, in this process: its stable code.
    std::string live()
    {
        const auto configuration = loadConfiguration(folder / "c.toml");
        EXPECT_TRUE(configuration);
        const auto service = Service::start(*configuration);
        return service ? "" : stableCode(service.error());
    }

    TempFolder folder;
    int code = -1;
};

TEST_F(ConnectordKeyTest, TheCommandMovesTheKeyAndTheServiceStartsWithIt)
{
    const Swtpm machine(folder / "tpm");
    const Swtpm other(folder / "other");
    (void)run("kind = \"file\"\n", "seal-master-key");
    EXPECT_EQ(code, 1) << "not without the configuration's word";
    ASSERT_EQ(live(), "");
    EXPECT_TRUE(std::filesystem::exists(folder / "state/master.key"));

    EXPECT_THAT(run(tpm(machine), ""), HasSubstr("[master-key-missing]"));
    EXPECT_EQ(code, 1);
    EXPECT_THAT(run(tpm(machine), "seal-master-key"), HasSubstr("the master key is in the TPM"));
    EXPECT_EQ(code, 0);
    EXPECT_FALSE(std::filesystem::exists(folder / "state/master.key"));
    EXPECT_EQ(live(), "");
    EXPECT_EQ(live(), "") << "a restart";

    EXPECT_THAT(run(tpm(other), ""), HasSubstr("[tpm-other]"));
    EXPECT_EQ(code, 1);
    EXPECT_THAT(run("kind = \"tpm\"\ntcti = \"device:/nowhere\"\n", ""), HasSubstr("[tpm-missing]"));
    EXPECT_THAT(run("kind = \"credential\"\n", ""), HasSubstr("[master-key-missing]"));
    EXPECT_THAT(run("kind = \"file\"\n", ""), HasSubstr("[master-key-missing]"));
    EXPECT_FALSE(std::filesystem::exists(folder / "state/master.key"));
    EXPECT_THAT(run("kind = \"paper\"\n", ""), HasSubstr("master_key.kind is file, credential or tpm"));
    EXPECT_THAT(run("kind = \"file\"\ntcti = \"x\"\n", ""), HasSubstr("master_key.tcti goes with kind tpm"));
    EXPECT_THAT(run("kind = \"tpm\"\ntcti = \"\"\n", ""), HasSubstr("master_key.tcti is empty"));
    EXPECT_EQ(code, 2);
}

TEST_F(ConnectordKeyTest, TheKeyIsNotMovedWhileTheServiceRuns)
{
    const Swtpm machine(folder / "tpm");
    (void)run("kind = \"file\"\n", "seal-master-key");
    const auto configuration = loadConfiguration(folder / "c.toml");
    ASSERT_TRUE(configuration);
    const auto service = Service::start(*configuration);
    ASSERT_TRUE(service);
    EXPECT_THAT(run(tpm(machine), "seal-master-key"), HasSubstr("[already-running]"));
    EXPECT_EQ(code, 1);
    EXPECT_TRUE(std::filesystem::exists(folder / "state/master.key"));
}

} // namespace
} // namespace connector::test
