// SPDX-License-Identifier: Apache-2.0
// A scanner without hardware in a folder: SANE's own `test` backend, behind a thin backend ("sandbox") that passes
// every call on to it and adds what a real device has and it lacks: a feeder that runs empty, jams, an open cover,
// speed, disappearance, a driver that crashes; all steerable while others use it. The folder is given as
// SANE_CONFIG_DIR.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace connector::test {

class SaneSandbox {
public:
    // Writes the folder. `backend`: libsane-sandbox-backend.so. The device's name is then "sandbox:0".
    // Returns the reason why it cannot, or nothing.
    static std::string make(const std::filesystem::path &folder, const std::filesystem::path &backend);

    explicit SaneSandbox(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    const std::filesystem::path &folder() const { return m_folder; }

    // One knob of control/ (see sane_sandbox_backend.cpp); an empty value takes it away.
    //   pages N        sheets in the feeder, counted down as they are scanned (away: ten for every scan)
    //   jam-at N       the N-th page of a scan jams in its middle
    //   condition W    what every start says: cover-open, jammed, no-docs; or busy, gone (when opened)
    //   page-time MS   how long a page takes
    //   crash-at N     the driver crashes in the N-th page;  hang-at N: it says nothing more
    void set(const std::string &knob, const std::string &value) const;
    std::string get(const std::string &knob) const;

    // Replaces a line of test.conf ("hand-scanner", "true"): for the next process that opens the device.
    void configure(const std::string &option, const std::string &value) const;

private:
    std::filesystem::path m_folder;
};

} // namespace connector::test
