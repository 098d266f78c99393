// SPDX-License-Identifier: Apache-2.0
// The driver: carries the codec's messages to the printer and back over libcups.
//
// How a call ends early: connecting happens on a thread that is left to itself; afterwards a stop shuts the
// connection's socket down from a std::stop_callback, which wakes any read or write of libcups at once; and libcups'
// own time-out callback, called ten times a second, watches the deadline and a printer that says nothing.
#include "print/ipp_codec.h"
#include "print/printer.h"

#include <cups/cups.h>
#include <cups/http.h>

#include <array>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <thread>

namespace connector {

namespace {

using namespace std::chrono_literals;

constexpr auto kConnectLimit = 10s;
constexpr auto kSilenceLimit = 30s;
constexpr double kSlice = 0.1; // seconds

Error unreachable(std::string message, std::string native = {})
{
    return Error{.code = Errc::Offline,
                 .message = std::move(message),
                 .origin = "ipp",
                 .nativeCode = std::move(native),
                 .stable = "printer-unreachable"};
}

struct Address {
    std::string host; // or the path of a socket
    int port = 631;
    bool tls = false;
    std::string resource;
    std::string printerUri; // as the requests name it
};

struct Hangup {
    void operator()(http_t *http) const noexcept { httpClose(http); }
};
using Http = std::unique_ptr<http_t, Hangup>;

// Looks the name up, connects, and agrees on TLS. None of that can be interrupted in libcups, so it happens on a thread
// of its own, which is left to itself (and its time limit) when the call ends earlier.
Result<Http> connect(const Address &address, const Call &call)
{
    struct Attempt {
        std::mutex mutex;
        std::condition_variable_any done;
        bool finished = false;
        Http http;
    };
    const auto attempt = std::make_shared<Attempt>();
    std::thread([attempt, address] {
        constexpr int kLimit = static_cast<int>(std::chrono::milliseconds(kConnectLimit).count());
        Http http(httpConnect2(address.host.c_str(), address.port, nullptr, AF_UNSPEC,
                               address.tls ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED, 1, kLimit,
                               nullptr));
        const std::scoped_lock lock(attempt->mutex);
        attempt->http = std::move(http);
        attempt->finished = true;
        attempt->done.notify_all();
    }).detach();
    std::unique_lock lock(attempt->mutex);
    const auto until = std::min(call.deadline, Call::Clock::now() + 2 * kConnectLimit);
    attempt->done.wait_until(lock, call.stop, until, [&] { return attempt->finished; });
    if (auto r = call.poll(); !r)
        return std::move(r).error();
    if (!attempt->http)
        return unreachable("no connection to the printer");
    return std::move(attempt->http);
}

// One connection for one call.
class Connection {
public:
    explicit Connection(const Call &call, std::chrono::milliseconds silence) : m_call(call), m_silence(silence) {}
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection()
    {
        m_onStop.reset();
        if (!m_http)
            return;
        if (!m_clean) // nothing that was left unsent goes out now
            ::shutdown(httpGetFd(m_http), SHUT_RDWR);
        httpClose(m_http);
    }

    // Whether the printer may leave what we send unread for as long as it likes.
    enum class Reader { Prompt, MayPause };

    Result<void> open(const Address &address, Reader reader = Reader::Prompt)
    {
        // libcups would ask for a password on the terminal.
        cupsSetPasswordCB2(
            [](const char *, http_t *, const char *, const char *, void *) -> const char * { return nullptr; },
            nullptr);
        Result<Http> made = connect(address, m_call);
        if (!made)
            return std::move(made).error();
        m_http = made->release();
        httpSetTimeout(m_http, kSlice, goOn, this);
        m_lastSign = Call::Clock::now();
        guardSocket(httpGetFd(m_http), reader);
        m_onStop.emplace(m_call.stop, Shutdown{httpGetFd(m_http)});
        return {};
    }

    // Sends the request (and the document behind it), returns the answer. What the printer refuses is an error.
    Result<ipp::Message> exchange(ipp::Message request, const std::string &resource, ByteSource *document = nullptr)
    {
        m_lastSign = Call::Clock::now();
        const int started = cupsSendRequest(m_http, request.get(), resource.c_str(),
                                            document ? CUPS_LENGTH_VARIABLE : ippLength(request.get()));
        if (auto r = m_call.poll(); !r)
            return std::move(r).error();
        if (started == HTTP_STATUS_CONTINUE && document) {
            if (auto r = upload(*document); !r)
                return std::move(r).error();
        } else if (started != HTTP_STATUS_CONTINUE && started != HTTP_STATUS_OK) {
            return httpTrouble(started);
        }
        m_lastSign = Call::Clock::now();
        ipp::Message answer(cupsGetResponse(m_http, resource.c_str()));
        if (auto r = m_call.poll(); !r)
            return std::move(r).error();
        if (!answer)
            return httpTrouble(httpGetStatus(m_http));
        m_clean = true;
        if (auto r = ipp::check(answer.get()); !r)
            return std::move(r).error();
        return answer;
    }

private:
    struct Shutdown {
        int fd;
        void operator()() const { ::shutdown(fd, SHUT_RDWR); }
    };

