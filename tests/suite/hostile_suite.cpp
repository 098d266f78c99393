// SPDX-License-Identifier: Apache-2.0
// Servers that lie, servers that point elsewhere, and secrets that must not be written down.
#include "core/log.h"
#include "http/url.h"
#include "suite/sandbox_world.h"
#include "support/scripted_server.h"

#include <gmock/gmock.h>

#include <fstream>

namespace connector::test {

using namespace std::chrono_literals;

namespace {

#ifdef CONNECTOR_SANITIZED
constexpr bool kMemoryIsOurs = false; // a sanitizer's own is in between
#else
constexpr bool kMemoryIsOurs = true;
#endif

constexpr std::int64_t kMostMemory = 96LL << 20U;
constexpr int kMostRequests = 60; // for one call, with all its repeats

// Everything that a caller can ask of an adapter.
struct Deed {
    const char *name;
    bool mayWork; // where any 200 will do
    std::function<std::optional<Error>(Provider &, const Entry &file)> run;
};

template <typename T>
std::optional<Error> errorOf(const Result<T> &result)
{
    return result ? std::nullopt : std::optional(result.error());
}

std::vector<Deed> deeds(std::size_t large)
{
    const auto download = [](std::int64_t offset) {
        return [offset](Provider &p, const Entry &file) {
            StringSink out(8U << 20U);
            return errorOf(p.download(file.id, file.revision, offset, out, soon()));
        };
    };
    const auto upload = [](std::size_t size) {
        return [size](Provider &p, const Entry &) {
            StringSource in(bytesOf(size));
            return errorOf(p.upload({{}, "new.bin"}, in, {}, {}, soon()));
        };
    };
    return {
        {"account", false, [](Provider &p, const Entry &) { return errorOf(p.account(soon())); }},
        {"list", false, [](Provider &p, const Entry &) { return errorOf(p.list({}, "", {}, soon())); }},
        {"stat", false, [](Provider &p, const Entry &file) { return errorOf(p.stat(file.id, soon())); }},
        {"download", true, download(0)},
        {"download from the middle", true, download(3)},
        {"upload", false, upload(5000)},
        {"large upload", false, upload(large)},
        {"remove", true, [](Provider &p, const Entry &file) { return errorOf(p.remove(file.id, soon())); }},
        {"search", false, [](Provider &p, const Entry &) { return errorOf(p.search("plan", {}, "", soon())); }},
        {"create folder", false, [](Provider &p, const Entry &) { return errorOf(p.createFolder({}, "N", soon())); }},
        {"places", true, [](Provider &p, const Entry &) { return errorOf(p.places(soon())); }},
        {"revoke", true, [](Provider &p, const Entry &) { return errorOf(p.revoke(soon())); }},
        {"pdf", true,
         [](Provider &p, const Entry &file) {
             StringSink out(8U << 20U);
             return errorOf(p.downloadPdf(file.id, out, soon()));
         }},
        {"thumbnail", true,
         [](Provider &p, const Entry &file) {
             StringSink out(8U << 20U);
             return errorOf(p.thumbnail(file.id, 64, out, soon()));
         }},
    };
}

std::string repeated(std::string_view piece, std::size_t bytes)
{
    std::string out;
    out.reserve(bytes + piece.size());
    while (out.size() < bytes)
        out += piece;
    return out;
}

std::string reply(const std::string &head, std::string_view body)
{
    return "HTTP/1.1 " + head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string json(std::string_view body)
{
    return reply("200 OK\r\nContent-Type: application/json", body);
}

// VmRSS or VmHWM of this process, in bytes.
std::int64_t memory(const std::string &key)
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key + ":"))
            return std::atoll(line.c_str() + key.size() + 1) * 1024;
    return 0;
}

// URLs of links to the sandbox become links to someone else.
constexpr const char *kElsewhere = "https://elsewhere.invalid";

