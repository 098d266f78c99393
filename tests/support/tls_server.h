// SPDX-License-Identifier: Apache-2.0
// An HTTPS server on a loopback port whose certificate is valid only when the test says.
#pragma once

#include "support/temp_folder.h"

#include <memory>
#include <string>

namespace connector::test {

class TlsServer {
public:
    // Certificate for 127.0.0.1, valid between so many seconds from now (negative: in the past).
    TlsServer(long validFrom, long validUntil);
    ~TlsServer();
    std::string url() const;    // answers 200 "secure" to everything
    std::string caFile() const; // its own certificate

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace connector::test
