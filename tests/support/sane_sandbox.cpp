// SPDX-License-Identifier: Apache-2.0
#include "support/sane_sandbox.h"

#include "support/whole_file.h"

#include <fstream>
#include <sstream>

namespace connector::test {

namespace fs = std::filesystem;

namespace {

constexpr const char *kTestConf = R"(number_of_devices 1
mode Color
depth 8
resolution_min 75.0
resolution_max 600.0
resolution_quant 1.0
resolution 200.0
test-picture "Color pattern"
geometry_min 0.0
geometry_max 297.2
geometry_quant 0.0
tl_x 0.0
tl_y 0.0
br_x 210.0
br_y 297.0
)";

} // namespace

std::string SaneSandbox::make(const fs::path &folder, const fs::path &backend)
{
    std::error_code failed;
    fs::create_directories(folder / "control", failed);
    fs::create_directories(folder / "backends", failed);
    fs::remove(folder / "backends" / "libsane-sandbox.so.1", failed);
    if (!fs::exists(backend, failed))
        return "there is no " + backend.string();
    fs::create_symlink(fs::absolute(backend), folder / "backends" / "libsane-sandbox.so.1", failed);
    if (failed)
        return failed.message();
    if (!writeWhole(folder / "dll.conf", "sandbox\n") || !writeWhole(folder / "test.conf", kTestConf))
        return "cannot write into " + folder.string();
    return {};
}

void SaneSandbox::set(const std::string &knob, const std::string &value) const
{
    std::error_code ignored;
    if (value.empty())
        fs::remove(m_folder / "control" / knob, ignored);
    else
        writeWhole(m_folder / "control" / knob, value + "\n");
}

std::string SaneSandbox::get(const std::string &knob) const
{
    std::string value;
    std::ifstream(m_folder / "control" / knob) >> value;
    return value;
}

void SaneSandbox::configure(const std::string &option, const std::string &value) const
{
    std::ifstream in(m_folder / "test.conf");
    std::string text;
    for (std::string line; std::getline(in, line);)
        if (line.rfind(option + " ", 0) != 0)
            text += line + "\n";
    writeWhole(m_folder / "test.conf", text + option + " " + value + "\n");
}

} // namespace connector::test