std::string pointedElsewhere(std::string text, const std::string &port)
{
    for (const char *host : {"http://127.0.0.1", "http://127.0.0.2", "http:\\/\\/127.0.0.1", "http:\\/\\/127.0.0.2"}) {
        const std::string from = host + (":" + port);
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;)
            text.replace(at, from.size(), kElsewhere);
    }
    return text;
}

// What would let a stranger in: the long parts of a URL's path and query.
void collectSecrets(const std::string &url, std::vector<std::string> &secrets)
{
    std::string part;
    for (const char c : url.substr(std::min(url.size(), url.find("://") + 3)) + "/") {
        if (std::string_view("/?&=:#").find(c) == std::string_view::npos) {
            part += c;
            continue;
        }
        if (part.size() >= 16)
            secrets.push_back(part);
        part.clear();
    }
}

void collectFromState(const nlohmann::json &value, const std::string &key, std::vector<std::string> &secrets)
{
    if (value.is_structured()) {
        for (const auto &[inner, member] : value.items())
            collectFromState(member, value.is_object() ? inner : key, secrets);
    } else if (value.is_string()) {
        const auto text = value.get<std::string>();
        if (text.starts_with("http"))
            collectSecrets(text, secrets);
        else if (key.find("ession") != std::string::npos && text.size() >= 12)
            secrets.push_back(text);
    }
}

// Every deed against a server that answers so from the first request on, from the second on (the cloud itself answers
// the first), and so forth. What is no answer at all must be an error, soon, in little memory.
class Hostile {
public:
    explicit Hostile(World &world) : m_world(world) {}

    void run(const std::string &what, const ScriptedServer::Script &script, bool answersNothing = true) const
    {
        SandboxWorld *sandbox = m_world.overHttp();
        for (const Deed &deed : deeds(m_world.sessionBytes())) {
            // A grant that was ended at the cloud itself would be no use to the rest.
            const int deepest = std::string_view(deed.name) == "revoke" ? 1 : 3;
            for (int from = 1; from <= deepest; ++from) {
                SCOPED_TRACE(std::string(deed.name) + " against " + what + ", from request " + std::to_string(from));
                if (!once(*sandbox, deed, from, script, answersNothing))
                    break;
            }
        }
    }

    void bytes(const std::string &what, const std::string &bytes, bool answersNothing = true) const
    {
        run(
            what,
            [&](ScriptedServer::Exchange &x) {
                x.send(bytes);
                x.close();
            },
            answersNothing);
    }

private:
    // False when the deed was done before it came so far.
    static bool once(SandboxWorld &sandbox, const Deed &deed, int from, const ScriptedServer::Script &script,
                     bool answersNothing)
    {
        sandbox.tap().set({});
        StringSource in("0123456789");
        auto file = sandbox.provider()->upload({{}, "victim.txt", OnConflict::Replace}, in, {}, {}, soon());
        if (!file) {
            ADD_FAILURE() << describe(file.error());
            return false;
        }
        const ScriptedServer server(script);
        int requests = 0;
        sandbox.tap().set([&](HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call) {
            if (++requests < from)
                return next.send(request, sink, call);
            HttpRequest elsewhere = request;
            const auto path = request.url.find('/', request.url.find("://") + 3);
            elsewhere.url = server.url(path == std::string::npos ? "/" : request.url.substr(path));
            return next.send(elsewhere, sink, call);
        });
        auto provider = sandbox.provider();
        std::ofstream("/proc/self/clear_refs") << "5";
        const std::int64_t before = memory("VmRSS");
        const auto error = deed.run(*provider, *file);
        const std::int64_t grown = memory("VmHWM") - before;
        sandbox.tap().set({});
        if (requests < from)
            return false;
        if (kMemoryIsOurs) {
            EXPECT_LT(grown, kMostMemory);
        }
        if (answersNothing && !deed.mayWork && from == 1) {
            EXPECT_TRUE(error);
        }
        if (error) {
            EXPECT_NE(error->code, Errc::Timeout) << describe(*error);
            EXPECT_LT(describe(*error).size(), 1000U);
            for (const auto &secret : sandbox.secrets())
                EXPECT_EQ(secret.empty() ? std::string::npos : describe(*error).find(secret), std::string::npos)
                    << describe(*error);
        }
        EXPECT_LT(requests, kMostRequests);
        return true;
    }

