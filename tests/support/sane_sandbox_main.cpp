// SPDX-License-Identifier: Apache-2.0
// sane-sandbox: makes the folder of a sandboxed scanner (for SANE_CONFIG_DIR), and turns its knobs.
#include "support/sane_sandbox.h"

#include <cstdio>
#include <string_view>

int main(int argc, char **argv)
{
    using connector::test::SaneSandbox;
    const std::string_view command = argc > 2 ? argv[1] : "";
    if (command == "make" && argc == 3) {
        std::error_code failed;
        const auto programs = std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
        const std::string why = SaneSandbox::make(argv[2], programs / "libsane-sandbox-backend.so");
        if (!why.empty()) {
            std::fprintf(stderr, "sane-sandbox: %s\n", why.c_str());
            return 1;
        }
        std::puts("sandbox:0");
        return 0;
    }
    if (command == "set" && (argc == 4 || argc == 5)) {
        SaneSandbox(argv[2]).set(argv[3], argc == 5 ? argv[4] : "");
        return 0;
    }
    if (command == "configure" && argc == 5) {
        SaneSandbox(argv[2]).configure(argv[3], argv[4]);
        return 0;
    }
    std::fputs(
        "usage: sane-sandbox make FOLDER                 makes the folder, prints the device's name\n"
        "       sane-sandbox set FOLDER KNOB [VALUE]     pages N | jam-at N | crash-at N | hang-at N | page-time MS |\n"
        "                                                condition cover-open|jammed|no-docs|busy|gone; no value: off\n"
        "       sane-sandbox configure FOLDER OPT VALUE  a line of the test backend's own test.conf\n",
        stderr);
    return 2;
}
