// SPDX-License-Identifier: Apache-2.0
// Loaded in front of ippeveprinter, which will not start without a message bus and an avahi daemon to announce itself
// with: answers its announcements with "done" instead, keeps its sockets on the loopback interface, and ends it
// together with the process that started it. So a sandboxed printer needs no daemon, no root, and nobody outside sees
// it.
#include <csignal>
#include <cstdarg>
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>

namespace {

char g_nothing[64]; // what the pointers handed out point to

[[gnu::constructor]] void dieWithParent()
{
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
}

} // namespace

#pragma GCC visibility push(default)
extern "C" {

void *avahi_threaded_poll_new()
{
    return g_nothing;
}
const void *avahi_threaded_poll_get(void *)
{
    return g_nothing;
}
int avahi_threaded_poll_start(void *)
{
    return 0;
}
void avahi_threaded_poll_lock(void *) {}
void avahi_threaded_poll_unlock(void *) {}
void *avahi_client_new(const void *, int, void *, void *, int *)
{
    return g_nothing;
}
int avahi_client_errno(void *)
{
    return 0;
}
const char *avahi_client_get_host_name_fqdn(void *)
{
    return "localhost";
}
void *avahi_entry_group_new(void *, void *, void *)
{
    return g_nothing;
}
int avahi_entry_group_free(void *)
{
    return 0;
}
int avahi_entry_group_commit(void *)
{
    return 0;
}
int avahi_entry_group_add_service_strlst(void *, int, int, int, const char *, const char *, const char *, const char *,
                                         unsigned short, void *)
{
    return 0;
}
int avahi_entry_group_add_service_subtype(void *, int, int, int, const char *, const char *, const char *, const char *)
{
    return 0;
}

int bind(int fd, const sockaddr *address, socklen_t length)
{
    using Bind = int (*)(int, const sockaddr *, socklen_t);
    static const auto real = reinterpret_cast<Bind>(::dlsym(RTLD_NEXT, "bind"));
    if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
        auto loopback = *reinterpret_cast<const sockaddr_in *>(address);
        loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return real(fd, reinterpret_cast<const sockaddr *>(&loopback), sizeof loopback);
    }
    if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
        auto loopback = *reinterpret_cast<const sockaddr_in6 *>(address);
        loopback.sin6_addr = in6addr_loopback;
        return real(fd, reinterpret_cast<const sockaddr *>(&loopback), sizeof loopback);
    }
    return real(fd, address, length);
}

} // extern "C"
#pragma GCC visibility pop
