// SPDX-License-Identifier: Apache-2.0
#include "http/curl_http_client.h"

#include "core/encoding.h"
#include "http/curl_handles.h"
#include "http/url.h"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <sstream>

namespace connector {

namespace {

constexpr long kReceiveBuffer = 512L << 10U;
constexpr long kSendBuffer = 512L << 10U;
constexpr std::size_t kLargestHead = 256U << 10U;
constexpr int kMostRedirects = 5;
// X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL, which libcurl hands on.
constexpr long kNotYetValid = 9;
constexpr long kExpired = 10;

// Debian's hashed folder is read per certificate needed; the bundle file would cost megabytes and milliseconds per
// handle.
const char *hashedCertificates()
{
    static const bool there = [] {
        std::error_code ec;
        for (const auto &entry : std::filesystem::directory_iterator("/etc/ssl/certs", ec))
            if (entry.path().extension() == ".0")
                return true;
        return false;
    }();
    return there ? "/etc/ssl/certs" : nullptr;
}

// One request on its way: what libcurl's callbacks see.
struct Exchange {
    const HttpRequest &request;
    ByteSink *sink;
    const Call &call;
    CURL *easy;
    bool viaProxy;
    ByteSource *source = nullptr;
    std::int64_t sourceStart = 0;
    std::int64_t toSend = 0;
    std::int64_t sent = 0;
    HttpReply reply = {};
    std::size_t headBytes = 0;
    bool headSeen = false;
    std::int64_t received = 0;
    std::optional<Error> failure = {}; // what a callback stopped the transfer for

    // Called before the first body byte, or at the end of a reply without a body.
    bool takeHead()
    {
        if (std::exchange(headSeen, true))
            return true;
        if (reply.status / 100 == 2 && request.onHead) {
            if (auto r = request.onHead(reply); !r)
                failure = std::move(r).error();
        }
        return !failure;
    }