    World &m_world;
};

} // namespace

TEST_P(ProviderSuite, NestingIsRefused)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    const Hostile against(*world);
    constexpr std::size_t kTenMegabytes = 10U << 20U;
    constexpr std::size_t kMegabyte = 1U << 20U;
    against.bytes("arrays in arrays", json(repeated("[", kTenMegabytes)));
    against.bytes("objects in objects", json(repeated("{\"entries\":", kMegabyte)));
    against.bytes("nested errors",
                  reply("409 Conflict\r\nContent-Type: application/json", repeated("{\"error\":", kMegabyte)));
    against.bytes("nested elements", reply("207 Multi-Status\r\nContent-Type: application/xml",
                                           repeated("<d:a xmlns:d=\"DAV:\">", kMegabyte)));
}

TEST_P(ProviderSuite, ManySmallValuesAreRefused)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    const Hostile against(*world);
    constexpr std::size_t kNineMegabytes = 9U << 20U;
    constexpr std::size_t kMegabyte = 1U << 20U;
    against.bytes("a million objects", json("{\"entries\":[" + repeated("{},", kNineMegabytes) + "{}]}"));
    against.bytes("a million numbers", json("[" + repeated("0,", kMegabyte) + "0]"));
    against.bytes("a million members", json("{" + repeated("\"a\":1,", kMegabyte) + "\"a\":1}"));
    against.bytes("one long string", json("{\"name\":\"" + repeated("x", kMegabyte) + "\"}"));
    std::string laughs = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a0 \"ha\">";
    for (int i = 1; i < 30; ++i)
        laughs += "<!ENTITY a" + std::to_string(i) + " \"" + repeated("&a" + std::to_string(i - 1) + ";", 50) + "\">";
    against.bytes("a billion laughs", reply("207 Multi-Status\r\nContent-Type: application/xml",
                                            laughs + "]><d:multistatus xmlns:d=\"DAV:\">&a29;</d:multistatus>"));
}

