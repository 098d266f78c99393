// SPDX-License-Identifier: Apache-2.0
// Stands in for libFuzzer where the build has none: feeds the target every file of the given folders, each also cut
// off and with single bytes changed.
#include "fuzz/fuzz.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace {

void feed(const std::string &bytes)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
}

} // namespace

int main(int argc, char **argv)
{
    int files = 0;
    for (int i = 1; i < argc; ++i)
        for (const auto &entry : std::filesystem::recursive_directory_iterator(argv[i])) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream in(entry.path(), std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(in), {}};
            std::printf("%s\n", entry.path().filename().c_str());
            ++files;
            feed(bytes);
            const std::size_t step = bytes.size() / 60 + 1;
            for (std::size_t at = 0; at < bytes.size(); at += step) {
                feed(bytes.substr(0, at));
                std::string changed = bytes;
                for (const char c : {'\0', '"', '{', ']', '9', '\\', '\xFF'}) {
                    changed[at] = c;
                    feed(changed);
                }
            }
        }
    if (files == 0) {
        std::fprintf(stderr, "no files to feed\n");
        return 1;
    }
    return 0;
}
