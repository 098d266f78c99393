// SPDX-License-Identifier: Apache-2.0
// One opened SANE device and its options, found by name whatever the driver. Not thread-safe, except cancel().
#pragma once

#include <sane/sane.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connector::scan_worker {

class SaneDevice {
public:
    // Opens it; on failure handle() is null and status() says why.
    explicit SaneDevice(const std::string &name);
    SaneDevice(const SaneDevice &) = delete;
    SaneDevice &operator=(const SaneDevice &) = delete;
    ~SaneDevice();

    SANE_Handle handle() const { return m_handle; }
    SANE_Status status() const { return m_status; }

    bool has(const char *option) const;                        // there, active and settable
    std::vector<std::string> words(const char *option) const;  // a string list
    std::optional<std::string> word(const char *option) const; // its value
    std::vector<int> numbers(const char *option) const;        // a word list
    std::optional<std::pair<double, double>> range(const char *option) const;
    SANE_Unit unit(const char *option) const;
    bool setWord(const char *option, const std::string &value);
    bool setNumber(const char *option, double value); // int or fixed; kept within its range
    bool setBool(const char *option, bool value);
    std::optional<double> number(const char *option) const;

    // The driver's own name of a source or mode for the product's word; nothing where it has none.
    struct Choice {
        std::string word;                                         // "feeder-duplex"
        std::vector<std::pair<std::string, std::string>> options; // option, value (a bool: "true"), set in this order
    };
    std::vector<Choice> sources() const;
    std::vector<Choice> modes();
    std::vector<int> resolutions() const;
    // Width and height of what the source takes, in tenths of a millimetre; 0 where the driver does not say.
    std::pair<int, int> area(int dpi) const;

    bool apply(const Choice &choice);
    bool setResolution(int dpi);
    // The area from the top left corner; nothing is cut from a device that has no such options.
    void setArea(int width, int height, int dpi);

private:
    struct Found {
        SANE_Int index = -1;
        const SANE_Option_Descriptor *descriptor = nullptr;
    };
    Found find(const char *option) const;

    SANE_Handle m_handle = nullptr;
    SANE_Status m_status = SANE_STATUS_GOOD;
};

} // namespace connector::scan_worker
