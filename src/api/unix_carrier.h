// SPDX-License-Identifier: Apache-2.0
// Carries the local API over a Unix stream socket: one JSON document per line (docs/api.md).
#pragma once

#include "api/api.h"

#include <filesystem>

namespace connector {

// Serves from construction to destruction, on a thread of its own. Only processes of the same user, of root or of the
// socket's group are let in (mode 0660). A face that does not read what it is sent (8 MiB behind) or sends a line
// without an end is disconnected. The 65th at a time is told so (stable "too-many-connections") and sent away.
class UnixCarrier {
public:
    // Takes over a stale socket file; Conflict (stable "already-running") when another service answers on it.
    static Result<std::unique_ptr<UnixCarrier>> listen(Api &api, const std::filesystem::path &socket);
    ~UnixCarrier();
    UnixCarrier(const UnixCarrier &) = delete;
    UnixCarrier &operator=(const UnixCarrier &) = delete;

private:
    struct Face;
    UnixCarrier(Api &api, std::filesystem::path socket, int listener, int wake);
    void serve(std::stop_token stop);
    void accept();
    void refuse(int fd);
    bool readFrom(Face &face);
    bool writeTo(Face &face);
    void wake();

    Api &m_api;
    std::filesystem::path m_socket;
    int m_listener;
    int m_wake;
    std::map<int, std::shared_ptr<Face>> m_faces; // by descriptor; the serving thread's
    bool m_full = false;                          // likewise; since the last that was let in
    std::jthread m_thread;                        // last member
};

} // namespace connector