    // A printer that was switched off is noticed within half a minute; one that is slow (no paper) may take its time.
    static void guardSocket(int fd, Reader reader)
    {
        const int on = 1;
        const int idle = 15;
        const int interval = 5;
        const int count = 3;
        const unsigned timeout = 30'000;
        ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
        ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
        ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
        // The kernel counts the time with a closed window too, although the printer answers every probe: it would end
        // the connection of one that ran out of paper. There vanished() takes its place.
        if (reader == Reader::Prompt)
            ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
    }

    // Nothing came back for half a minute although the kernel repeated bytes or probes: keep-alives are not sent while
    // bytes are on their way. A closed window is no repetition, and its probes are answered.
    static bool vanished(int fd)
    {
        tcp_info info{};
        socklen_t size = sizeof info;
        return ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_last_ack_recv > 30'000 &&
               (info.tcpi_retransmits >= 7 || info.tcpi_probes >= 3);
    }

    static int goOn(http_t *, void *self)
    {
        auto &c = *static_cast<Connection *>(self);
        const bool silent = Call::Clock::now() - c.m_lastSign >= c.m_silence;
        return c.m_call.poll() && !silent && !vanished(httpGetFd(c.m_http)) ? 1 : 0;
    }

    Result<void> upload(ByteSource &document)
    {
        const std::int64_t whole = document.size().value_or(-1);
        std::int64_t sent = 0;
        std::array<char, 65536> buffer{};
        for (;;) {
            if (auto r = m_call.poll(); !r)
                return r;
            const Result<std::size_t> n = document.read(buffer);
            if (!n)
                return n.error();
            if (*n == 0)
                break;
            const int status = cupsWriteRequestData(m_http, buffer.data(), *n);
            if (auto r = m_call.poll(); !r)
                return r;
            if (status != HTTP_STATUS_CONTINUE)
                return status == HTTP_STATUS_OK ? Result<void>()
                                                : Result<void>(httpTrouble(status)); // it answers early
            sent += static_cast<std::int64_t>(*n);
            m_lastSign = Call::Clock::now();
            m_call.report({sent, whole});
        }
        if (whole >= 0 && sent != whole)
            return Error{Errc::DataLoss, "the document ended early", "ipp"};
        return {};
    }

    // An int: a printer may answer any number, which C++'s enumeration does not hold.
    Error httpTrouble(int status)
    {
        Error error = unreachable("the connection to the printer was lost", std::to_string(status));
        if (status >= 400) {
            error.httpStatus = status;
            error.stable.clear();
            error.message = "the printer refused the connection";
            error.code = Errc::BadReply;
            if (status == HTTP_STATUS_UNAUTHORIZED)
                error.code = Errc::Unauthenticated;
            else if (status == HTTP_STATUS_FORBIDDEN)
                error.code = Errc::PermissionDenied;
            else if (status == HTTP_STATUS_NOT_FOUND)
                error.code = Errc::NotFound;
            else if (status >= 500 && status < 600) {
                error.code = Errc::Busy;
                error.stable = "printer-busy";
            } else if (status >= 1000) { // libcups' own: no TLS, bad certificate
                error.code = Errc::Offline;
                error.stable = "printer-unreachable";
            }
        }
        return error;
    }

    const Call &m_call;
    std::chrono::milliseconds m_silence;
    Call::Clock::time_point m_lastSign;
    http_t *m_http = nullptr;
    bool m_clean = false;
    std::optional<std::stop_callback<Shutdown>> m_onStop;
};

class IppPrinter : public Printer {
public:
    explicit IppPrinter(Address address) : m_address(std::move(address)) {}

    Result<PrinterStatus> status(const Call &call) override
    {
        Result<ipp::Message> answer = askPrinter(ipp::getPrinterAttributes(m_address.printerUri, {}, true), call);
        if (answer)
            return ipp::decodeStatus(answer->get());
        if (answer.error().code != Errc::Offline)
            return std::move(answer).error();
        PrinterStatus gone;
        gone.state = PrinterState::Unreachable;
        gone.reasons.push_back({"printer-unreachable", PrinterReason::Severity::Error});
        gone.message = answer.error().message;
        gone.acceptsJobs = false;
        return gone;
    }

    Result<PrinterCapabilities> capabilities(const Call &call) override
    {
        Result<ipp::Message> answer = askPrinter(ipp::getPrinterAttributes(m_address.printerUri, {}, false), call);
        if (!answer)
            return std::move(answer).error();
        return ipp::decodeCapabilities(answer->get());
    }