    // A fast peer keeps libcurl busy for long between two looks at the call.
    bool mayGoOn()
    {
        if (call.stop.stop_requested() && !failure)
            failure = Error{Errc::Cancelled, "cancelled"};
        return !failure;
    }
};

int parseStatus(std::string_view line)
{
    const std::size_t space = line.find(' ');
    int status = 0;
    if (space != std::string_view::npos)
        std::from_chars(line.data() + space + 1, line.data() + line.size(), status);
    return status;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n'))
        text.remove_suffix(1);
    return text;
}

std::size_t onHeader(char *data, std::size_t, std::size_t size, void *self)
{
    auto &x = *static_cast<Exchange *>(self);
    std::string_view line = trimmed({data, size});
    x.headBytes += size;
    if (x.headBytes > kLargestHead) {
        x.failure = Error{Errc::BadReply, "headers are too long", "http"};
        return 0;
    }
    if (line.starts_with("HTTP/")) { // a new reply: what came before was interim
        x.reply = {};
        x.reply.status = parseStatus(line);
    } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
        x.reply.headers.fields.emplace_back(std::string(line.substr(0, colon)),
                                            std::string(trimmed(line.substr(colon + 1))));
    }
    return size;
}

std::size_t onBody(char *data, std::size_t, std::size_t size, void *self)
{
    auto &x = *static_cast<Exchange *>(self);
    if (!x.takeHead() || !x.mayGoOn())
        return 0;
    x.received += static_cast<std::int64_t>(size);
    if (x.sink != nullptr && x.reply.status / 100 == 2) {
        if (auto r = x.sink->write({data, size}); !r) {
            x.failure = std::move(r).error();
            return 0;
        }
        return size;
    }
    if (size > x.request.largestBody - x.reply.body.size()) {
        x.failure = Error{Errc::BadReply, "the reply is too long", "http", {}, x.reply.status};
        return 0;
    }
    x.reply.body.append(data, size);
    return size;
}

std::size_t onRead(char *data, std::size_t, std::size_t size, void *self)
{
    auto &x = *static_cast<Exchange *>(self);
    const auto want =
        static_cast<std::size_t>(std::min<std::int64_t>(static_cast<std::int64_t>(size), x.toSend - x.sent));
    if (want == 0)
        return 0;
    auto n = x.source->read({data, want});
    if (!x.mayGoOn()) // after reading: what was handed over may be the last piece
        return CURL_READFUNC_ABORT;
    if (!n) {
        x.failure = std::move(n).error();
        return CURL_READFUNC_ABORT;
    }
    if (*n == 0) {
        x.failure = Error{Errc::DataLoss, "the source ended before its announced size"};
        return CURL_READFUNC_ABORT;
    }
    x.sent += static_cast<std::int64_t>(*n);
    return *n;
}

// libcurl sends again by itself when a kept connection ends without a reply. The server may have done its work, so
// only what may be repeated can be rewound.
int onSeek(void *self, curl_off_t offset, int origin)
{
    auto &x = *static_cast<Exchange *>(self);
    if (!x.request.repeatable || origin != SEEK_SET || !x.source->seek(x.sourceStart + offset))
        return CURL_SEEKFUNC_CANTSEEK;
    x.sent = offset;
    return CURL_SEEKFUNC_OK;
}

Error offline(std::string message, std::string native, std::string stable = {})
{
    Error error{Errc::Offline, std::move(message), "http", std::move(native)};
    error.stable = std::move(stable);
    return error;
}

Error errorFor(CURLcode code, const Exchange &x)
{
    if (x.failure)
        return *x.failure;
    long tunnel = 0;
    curl_easy_getinfo(x.easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
    if (tunnel != 0 && tunnel / 100 != 2)
        return offline("the proxy refused", "proxy HTTP " + std::to_string(tunnel), "proxy-refused");
    const std::string native = "curl " + std::to_string(static_cast<int>(code));
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return offline("the host's name was not found", "not-resolved");
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return offline("the proxy was not reached", native, "proxy-refused");
    case CURLE_COULDNT_CONNECT:
        return x.viaProxy ? offline("the proxy was not reached", native, "proxy-refused")
                          : offline("no connection", "not-connected");
    case CURLE_PEER_FAILED_VERIFICATION: {
        long verdict = 0;
        curl_easy_getinfo(x.easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
        if (verdict == kNotYetValid || verdict == kExpired)
            return offline("the server's certificate is not valid at this machine's time",
                           "x509 " + std::to_string(verdict), "clock-wrong");
        return offline("the server's certificate is not trusted", "x509 " + std::to_string(verdict), "tls-failed");
    }
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
        return offline("no secure connection", native, "tls-failed");
    case CURLE_OPERATION_TIMEDOUT: {
        curl_off_t connected = 0;
        curl_easy_getinfo(x.easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
        if (connected == 0)
            return offline("no connection in time", "connect-timeout");
        return Error{Errc::Timeout, "the connection stalled", "http", "stalled"};
    }
    case CURLE_URL_MALFORMAT:
        return Error{Errc::InvalidArgument, "not an http URL", "http", native};
    case CURLE_UNSUPPORTED_PROTOCOL: // HTTP/0.9, that is anything; the URL's own scheme was checked before
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_OUT_OF_MEMORY: // what libcurl 7.88 says to an overlong header line
        return Error{Errc::BadReply, "the reply is not HTTP", "http", native};
    default:
        // The rest are cuts. Once the good reply's body was under way it is a body that ended early.
        if (x.headSeen && x.reply.status / 100 == 2)
            return Error{Errc::DataLoss, "the body ended early", "http", native};
        return offline("the connection was cut", "cut");
    }
}

} // namespace

// Handles with their connections, ready for the next call.
class CurlHttpClient::Pool {
public:
    struct Handle {
        // The order matters: the transfer dies before what it runs in.
        CurlMulti multi{curl_multi_init()};
        CurlEasy easy{curl_easy_init()};
        std::string origin;
    };

    explicit Pool(std::size_t most) : m_most(most)
    {
        static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
        (void)ready;
    }

    std::unique_ptr<Handle> take(const std::string &origin)
    {
        {
            const std::scoped_lock lock(m_mutex);
            auto found = std::find_if(m_idle.rbegin(), m_idle.rend(), [&](auto &h) { return h->origin == origin; });
            if (found != m_idle.rend()) {
                auto handle = std::move(*found);
                m_idle.erase(std::next(found).base());
                return handle;
            }
            if (m_idle.size() == m_most && m_most > 0) {
                auto handle = std::move(m_idle.front());
                m_idle.erase(m_idle.begin());
                handle->origin = origin;
                return handle;
            }
        }
        auto handle = std::make_unique<Handle>();
        handle->origin = origin;
        if (handle->multi)
            curl_multi_setopt(handle->multi.get(), CURLMOPT_MAXCONNECTS, 2L);
        return handle;
    }

    void giveBack(std::unique_ptr<Handle> handle)
    {
        curl_easy_reset(handle->easy.get());
        const std::scoped_lock lock(m_mutex);
        if (m_idle.size() < m_most)
            m_idle.push_back(std::move(handle));
    }

private:
    std::size_t m_most;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Handle>> m_idle; // oldest first
};

CurlHttpClient::CurlHttpClient(CurlOptions options)
    : m_options(std::move(options)), m_pool(std::make_unique<Pool>(m_options.idleHandles))
{
}

CurlHttpClient::~CurlHttpClient() = default;

namespace {

Result<void> checkPolicy(const UrlParts &url, const CurlOptions &options)
{
    if (url.scheme != "https" && !options.allowPlainHttp && !isLoopback(url))
        return Error{Errc::InvalidArgument, "refused to speak plain http to another machine", "http"};
    if (options.allowedHosts.empty())
        return {};
    for (const auto &host : options.allowedHosts)
        if (url.host == host || (host.starts_with('.') && url.host.ends_with(host)))
            return {};
    return Error{Errc::PermissionDenied, "refused to connect to a host that is not allowed", "http"};
}

bool usesProxy(const UrlParts &url, const CurlOptions &options)
{
    if (options.proxy.empty())
        return false;
    std::string bare = url.host;
    std::erase_if(bare, [](char c) { return c == '[' || c == ']'; });
    std::istringstream hosts(options.noProxy);
    for (std::string host; std::getline(hosts, host, ',');)
        if (host == bare || host == "*" || (host.starts_with('.') && bare.ends_with(host)))
            return false;
    return true;
}

// False when a header cannot be sent as it is.
bool cleanHeader(std::string_view name, std::string_view value)
{
    const auto bad = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    return !name.empty() && std::none_of(name.begin(), name.end(), [&](char c) { return bad(c) || c == ':'; }) &&
           std::none_of(value.begin(), value.end(), bad);
}

Result<CurlList> makeHeaders(const HttpRequest &request)
{
    curl_slist *list = nullptr;
    const auto add = [&](const std::string &line) {
        curl_slist *longer = curl_slist_append(list, line.c_str());
        list = longer != nullptr ? longer : list;
    };
    bool clean = true;
    for (const auto &[name, value] : request.headers.fields) {
        clean = clean && cleanHeader(name, value);
        add(value.empty() ? name + ";" : name + ": " + value);
    }
    add("Expect:"); // waiting for "100 Continue" costs a round trip, a second where a server does not know it
    if (!request.headers.has("Content-Type"))
        add("Content-Type:");
    CurlList owned(list);
    if (!clean)
        return Error{Errc::InvalidArgument, "a header holds a line break", "http"};
    return owned;
}

void setBody(CURL *easy, Exchange &x)
{
    const HttpRequest &request = x.request;
    if (x.source != nullptr) {
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(x.toSend));
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, onRead);
        curl_easy_setopt(easy, CURLOPT_READDATA, &x);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, onSeek);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, &x);
        if (x.toSend > kSendBuffer)
            curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, kSendBuffer);
    } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
               request.method == "PATCH") {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    }
    if (request.method == "HEAD")
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void setOptions(CURL *easy, Exchange &x, const CurlOptions &options, curl_slist *headers)
{
    curl_easy_setopt(easy, CURLOPT_URL, x.request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); // a cancel does not wait for the resolver's thread
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, options.userAgent.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connectTimeout.count()));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stallTimeout.count()));
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReceiveBuffer);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, options.proxy.c_str());
    curl_easy_setopt(easy, CURLOPT_NOPROXY, options.noProxy.c_str());
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (const char *folder = hashedCertificates(); folder != nullptr) {
        curl_easy_setopt(easy, CURLOPT_CAPATH, folder);
        curl_easy_setopt(easy, CURLOPT_CAINFO, options.extraCaFile.empty() ? nullptr : options.extraCaFile.c_str());
    } else if (!options.extraCaFile.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, options.extraCaFile.c_str());
    }
    if (x.sink == nullptr)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &x);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &x);
    setBody(easy, x);
}

