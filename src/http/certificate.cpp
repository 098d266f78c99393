// SPDX-License-Identifier: Apache-2.0
#include "http/certificate.h"

#include "core/encoding.h"
#include "core/files.h"
#include "core/random.h"

#include <algorithm>
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

namespace connector {

namespace {

// Browsers warn of a certificate that nobody signed whatever its age; one that ran out would only add a second warning.
constexpr long kLife = 60L * 60 * 24 * 3650;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T *p) const
    {
        Free(p);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

Error refused(const std::string &why)
{
    ERR_clear_error();
    return Error{Errc::InvalidArgument, why, "web", {}, 0, {}, "bad-configuration"};
}

bool isAddress(const std::string &name)
{
    in6_addr any{};
    return ::inet_pton(AF_INET, name.c_str(), &any) == 1 || ::inet_pton(AF_INET6, name.c_str(), &any) == 1;
}

bool extend(X509 *certificate, int nid, const std::string &value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// PEM of a new key and of the certificate that it signs for itself.
Result<std::string> makePem(const std::vector<std::string> &names)
{
    const Error failed{Errc::LocalIo, "no certificate could be made", "web"};
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    if (!key || !certificate)
        return failed;
    X509 *x = certificate.get();
    X509_set_version(x, 2);
    const std::string serial = randomBytes(16);
    const std::unique_ptr<BIGNUM, Freed<BN_free>> number(
        BN_bin2bn(reinterpret_cast<const unsigned char *>(serial.data()), 15, nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x));
    // A machine without a clock of its own may have been started in its past.
    X509_gmtime_adj(X509_getm_notBefore(x), -24L * 3600);
    X509_gmtime_adj(X509_getm_notAfter(x), kLife);
    X509_set_pubkey(x, key.get());
    X509_NAME *subject = X509_get_subject_name(x);
    const std::string common = names.empty() ? "cloud-connector" : names.front().substr(0, 64);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(common.c_str()),
                               -1, -1, 0);
    X509_set_issuer_name(x, subject);
    std::string alternatives;
    for (const std::string &name : names)
        alternatives += (alternatives.empty() ? "" : ",") + std::string(isAddress(name) ? "IP:" : "DNS:") + name;
    const bool extended = extend(x, NID_basic_constraints, "critical,CA:FALSE") &&
                          extend(x, NID_key_usage, "critical,digitalSignature") &&
                          extend(x, NID_ext_key_usage, "serverAuth") &&
                          (alternatives.empty() || extend(x, NID_subject_alt_name, alternatives));
    if (!extended || X509_sign(x, key.get(), EVP_sha256()) == 0)
        return failed;
    const Bio out(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_bio_X509(out.get(), x) != 1)
        return failed;
    char *bytes = nullptr;
    const long size = BIO_get_mem_data(out.get(), &bytes);
    return std::string(bytes, static_cast<std::size_t>(size));
}

} // namespace

Result<TlsIdentity> loadIdentity(const std::filesystem::path &certificate, const std::filesystem::path &key)
{
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    if (!context)
        return Error{Errc::LocalIo, "TLS cannot be used", "web"};
    SSL_CTX *ctx = context.get();
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_mode(ctx, SSL_MODE_AUTO_RETRY | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_id_context(ctx, reinterpret_cast<const unsigned char *>("web"), 3);
    if (SSL_CTX_use_certificate_chain_file(ctx, certificate.c_str()) != 1)
        return refused("the web certificate cannot be read");
    if (SSL_CTX_use_PrivateKey_file(ctx, key.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(ctx) != 1)
        return refused("the web certificate's key cannot be read, or is another certificate's");
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    X509_digest(SSL_CTX_get0_certificate(ctx), EVP_sha256(), digest, &size);
    TlsIdentity identity{context, {}};
    for (unsigned int i = 0; i < size; ++i) {
        char two[4];
        std::snprintf(two, sizeof two, "%02X", digest[i]);
        identity.fingerprint += (i == 0 ? "" : ":") + std::string(two);
    }
    return identity;
}

Result<TlsIdentity> ownIdentity(const std::filesystem::path &file, const std::vector<std::string> &names)
{
    if (auto there = loadIdentity(file, file))
        return there;
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored))
        return Error{Errc::LocalIo, "the web certificate in the state folder is damaged; delete web.pem", "web"};
    auto pem = makePem(names);
    if (!pem)
        return std::move(pem).error();
    if (auto r = writeFileDurably(file, *pem); !r)
        return std::move(r).error();
    return loadIdentity(file, file);
}

std::vector<std::string> namesOfThisMachine()
{
    std::vector<std::string> names;
    char host[256] = {};
    if (::gethostname(host, sizeof host - 1) == 0 && host[0] != '\0') {
        names.push_back(toLowerAscii(host));
        if (names.back().find('.') == std::string::npos)
            names.push_back(names.back() + ".local");
    }
    names.emplace_back("localhost");
    ifaddrs *all = nullptr;
    if (::getifaddrs(&all) != 0)
        return names;
    for (const ifaddrs *at = all; at != nullptr; at = at->ifa_next) {
        if (at->ifa_addr == nullptr || (at->ifa_addr->sa_family != AF_INET && at->ifa_addr->sa_family != AF_INET6))
            continue;
        const bool six = at->ifa_addr->sa_family == AF_INET6;
        char text[NI_MAXHOST] = {};
        const auto size = static_cast<socklen_t>(six ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
        if (::getnameinfo(at->ifa_addr, size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0)
            continue;
        const std::string address = text;
        // Link-local ones carry their interface's name, which no certificate can.
        if (address.find('%') == std::string::npos && std::find(names.begin(), names.end(), address) == names.end())
            names.push_back(address);
    }
    ::freeifaddrs(all);
    return names;
}

} // namespace connector