    Result<int> createJob(const std::string &jobName, const Ticket &ticket, const Call &call) override
    {
        Result<ipp::Message> answer = askPrinter(ipp::createJob(m_address.printerUri, jobName, ticket), call);
        if (!answer)
            return std::move(answer).error();
        return ipp::decodeCreatedJob(answer->get());
    }

    Result<void> sendDocument(int jobId, ByteSource &document, const std::string &format,
                              const std::string &documentName, const Call &call) override
    {
        // A printer may stop reading for as long as it has no paper: only the call's deadline ends that.
        Connection connection(call, std::chrono::hours(24));
        if (auto r = connection.open(m_address, Connection::Reader::MayPause); !r)
            return r;
        Result<ipp::Message> answer = connection.exchange(
            ipp::sendDocument(m_address.printerUri, {}, jobId, format, documentName), m_address.resource, &document);
        if (!answer)
            return std::move(answer).error();
        return {};
    }

    Result<std::optional<JobRef>> findJob(const std::string &jobName, const Call &call) override
    {
        std::optional<JobRef> newest;
        // First those that are not over: one that ends in between is then in the second list.
        for (const bool completed : {false, true}) {
            Result<ipp::Message> answer = ask(ipp::getJobs(m_address.printerUri, {}, completed), call);
            if (!answer && answer.error().code == Errc::NotFound) // how some say "none"
                continue;
            if (!answer)
                return std::move(answer).error();
            for (const ipp::NamedJob &found : ipp::decodeJobs(answer->get()))
                if (found.name == jobName && (!newest || found.job.id >= newest->id))
                    newest = found.job;
        }
        return newest;
    }

    Result<PrinterJobState> jobState(int jobId, const Call &call) override
    {
        Result<ipp::Message> answer = ask(ipp::getJobAttributes(m_address.printerUri, {}, jobId), call);
        if (!answer)
            return std::move(answer).error();
        return ipp::decodeJobState(answer->get());
    }

    Result<void> cancelJob(int jobId, const Call &call) override
    {
        Result<ipp::Message> answer = ask(ipp::cancelJob(m_address.printerUri, {}, jobId), call);
        if (answer || answer.error().code == Errc::Conflict) // over, or being canceled already
            return {};
        return std::move(answer).error();
    }

private:
    Result<ipp::Message> ask(ipp::Message request, const Call &call) const
    {
        if (auto r = call.poll(); !r)
            return std::move(r).error();
        Connection connection(call, kSilenceLimit);
        if (auto r = connection.open(m_address); !r)
            return std::move(r).error();
        return connection.exchange(std::move(request), m_address.resource);
    }

    // Of the printer as a whole: what is not found there is the printer.
    Result<ipp::Message> askPrinter(ipp::Message request, const Call &call) const
    {
        Result<ipp::Message> answer = ask(std::move(request), call);
        if (!answer && answer.error().code == Errc::NotFound)
            return unreachable("there is no printer at this address", answer.error().nativeCode);
        return answer;
    }

    const Address m_address;
};

} // namespace

Result<std::unique_ptr<Printer>> makeIppPrinter(const std::string &uri)
{
    const Error bad{Errc::InvalidArgument, "not a printer's address", "ipp"};
    Address address;
    if (uri.rfind("cups:", 0) == 0) {
        const std::string name = uri.substr(5);
        if (name.empty() || name.find_first_of("/#?% ") != std::string::npos)
            return bad;
        address.host = cupsServer();
        address.port = ippPort();
        address.resource = "/printers/" + name;
        address.printerUri = "ipp://localhost" + address.resource;
        return std::unique_ptr<Printer>(std::make_unique<IppPrinter>(std::move(address)));
    }
    std::array<char, 32> scheme{};
    std::array<char, 256> user{};
    std::array<char, 256> host{};
    std::array<char, 1024> resource{};
    int port = 0;
    if (httpSeparateURI(HTTP_URI_CODING_ALL, uri.c_str(), scheme.data(), static_cast<int>(scheme.size()), user.data(),
                        static_cast<int>(user.size()), host.data(), static_cast<int>(host.size()), &port,
                        resource.data(), static_cast<int>(resource.size())) < HTTP_URI_STATUS_OK)
        return bad;
    const std::string_view s = scheme.data();
    if ((s != "ipp" && s != "ipps") || host[0] == 0 || user[0] != 0)
        return bad;
    address.host = host.data();
    address.port = port != 0 ? port : 631;
    address.tls = s == "ipps";
    address.resource = resource[0] != 0 ? resource.data() : "/";
    address.printerUri = uri;
    return std::unique_ptr<Printer>(std::make_unique<IppPrinter>(std::move(address)));
}

} // namespace connector