// Tells once that all bytes were written to the network.
void tellSent(const Exchange &x, bool &told)
{
    curl_off_t written = 0;
    if (told || x.sent < x.toSend || curl_easy_getinfo(x.easy, CURLINFO_SIZE_UPLOAD_T, &written) != CURLE_OK ||
        written < x.toSend)
        return;
    told = true;
    x.request.onSent();
}

// Runs the transfer to its end; the result is libcurl's.
Result<CURLcode> run(CURLM *multi, const Exchange &x)
{
    const Call &call = x.call;
    bool told = !x.request.onSent;
    const std::stop_callback onStop(call.stop, [multi] { curl_multi_wakeup(multi); });
    for (;;) {
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        int running = 0;
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            return offline("the connection was cut", "curl multi");
        tellSent(x, told);
        int left = 0;
        while (const CURLMsg *message = curl_multi_info_read(multi, &left))
            if (message->msg == CURLMSG_DONE)
                return message->data.result;
        std::chrono::milliseconds wait{1000};
        if (call.deadline != Call::Clock::time_point::max())
            wait = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(call.deadline - Call::Clock::now()),
                              std::chrono::milliseconds{0}, wait);
        curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
    }
}

} // namespace

Result<HttpReply> CurlHttpClient::sendOnce(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    auto url = splitUrl(request.url);
    if (!url)
        return std::move(url).error();
    if (auto r = checkPolicy(*url, m_options); !r)
        return std::move(r).error();
    auto headers = makeHeaders(request);
    if (!headers)
        return std::move(headers).error();
    auto handle = m_pool->take(originOf(*url));
    if (!handle->multi || !handle->easy)
        return Error{Errc::LocalIo, "no memory for a connection", "http"};
    CURL *const easy = handle->easy.get();

    Exchange x{request, sink, call, easy, usesProxy(*url, m_options)};
    std::optional<StringSource> body;
    if (!request.body.empty() && !request.repeatable) { // through onSeek, which sees to it that it goes once
        body.emplace(request.body);
        x.source = &*body;
        x.toSend = *body->size();
    }
    if (request.source != nullptr) {
        x.source = request.source;
        x.sourceStart = request.sourceStart;
        x.toSend = request.sourceBytes;
        if (x.toSend < 0)
            x.toSend = request.source->size().value_or(-1) - request.sourceStart;
        if (x.toSend < 0)
            return Error{Errc::InvalidArgument, "a source without a size", "http"};
    }
    setOptions(easy, x, m_options, headers->get());
    curl_multi_add_handle(handle->multi.get(), easy);
    Result<CURLcode> ended = run(handle->multi.get(), x);
    curl_multi_remove_handle(handle->multi.get(), easy);

    Result<HttpReply> result = [&]() -> Result<HttpReply> {
        if (!ended)
            return ended.error();
        if (*ended != CURLE_OK || !x.takeHead())
            return errorFor(*ended, x);
        if (x.reply.status == 407 && x.viaProxy)
            return offline("the proxy refused", "proxy HTTP 407", "proxy-refused");
        return std::move(x.reply);
    }();
    m_pool->giveBack(std::move(handle));
    return result;
}

