// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program that listens on every address and cannot be told otherwise, as Qt's VNC platform does (it
// has no password either): it then listens on the one that LISTEN_AT names alone.
#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <netinet/in.h>

extern "C" int bind(int socket, const sockaddr *address, socklen_t length) noexcept
{
    using Bind = int (*)(int, const sockaddr *, socklen_t);
    static const auto next = reinterpret_cast<Bind>(::dlsym(RTLD_NEXT, "bind"));
    const char *wanted = ::getenv("LISTEN_AT");
    const int family = address->sa_family;
    if (wanted == nullptr || (family != AF_INET && family != AF_INET6))
        return next(socket, address, length);

    in_addr v4{};
    const bool isV4 = ::inet_pton(AF_INET, wanted, &v4) == 1;
    if (family == AF_INET && isV4) {
        auto changed = *reinterpret_cast<const sockaddr_in *>(address);
        changed.sin_addr = v4;
        return next(socket, reinterpret_cast<const sockaddr *>(&changed), sizeof changed);
    }
    if (family == AF_INET6) {
        auto changed = *reinterpret_cast<const sockaddr_in6 *>(address);
        in6_addr &to = changed.sin6_addr;
        if (isV4) { // a socket of both kinds takes ::ffff:127.0.0.1
            to = {};
            to.s6_addr[10] = to.s6_addr[11] = 0xFF;
            for (int i = 0; i < 4; ++i)
                to.s6_addr[12 + i] = reinterpret_cast<const unsigned char *>(&v4)[i];
            return next(socket, reinterpret_cast<const sockaddr *>(&changed), sizeof changed);
        }
        if (::inet_pton(AF_INET6, wanted, &to) == 1)
            return next(socket, reinterpret_cast<const sockaddr *>(&changed), sizeof changed);
    }
    errno = EADDRNOTAVAIL; // rather none than all
    return -1;
}