TEST_P(ProviderSuite, LyingLengthsAreRefused)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    const Hostile against(*world);
    against.bytes("more announced than sent",
                  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{\"entries\":[");
    against.bytes("less announced than sent",
                  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{\"entries\":[]}");
    against.bytes("a length beyond all numbers", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}");
    against.bytes("a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}");
    against.bytes("a chunk that never comes",
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n{\"entries\":[");
    against.bytes("a chunk that is none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
}

TEST_P(ProviderSuite, RubbishIsRefused)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    const Hostile against(*world);
    against.bytes("NUL bytes", json(std::string(100'000, '\0')));
    against.bytes("NUL bytes in the head",
                  std::string("HTTP/1.1 200 OK\r\nX: a") + '\0' + "b\r\nContent-Length: 2\r\n\r\n{}");
    against.bytes("no HTTP", "I am no server\r\n\r\n");
    against.bytes("nothing", "");
    against.bytes("another type", json("[]"));
    against.bytes("a bare null", json("null"));
    against.bytes("a page of a hotspot",
                  reply("200 OK\r\nContent-Type: text/html", "<html><body>Please sign in</body></html>"));
    against.bytes("no content", "HTTP/1.1 204 No Content\r\n\r\n", false); // an answer to some
    against.bytes("not modified", "HTTP/1.1 304 Not Modified\r\n\r\n");
    against.bytes("an unknown status", reply("999 What", "{}"));
    for (const bool asJson : {true, false})
        against.run("the token sent back", [&](ScriptedServer::Exchange &x) {
            std::string token(x.request().headers.get("Authorization"));
            token = token.substr(token.find(' ') + 1);
            const nlohmann::json body{{"error", {{".tag", token}, {"code", token}, {"message", token}}},
                                      {"error_summary", token},
                                      {"code", token},
                                      {"message", token}};
            x.reply(asJson ? 400 : 403, asJson ? body.dump() : "no, " + token, "Content-Type: application/json\r\n");
        });
}

TEST_P(ProviderSuite, EndlessRepliesAreEnded)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    const Hostile against(*world);
    const std::string line = "X-Padding: " + std::string(60'000, 'x') + "\r\n";
    against.run("endless headers", [&](ScriptedServer::Exchange &x) {
        if (x.send("HTTP/1.1 200 OK\r\n"))
            for (int i = 0; i < 200 && x.send(line); ++i) {
            }
        x.close();
    });
    against.run("endless interim replies", [&](ScriptedServer::Exchange &x) {
        for (int i = 0; i < 100'000 && x.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"); ++i) {
        }
        x.close();
    });
    const std::string piece = "40000\r\n" + std::string(0x40000, ' ') + "\r\n";
    against.run("an endless body", [&](ScriptedServer::Exchange &x) {
        if (x.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"))
            for (int i = 0; i < 4000 && x.send(piece); ++i) { // a gigabyte
            }
        x.close();
    });
}

TEST_P(ProviderSuite, RedirectsInCirclesEnd)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    const Hostile against(*world);
    for (const char *status : {"301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"})
        against.run(status, [&](ScriptedServer::Exchange &x) {
            x.send("HTTP/1.1 " + std::string(status) + "\r\nLocation: " + x.request().target +
                   "\r\nContent-Length: 0\r\n\r\n");
        });
    for (const char *target : {"ftp://127.0.0.1/", "file:///etc/passwd", "javascript:alert(1)", "//", "http://", ""})
        against.bytes(target, reply(std::string("302 Found\r\nLocation: ") + target, ""));
}

TEST_P(ProviderSuite, ARedirectElsewhereTakesNoTokenAlong)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    const Hostile against(*world);
    const ScriptedServer other([](ScriptedServer::Exchange &x) { x.reply(200, "{}"); });
    for (const char *status : {"302 Found", "307 Temporary"})
        against.run(status, [&](ScriptedServer::Exchange &x) {
            x.send("HTTP/1.1 " + std::string(status) + "\r\nLocation: " + other.url("/elsewhere") +
                   "\r\nContent-Length: 0\r\n\r\n");
        });
    for (const auto &request : other.requests())
        EXPECT_FALSE(request.headers.has("Authorization")) << request.method << " " << request.target;
}

// Whatever an answer names (a next page, an upload's session, a download's address) is asked only at the cloud's hosts.
TEST_P(ProviderSuite, LinksToStrangersAreNotFollowed)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    SandboxWorld &sandbox = *world->overHttp();
    const Entry file = put("victim.txt", "0123456789");
    world->setPageSize(2);
    for (int i = 0; i < 5; ++i)
        put("file " + std::to_string(i) + ".txt", "x");
    auto parts = splitUrl(sandbox.base());
    ASSERT_TRUE(parts);
    std::vector<std::string> strangers;
    sandbox.tap().set(
        [&](HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call) -> Result<HttpReply> {
            if (request.url.starts_with(kElsewhere)) {
                strangers.push_back(request.method + " " + request.url);
                return Error{Errc::Offline, "no such host", "http", "not-resolved"};
            }
            HttpRequest changed = request;
            const auto point = [&](HttpReply head) {
                for (auto &[name, value] : head.headers.fields)
                    value = pointedElsewhere(std::move(value), std::to_string(parts->port));
                return head;
            };
            if (request.onHead)
                changed.onHead = [&](const HttpReply &head) { return request.onHead(point(head)); };
            auto reply = next.send(changed, sink, call);
            if (!reply)
                return reply;
            reply->body = pointedElsewhere(std::move(reply->body), std::to_string(parts->port));
            return point(std::move(*reply));
        });
    for (const Deed &deed : deeds(world->sessionBytes()))
        if (std::string_view(deed.name) != "revoke")
            (void)deed.run(*p, file);
    auto page = p->list({}, "", {}, soon());
    if (page && !page->nextPageToken.empty())
        (void)p->list({}, page->nextPageToken, {}, soon());
    EXPECT_THAT(strangers, ::testing::IsEmpty());
}

TEST_P(ProviderSuite, ARedirectToAStrangerIsRefusedBeforeItsNameIsLookedUp)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    SandboxWorld &sandbox = *world->overHttp();
    const Entry file = put("victim.txt", "0123456789");
    sandbox.fault(sandbox.cloud().routes.download,
                  {{"status", 302}, {"headers", {{"Location", std::string(kElsewhere) + "/bytes"}}}}, 1, 0);
    StringSink out;
    auto done = p->download(file.id, file.revision, 0, out, soon());
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().code, Errc::Offline) << describe(done.error());
    EXPECT_EQ(out.bytes(), "");
}

TEST_P(ProviderSuite, NoSecretIsWrittenDown)
{
    if (world->overHttp() == nullptr)
        return notOffered("nothing is asked of anybody");
    SandboxWorld &sandbox = *world->overHttp();
    const Entry file = put("victim.txt", "0123456789");
    std::vector<std::string> secrets;
    std::vector<std::string> lines;
    sandbox.tap().set([&](HttpClient &next, const HttpRequest &request, ByteSink *sink, const Call &call) {
        if (!request.signIt)
            collectSecrets(request.url, secrets);
        auto reply = next.send(request, sink, call);
        if (reply)
            collectSecrets(std::string(reply->headers.get("Location")), secrets);
        return reply;
    });
    store = [&](const UploadState &state) -> Result<void> {
        collectFromState(nlohmann::json::parse(state.opaque, nullptr, false), "", secrets);
        stored = state;
        return {};
    };
    const auto note = [&](const auto &result) {
        if (!result)
            lines.push_back(describe(result.error()));
    };
    log::setLevel(log::Level::Debug);
    ::testing::internal::CaptureStderr();
    const std::string bytes = bytesOf(std::max<std::size_t>(world->sessionBytes(), 1'000'000));
    world->cause(Trouble::CutUpload);
    note(deliver({{}, "a.bin"}, bytes));
    world->cause(Trouble::LostCommitAnswer);
    note(deliver({{}, "b.bin"}, "small"));
    world->cause(Trouble::TokenExpires);
    const Entry big = named("a.bin");
    world->cause(Trouble::CutDownload);
    StringSink out;
    note(p->download(big.id, big.revision, 0, out, soon()));
    note(p->download(big.id, big.revision, 0, out, soon()));
    note(p->downloadPdf(big.id, out, soon()));
    note(p->thumbnail(big.id, 64, out, soon()));
    world->cause(Trouble::QuotaFull);
    note(deliver({{}, "c.bin"}, bytes));
    sandbox.fault("", {{"rubbish", true}}, 1, 3);
    note(p->list({}, "", {}, soon()));
    note(deliver({{}, "d.bin"}, bytes));
    world->relent();
    world->cause(Trouble::AccessRevoked);
    note(p->list({}, "", {}, soon()));
    note(p->upload({{}, "d.bin"}, *std::make_unique<StringSource>(bytes), stored, store, soon()));
    lines.push_back(::testing::internal::GetCapturedStderr());
    log::setLevel(log::Level::Info);
    EXPECT_NE(lines.back(), "") << "nothing was logged: the test sees nothing";
    const auto tokens = world->overHttp()->secrets();
    secrets.insert(secrets.end(), tokens.begin(), tokens.end());
    EXPECT_FALSE(secrets.empty());
    for (const auto &secret : secrets)
        for (const auto &line : lines)
            EXPECT_EQ(secret.size() < 8 ? std::string::npos : line.find(secret), std::string::npos)
                << secret << " stands in: " << line.substr(0, 20'000);
}

} // namespace connector::test
