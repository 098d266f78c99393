// SPDX-License-Identifier: Apache-2.0
#include "support/tls_server.h"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cstdlib>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace connector::test {

namespace {

void must(bool good)
{
    if (!good)
        std::abort();
}

void addExtension(X509 *certificate, int id, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
    must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

} // namespace

struct TlsServer::State {
    TempFolder folder;
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    int listener = -1;
    int stop = ::eventfd(0, EFD_CLOEXEC);
    int port = 0;
    std::thread thread;

    void makeCertificate(long from, long until)
    {
        EVP_PKEY *key = EVP_EC_gen("P-256");
        X509 *certificate = X509_new();
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_set_version(certificate, 2);
        X509_gmtime_adj(X509_getm_notBefore(certificate), from);
        X509_gmtime_adj(X509_getm_notAfter(certificate), until);
        X509_set_pubkey(certificate, key);
        X509_NAME *name = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>("loopback"), -1,
                                   -1, 0);
        X509_set_issuer_name(certificate, name);
        addExtension(certificate, NID_subject_alt_name, "IP:127.0.0.1");
        addExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
        must(X509_sign(certificate, key, EVP_sha256()) != 0);
        must(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1);
        FILE *file = std::fopen((folder / "ca.pem").c_str(), "w");
        must(file != nullptr && PEM_write_X509(file, certificate) == 1);
        std::fclose(file);
        X509_free(certificate);
        EVP_PKEY_free(key);
    }

    void serve()
    {
        for (;;) {
            std::array<pollfd, 2> waiting{pollfd{listener, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
            ::poll(waiting.data(), waiting.size(), -1);
            if (waiting[1].revents != 0)
                return;
            const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0)
                continue;
            SSL *ssl = SSL_new(context);
            SSL_set_fd(ssl, fd);
            std::array<char, 8192> buffer{};
            if (SSL_accept(ssl) == 1 && SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size())) > 0) {
                const std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecure";
                SSL_write(ssl, reply.data(), static_cast<int>(reply.size()));
                SSL_shutdown(ssl);
            }
            SSL_free(ssl);
            ::close(fd);
        }
    }
};

TlsServer::TlsServer(long validFrom, long validUntil) : m_state(std::make_unique<State>())
{
    m_state->makeCertificate(validFrom, validUntil);
    m_state->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *plain = reinterpret_cast<sockaddr *>(&address);
    must(::bind(m_state->listener, plain, size) == 0 && ::listen(m_state->listener, 16) == 0 &&
         ::getsockname(m_state->listener, plain, &size) == 0);
    m_state->port = ntohs(address.sin_port);
    m_state->thread = std::thread([state = m_state.get()] { state->serve(); });
}

TlsServer::~TlsServer()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(m_state->stop, &one, sizeof one);
    m_state->thread.join();
    ::close(m_state->listener);
    ::close(m_state->stop);
    SSL_CTX_free(m_state->context);
}

std::string TlsServer::url() const
{
    return "https://127.0.0.1:" + std::to_string(m_state->port) + "/";
}

std::string TlsServer::caFile() const
{
    return (m_state->folder / "ca.pem").string();
}

} // namespace connector::test