Result<HttpReply> CurlHttpClient::send(const HttpRequest &request, ByteSink *sink, const Call &call)
{
    if (!request.followRedirects)
        return sendOnce(request, sink, call);
    HttpRequest hop = request;
    for (int hops = 0;; ++hops) {
        auto reply = sendOnce(hop, sink, call);
        if (!reply)
            return reply;
        const int status = reply->status;
        const bool moved = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        if (!moved || !reply->headers.has("Location"))
            return reply;
        if (hops == kMostRedirects)
            return Error{Errc::BadReply, "too many redirects", "http", {}, status};
        auto target = resolveUrl(hop.url, std::string(reply->headers.get("Location")));
        if (!target)
            return std::move(target).error();
        auto from = splitUrl(hop.url);
        auto to = splitUrl(*target);
        if (!from || !to || (from->scheme == "https" && to->scheme != "https"))
            return Error{Errc::BadReply, "a redirect away from https", "http", {}, status};
        if (originOf(*from) != originOf(*to))
            std::erase_if(hop.headers.fields, [](const auto &field) {
                const std::string name = toLowerAscii(field.first);
                return name == "authorization" || name == "cookie";
            });
        const bool becomesGet = status == 303 || ((status == 301 || status == 302) && hop.method == "POST");
        if (becomesGet && hop.method != "HEAD") {
            hop.method = "GET";
            hop.body.clear();
            hop.source = nullptr;
            std::erase_if(hop.headers.fields,
                          [](const auto &field) { return toLowerAscii(field.first).starts_with("content-"); });
        } else if (hop.source != nullptr) {
            if (auto r = hop.source->seek(hop.sourceStart); !r)
                return std::move(r).error();
        }
        hop.url = *target;
    }
}

} // namespace connector
